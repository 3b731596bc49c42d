import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import {
    getService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { download } from "@web/core/network/download";
import { WebClient } from "@web/webclient/webclient";

const ACTION = {
    type: "ir.actions.report",
    name: "Visit report",
    report_name: "some_addon.report_visit",
    report_type: "qweb-pdf",
    pdf_engine: "weasyprint",
    context: { active_ids: [7, 8] },
};

function watch(answer) {
    patchWithCleanup(download, {
        _download: () => {
            expect.step("download");
            return Promise.resolve();
        },
    });
    onRpc("ir.actions.report", "print_to_printer", ({ args }) => {
        expect.step(args);
        return answer;
    });
}

test("a report with a printer is sent there, and the user told", async () => {
    watch({ id: 3, document: "Visit report 7", printer: "Office", url: "/x" });
    await mountWithCleanup(WebClient);
    await getService("action").doAction(ACTION);
    await animationFrame();
    expect.verifySteps([["some_addon.report_visit", [7, 8], {}]]);
    expect(".o_notification").toHaveCount(1);
    expect(".o_notification").toHaveText(/Sent to the printer Office/);
    expect(".o_notification_buttons button").toHaveText("Open the PDF");
});

test("options of a dialog go along instead of the records", async () => {
    watch({ id: 3, document: "List", printer: "Office", url: "/x" });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ ...ACTION, data: { domain: [] } });
    expect.verifySteps([["some_addon.report_visit", [], { domain: [] }]]);
});

test("without a printer the PDF opens", async () => {
    watch(false);
    await mountWithCleanup(WebClient);
    await getService("action").doAction(ACTION);
    await animationFrame();
    expect.verifySteps([["some_addon.report_visit", [7, 8], {}], "download"]);
    expect(".o_notification").toHaveCount(0);
});
