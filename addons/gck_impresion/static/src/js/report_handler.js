import { registry } from "@web/core/registry";
import { download } from "@web/core/network/download";
import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";
import { ReportAction } from "@web/webclient/actions/reports/report_action";
import { getReportUrl } from "@web/webclient/actions/reports/utils";

function isWeasyPrint(action) {
    return action?.pdf_engine === "weasyprint";
}

/**
 * Download the PDF of a report that WeasyPrint prints. Odoo's own handler would first
 * ask for wkhtmltopdf and, without it, show the report on the screen instead.
 *
 * @param {Object} action the report action
 * @param {Object} options of the action service
 * @param {Object} env of the web client
 * @returns {Promise<boolean>} whether the action was handled here
 */
export async function weasyPrintHandler(action, options, env) {
    if (action.report_type !== "qweb-pdf" || !isWeasyPrint(action)) {
        return false;
    }
    env.services.ui.block();
    try {
        await download({
            url: "/report/download",
            data: {
                data: JSON.stringify([getReportUrl(action, "pdf"), action.report_type]),
                context: JSON.stringify({ ...user.context, ...action.context }),
            },
        });
    } finally {
        env.services.ui.unblock();
    }
    return true;
}

registry.category("ir.actions.report handlers").add("gck_impresion", weasyPrintHandler);

patch(ReportAction.prototype, {
    print() {
        // The PDF of a report shown on the screen: the action has to keep its engine.
        if (!isWeasyPrint(this.props.action)) {
            return super.print();
        }
        this.action.doAction({
            type: "ir.actions.report",
            report_type: "qweb-pdf",
            report_name: this.props.report_name,
            report_file: this.props.report_file,
            data: this.props.data || {},
            context: this.props.context || {},
            display_name: this.title,
            pdf_engine: this.props.action.pdf_engine,
        });
    },
});
