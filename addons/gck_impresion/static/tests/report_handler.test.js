import { afterEach, expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    getService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { download } from "@web/core/network/download";
import { downloadReport } from "@web/webclient/actions/reports/utils";
import { WebClient } from "@web/webclient/webclient";

const ACTION = {
    type: "ir.actions.report",
    name: "Visit report",
    report_name: "some_addon.report_visit",
    report_type: "qweb-pdf",
    context: { active_ids: [7, 8] },
};

// The client asks for wkhtmltopdf only once and remembers the answer.
afterEach(() => {
    delete downloadReport.wkhtmltopdfStatusProm;
});

function watchDownloads() {
    onRpc("ir.actions.report", "print_to_printer", () => false);
    patchWithCleanup(download, {
        _download: (options) => {
            expect.step(JSON.parse(options.data.data)[0]);
            return Promise.resolve();
        },
    });
    onRpc("/report/check_wkhtmltopdf", () => {
        expect.step("check_wkhtmltopdf");
        return "ok";
    });
}

test("a report of WeasyPrint is downloaded without asking for wkhtmltopdf", async () => {
    watchDownloads();
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ ...ACTION, pdf_engine: "weasyprint" });
    expect.verifySteps(["/report/pdf/some_addon.report_visit/7,8"]);
});

test("any other report is printed as before", async () => {
    watchDownloads();
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ ...ACTION, pdf_engine: "odoo" });
    expect.verifySteps(["check_wkhtmltopdf", "/report/pdf/some_addon.report_visit/7,8"]);
    await getService("action").doAction(ACTION);
    expect.verifySteps(["/report/pdf/some_addon.report_visit/7,8"]);
});

test("a report shown on the screen is printed by its own engine", async () => {
    watchDownloads();
    onRpc("/report/html/*", () => "<html><body>preview</body></html>");
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        ...ACTION,
        report_type: "qweb-html",
        pdf_engine: "weasyprint",
    });
    await animationFrame();
    await contains("button[title='Print']").click();
    expect.verifySteps(["/report/pdf/some_addon.report_visit/7,8"]);
});
