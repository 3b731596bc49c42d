import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

/**
 * Tell that a document went to a printer, with a way to look at it.
 *
 * @param {Object} env of the web client
 * @param {{document: string, printer: string, url: string}} print
 */
function notifySent(env, print) {
    env.services.notification.add(print.document, {
        title: _t("Sent to the printer %s", print.printer),
        type: "success",
        autocloseDelay: 8000,
        buttons: [
            {
                name: _t("Open the PDF"),
                icon: "fa-file-pdf-o",
                onClick: () => window.open(print.url, "_blank", "noopener"),
            },
        ],
    });
}

/**
 * Send a report to its printer. The server says whether it goes to one; otherwise the
 * next handler opens the PDF, as ever.
 *
 * @param {Object} action the report action
 * @param {Object} options of the action service
 * @param {Object} env of the web client
 * @returns {Promise<boolean>} whether the action was handled here
 */
export async function printerHandler(action, options, env) {
    if (action.report_type !== "qweb-pdf") {
        return false;
    }
    const hasData = action.data && Object.keys(action.data).length;
    env.services.ui.block();
    let print;
    try {
        print = await env.services.orm.call(
            "ir.actions.report",
            "print_to_printer",
            [
                action.report_name,
                (!hasData && action.context?.active_ids) || [],
                hasData ? action.data : {},
            ],
            { context: { ...user.context, ...action.context } }
        );
    } finally {
        env.services.ui.unblock();
    }
    if (!print) {
        return false;
    }
    notifySent(env, print);
    return true;
}

registry
    .category("ir.actions.report handlers")
    .add("gck_impresion_printer", printerHandler, { sequence: 10 });

registry.category("actions").add("gck_impresion_sent", (env, action) => {
    notifySent(env, action.params);
    return { type: "ir.actions.act_window_close" };
});

/** What the server tells about a print that could not be sent at once. */
export const printJobService = {
    dependencies: ["action", "bus_service", "notification"],
    start(env, { action, bus_service, notification }) {
        bus_service.subscribe("gck_impresion.trabajo", (event) => {
            const close = notification.add(event.detail || event.message, {
                title: event.detail ? event.message : undefined,
                type: event.type,
                sticky: event.sticky,
                buttons: [
                    {
                        name: event.button,
                        onClick: () => {
                            close();
                            action.doAction("gck_impresion.action_gck_impresion_trabajo_mine");
                        },
                    },
                ],
            });
        });
        bus_service.start();
    },
};

registry.category("services").add("gck_impresion_trabajo", printJobService);
