import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains as mailContains,
    defineMailModels,
    openFormView,
    start,
    startServer,
} from "@mail/../tests/mail_test_helpers";
import { contains, mockService, onRpc } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineMailModels();

const ROW = {
    id: 33,
    kind: "aviso",
    kind_name: "Notice",
    icon: "fa-bell-o",
    res_model: "gck.aviso",
    res_id: 1,
    name: "AV/1",
    subject: "<b>Pide oferta</b>",
    partner: false,
    user: { id: 7, name: "Elena" },
    date: "2025-03-01 09:00:00",
    date_deadline: "2025-03-02 09:00:00",
    date_done: false,
    accion_state: "pending",
    state_label: "Pending",
    is_late: true,
    late_days: 1,
    priority: "2",
};
const KINDS = [
    { code: "aviso", name: "Notice", icon: "fa-bell-o", create: true },
    { code: "tarea", name: "Task", icon: "fa-check", create: true },
];

/** Open the form of a partner whose chatter knows of some actions. */
async function openPartner(counts, summary) {
    const pyEnv = await startServer();
    const id = pyEnv["res.partner"].create({ name: "Cerámicas Júcar" });
    onRpc("gck.accion", "get_document_summary", ({ args }) => {
        expect.step(["summary", ...args]);
        return { kinds: KINDS, cycle: true, ...summary };
    });
    for (const method of [
        "get_create_action",
        "get_link_action",
        "get_document_action",
        "get_cycle_action",
    ]) {
        onRpc("gck.accion", method, ({ args }) => {
            expect.step([method, ...args]);
            return { type: "ir.actions.client", tag: method };
        });
    }
    onRpc("gck.accion", "action_open", ({ args }) => {
        expect.step(["action_open", ...args]);
        return { type: "ir.actions.client", tag: "action_open" };
    });
    const env = await start();
    if (counts) {
        const [count, pending] = counts;
        env.services["mail.store"].insert({
            "mail.thread": [
                {
                    id,
                    model: "res.partner",
                    gck_accion_count: count,
                    gck_accion_pending: pending,
                },
            ],
        });
    }
    await openFormView("res.partner", id);
    await mailContains(".o-mail-Chatter-topbar");
    return id;
}

function followActions() {
    mockService("action", {
        doAction(action) {
            expect.step(["doAction", action.tag, action.params]);
        },
    });
}

test("nothing shows to those whom the server tells nothing", async () => {
    await openPartner(null, {});
    expect(".o-mail-Chatter-activity").toHaveCount(1);
    expect(".o_gck_boton").toHaveCount(0);
});

test("the button counts what is pending, else what there is", async () => {
    await openPartner([3, 2], {});
    expect(".o_gck_boton .badge").toHaveText("2");
    expect(".o_gck_boton .badge").toHaveClass("text-bg-warning");
});

test("the button stays plain when there is nothing", async () => {
    await openPartner([0, 0], {});
    expect(".o_gck_boton").toHaveCount(1);
    expect(".o_gck_boton .badge").toHaveCount(0);
});

test("the menu lists the actions, late ones in red, and escapes what people typed", async () => {
    const id = await openPartner([3, 2], { count: 14, pending: 2, rows: [ROW] });
    await contains(".o_gck_boton").click();
    await mailContains(".o_gck_panel_row");
    expect.verifySteps([["summary", "res.partner", id]]);
    expect(".o_gck_panel_row .o_gck_fila_subject").toHaveText("<b>Pide oferta</b>");
    expect(".o_gck_panel_row .badge").toHaveText("1 day late");
    expect(".o_gck_panel_row .o_gck_fila_date").toHaveClass("text-danger");
    expect(".o_gck_panel_all").toHaveText("See all (14)");
    expect(queryAllTexts(".o_gck_panel_kind")).toEqual(["Notice", "Task"]);
    // What the menu learnt is what the button says.
    expect(".o_gck_boton .badge").toHaveText("2");
});

test("a document that is no action has no cycle", async () => {
    const id = await openPartner([1, 1], { count: 1, pending: 1, rows: [ROW], cycle: false });
    await contains(".o_gck_boton").click();
    await mailContains(".o_gck_panel_all");
    expect.verifySteps([["summary", "res.partner", id]]);
    expect(".o_gck_panel_ciclo").toHaveCount(0);
});

test("an empty menu says what it is for", async () => {
    const id = await openPartner([0, 0], { count: 0, pending: 0, rows: [] });
    await contains(".o_gck_boton").click();
    await mailContains(".o_gck_panel_empty");
    expect.verifySteps([["summary", "res.partner", id]]);
    expect(".o_gck_panel_empty").toHaveCount(1);
    expect(".o_gck_panel_all").toHaveCount(0);
    expect(".o_gck_panel_kind").toHaveCount(2);
});

test("every entry of the menu does what it says", async () => {
    const id = await openPartner([1, 1], { count: 1, pending: 1, rows: [ROW] });
    followActions();
    const entries = {
        ".o_gck_panel_row": ["action_open", [33]],
        ".o_gck_panel_kind:eq(1)": ["get_create_action", "tarea", "res.partner", id],
        ".o_gck_panel_link": ["get_link_action", "res.partner", id],
        ".o_gck_panel_all": ["get_document_action", "res.partner", id],
        ".o_gck_panel_ciclo": ["get_cycle_action", "res.partner", id],
    };
    for (const [selector, call] of Object.entries(entries)) {
        await contains(".o_gck_boton").click();
        await contains(selector).click();
        await animationFrame();
        expect.verifySteps([
            ["summary", "res.partner", id],
            call,
            ["doAction", call[0], undefined],
        ]);
    }
});
