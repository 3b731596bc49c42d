import { beforeEach, expect, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate, mockTimeZone } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    getService,
    makeServerError,
    models,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { WebClient } from "@web/webclient/webclient";

class Accion extends models.Model {
    _name = "gck.accion";
}
defineMailModels();
defineModels([Accion]);

const NOTICE = { id: 1, code: "aviso", name: "Notice", icon: "fa-bell-o" };
const TASK = { id: 2, code: "tarea", name: "Task", icon: "fa-check-square-o" };

function makeRow(values) {
    return {
        kind: "tarea",
        kind_name: "Task",
        icon: "fa-check-square-o",
        res_model: "gck.tarea",
        res_id: 5,
        name: "TA/1",
        subject: "Call",
        partner: false,
        user: false,
        date: "2026-01-10 08:00:00",
        date_deadline: false,
        date_done: false,
        accion_state: "pending",
        state_label: "Pending",
        is_late: false,
        late_days: 0,
        priority: "0",
        ...values,
    };
}

function makeHome(sections, values = {}) {
    return {
        sections: Object.entries(sections).map(([key, rows]) => ({
            key,
            count: rows.length,
            rows: rows.slice(0, 10),
        })),
        kinds: [],
        create: [NOTICE, TASK],
        user: { id: 7, name: "Lucía" },
        enabled: true,
        opt_out: false,
        ...values,
    };
}

let home;
let doneActions;

beforeEach(() => {
    mockTimeZone("Europe/Madrid");
    mockDate("2026-01-16 09:00:00");
    doneActions = [];
    onRpc("gck.accion", "get_home", () => {
        expect.step("get_home");
        return home;
    });
});

async function mountHome(data) {
    home = data;
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: "gck_home" });
    await animationFrame();
    expect.verifySteps(["get_home"]);
}

function watchActions() {
    const { doAction } = getService("action");
    doneActions = [];
    getService("action").doAction = (action, options) => {
        doneActions.push([action, options]);
        return Promise.resolve(doAction && true);
    };
}

test("what is late, today's and this week's, and what was asked of others", async () => {
    await mountHome(
        makeHome({
            late: [
                makeRow({ id: 1, subject: "Old", is_late: true, date_deadline: "2026-01-13 09:00:00" }),
            ],
            today: [makeRow({ id: 2, subject: "Now", date_deadline: "2026-01-16 15:30:00" })],
            week: [],
            later: [
                makeRow({
                    id: 3,
                    subject: "Some day",
                    name: false,
                    partner: { id: 9, name: "Gemini" },
                    priority: "2",
                }),
            ],
            requested: [makeRow({ id: 4, subject: "Theirs", user: { id: 8, name: "Marcos" } })],
        })
    );
    expect(queryAllTexts(".o_gck_home_mine h2")).toEqual(["Late", "Today", "Later"]);
    expect(queryAllTexts(".o_gck_home_requested h2")).toEqual(["What I asked of others"]);
    expect(queryAllTexts(".o_gck_home_subject")).toEqual(["Old", "Now", "Some day", "Theirs"]);
    expect("[data-id='1'] .o_gck_home_deadline").toHaveText("3 days ago");
    expect("[data-id='1'] .o_gck_home_deadline").toHaveClass("text-danger");
    expect("[data-id='2'] .o_gck_home_deadline").toHaveText(/^Today .*4:30/);
    expect("[data-id='3'] .o_gck_home_deadline").toHaveText("");
    expect("[data-id='1'] .o_gck_home_about").toHaveText("TA/1");
    expect("[data-id='3'] .o_gck_home_about").toHaveText("Gemini");
    expect("[data-id='3'] .fa-star").toHaveCount(1);
    expect("[data-id='4'] img").toHaveCount(1);
});

test("nothing pending: what to do next", async () => {
    await mountHome(makeHome({ late: [], today: [], week: [], later: [], requested: [] }));
    expect(".o_gck_home_empty h2").toHaveText("You have nothing pending");
    expect(queryAllTexts(".o_gck_home_empty button")).toEqual(["New: Notice", "New: Task"]);
});

test("a row opens its record", async () => {
    await mountHome(makeHome({ late: [makeRow({ id: 33 })] }));
    patchWithCleanup(getService("action"), {
        doActionButton: async ({ name, resModel, resId }, options) =>
            expect.step([resModel, resId, name, options]),
    });
    await contains(".o_gck_home_row").click();
    await contains(".o_gck_home_row").focus();
    await press("Enter");
    expect.verifySteps([
        ["gck.accion", 33, "action_open", { newWindow: false }],
        ["gck.accion", 33, "action_open", { newWindow: false }],
    ]);
});

test("a tile opens the list of its kind, a section the list of its filter", async () => {
    const rows = Array.from({ length: 12 }, (_, id) => makeRow({ id }));
    await mountHome(
        makeHome({ late: rows, requested: [makeRow({ id: 99 })] }, { kinds: [{ ...TASK, count: 12, late: 12 }] })
    );
    expect(".o_gck_home_kind .o_gck_home_count").toHaveText("12");
    expect(".o_gck_home_kind .o_gck_home_late").toHaveText("12");
    watchActions();
    await contains(".o_gck_home_kind_open").click();
    expect("[data-section=late] .o_gck_home_all").toHaveText("See all (12)");
    await contains("[data-section=late] .o_gck_home_all").click();
    await contains("[data-section=requested] .o_gck_home_all").click();
    const context = (index) => doneActions[index][1].additionalContext;
    expect(doneActions.map(([action]) => action)).toEqual(
        Array(3).fill("gck_avisos.action_gck_pendientes")
    );
    expect(context(0)).toEqual({ search_default_user_id: 7, search_default_kind_id: 2 });
    expect(context(1)).toEqual({ search_default_user_id: 7, search_default_late: 1 });
    expect(context(2)).toEqual({ search_default_user_id: false, search_default_requested_by_me: 1 });
});

test("a new action of each kind", async () => {
    onRpc("gck.accion", "get_create_action", ({ args }) => {
        expect.step(args[0]);
        return { type: "ir.actions.act_window", res_model: "gck.aviso" };
    });
    await mountHome(makeHome({ late: [makeRow({ id: 1 })] }));
    watchActions();
    await contains(".o_gck_new").click();
    expect(queryAllTexts(".o-dropdown--menu .dropdown-item")).toEqual(["Notice", "Task"]);
    await contains(".o-dropdown--menu [data-kind=aviso]").click();
    expect.verifySteps(["aviso"]);
    expect(doneActions).toHaveLength(1);
});

test("finishing a row at once shows the page without it", async () => {
    onRpc("gck.tarea", "action_done", ({ args }) => {
        expect.step(["done", ...args]);
        home = makeHome({ late: [] });
        return true;
    });
    await mountHome(makeHome({ late: [makeRow({ id: 1, res_id: 5 })] }));
    await contains(".o_gck_home_row [name=action_done]").click();
    await animationFrame();
    expect.verifySteps([["done", [5]], "get_home"]);
    expect(".o_gck_home_row").toHaveCount(0);
});

test("F5 and coming back to the tab read it again", async () => {
    await mountHome(makeHome({ late: [makeRow({ id: 1 })] }));
    home = makeHome({ late: [makeRow({ id: 1 }), makeRow({ id: 2 })] });
    await press("F5");
    await animationFrame();
    expect(".o_gck_home_row").toHaveCount(2);
    expect.verifySteps(["get_home"]);
    window.dispatchEvent(new Event("focus"));
    await animationFrame();
    expect.verifySteps([]);
    await advanceTime(20000);
    window.dispatchEvent(new Event("focus"));
    await animationFrame();
    expect.verifySteps(["get_home"]);
});

test("the user chooses whether it is the home page", async () => {
    onRpc("res.users", "gck_set_home_opt_out", ({ args }) => {
        expect.step(args[0]);
        return true;
    });
    await mountHome(makeHome({ late: [makeRow({ id: 1 })] }));
    expect(".o_gck_home_toggle").toHaveText("Do not use as home page");
    await contains(".o_gck_home_toggle").click();
    expect(".o_gck_home_toggle").toHaveText("Use as home page");
    await contains(".o_gck_home_toggle").click();
    expect.verifySteps([true, false]);
});

test("where the company does not want it as home page, nobody is asked", async () => {
    await mountHome(makeHome({ late: [makeRow({ id: 1 })] }, { enabled: false }));
    expect(".o_gck_home_toggle").toHaveCount(0);
});

test("without rights it says so", async () => {
    onRpc("gck.accion", "get_home", () => {
        throw makeServerError({ type: "AccessError", message: "You may not see actions." });
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: "gck_home" });
    await animationFrame();
    expect(".o_gck_home_error").toHaveText("You may not see actions.");
});

test("reception sees how many notices wait for it", async () => {
    await mountHome(makeHome({}, { untreated: 3 }));
    expect(".o_gck_home_reception").toHaveText("Reception\n3");
    watchActions();
    await contains(".o_gck_home_reception").click();
    expect(doneActions).toHaveLength(1);
});
