import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";

const CURRENT = ".o_statusbar_status .o_arrow_button_current";

/** The form of a job that somebody else stops shows it by itself. */
registry.category("web_tour.tours").add("gck_lote_refresh", {
    steps: () => [
        {
            content: "The job waits",
            trigger: `.o_form_view:has(${CURRENT}[data-value='pending'])`,
            async run() {
                const id = Number(location.pathname.split("/").pop());
                await rpc("/web/dataset/call_kw/gck.lote/action_cancel", {
                    model: "gck.lote",
                    method: "action_cancel",
                    args: [[id]],
                    kwargs: {},
                });
            },
        },
        {
            content: "Nothing was clicked, and it is stopped",
            trigger: `.o_form_view:has(${CURRENT}[data-value='cancel'])`,
        },
    ],
});

/** Closing more notices than are closed at once says so, with a way to the job. */
registry.category("web_tour.tours").add("gck_lote_close", {
    steps: () => [
        { content: "Take all", trigger: "thead .o_list_record_selector input", run: "click" },
        {
            content: "Close",
            trigger: "button[name='action_close_possible']",
            run: "click",
        },
        {
            content: "It goes on in the background",
            trigger: ".o_notification a[href*='action_gck_lote']",
        },
    ],
});
