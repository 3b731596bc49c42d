import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/**
 * Close the dialog of a call that was noted down, with a way to it. A list of calls
 * behind the dialog shows it; whoever opened the dialog otherwise is told by its end.
 */
async function tellNoted(env, { params }) {
    const { action, notification } = env.services;
    const close = notification.add(_t("%s was noted down.", params.name), {
        type: "success",
        buttons: [
            {
                name: _t("See the call"),
                onClick: () => {
                    close();
                    return action.doAction({
                        type: "ir.actions.act_window",
                        res_model: "gck.llamada",
                        res_id: params.id,
                        views: [[false, "form"]],
                    });
                },
            },
        ],
    });
    await action.doAction({ type: "ir.actions.act_window_close" });
    const behind = action.currentController;
    if (behind?.props.resModel === "gck.llamada" && behind.view?.multiRecord) {
        await action.restore(behind.jsId);
    }
}

registry.category("actions").add("gck_llamada_noted", tellNoted);
