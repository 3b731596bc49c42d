import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame, mockDate, mockTimeZone } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    getFacetTexts,
    mockService,
    models,
    mountView,
    onRpc,
    serverState,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class Accion extends models.Model {
    _name = "gck.accion";

    name = fields.Char();
    kind_id = fields.Many2one({ string: "Kind", relation: "gck.accion.clase" });
    user_id = fields.Many2one({ string: "Responsible", relation: "res.users" });
    date = fields.Date();
    date_deadline = fields.Datetime({ string: "Deadline" });

    _records = [
        { id: 1, name: "T1", kind_id: 1, user_id: 7, date_deadline: "2026-01-15 23:30:00" },
        { id: 2, name: "T2", kind_id: 1, user_id: 7, date_deadline: "2026-01-20 10:00:00" },
        { id: 3, name: "A1", kind_id: 2, user_id: 7, date_deadline: false },
        { id: 4, name: "A2", kind_id: 2, user_id: 8, date_deadline: "2026-01-15 22:30:00" },
    ];
}

class Clase extends models.Model {
    _name = "gck.accion.clase";

    name = fields.Char();

    _records = [
        { id: 1, name: "Tasks" },
        { id: 2, name: "Notices" },
    ];
}
defineMailModels();
defineModels([Accion, Clase]);
describe.current.tags("desktop");

const SEARCH = `
    <search>
        <field name="name"/>
        <field name="user_id"/>
        <field name="kind_id"/>
    </search>`;

let counts;
let people;
let rows;

beforeEach(() => {
    serverState.userId = 7;
    mockTimeZone("Europe/Madrid");
    mockDate("2026-01-16 09:00:00");
    people = [
        { id: 7, name: "Lucía" },
        { id: 8, name: "Marcos" },
    ];
    counts = [];
    rows = [];
    onRpc("has_group", () => true);
    onRpc("gck.accion", "get_people", () => people);
    onRpc("gck.accion", "get_kinds", () => [
        { code: "aviso", name: "Notice", icon: "fa-bell-o", create: true },
        { code: "tarea", name: "Task", icon: "fa-check", create: true },
        { code: "actividad", name: "Activity", icon: "fa-clock-o", create: false },
    ]);
    onRpc("gck.accion", "get_kind_counts", ({ args }) => {
        counts.push(args[0]);
        return [
            { id: 1, code: "tarea", name: "Tasks", icon: "fa-check", count: 2, late: 1 },
            { id: 2, code: "aviso", name: "Notices", icon: "fa-bell-o", count: 1, late: 0 },
        ];
    });
    onRpc("web_search_read", ({ kwargs }) => {
        rows.push(kwargs.domain);
    });
});

async function mountList(params = {}) {
    await mountView({
        type: "list",
        resModel: "gck.accion",
        arch: `<list js_class="gck_accion_list"><field name="name"/><field name="user_id"/></list>`,
        searchViewArch: SEARCH,
        context: { search_default_user_id: 7 },
        ...params,
    });
    await animationFrame();
}

const mine = [["user_id", "=", 7]];

test("one's own actions are shown first, and another person's on demand", async () => {
    await mountList();
    expect(".o_gck_toolbar_person .o_select_menu_toggler").toHaveText("Lucía");
    expect(rows).toEqual([mine]);
    await contains(".o_gck_toolbar_person .o_select_menu_toggler").click();
    expect(queryAllTexts(".o_select_menu_item")).toEqual(["Lucía", "Everybody", "Marcos"]);
    await contains(".o_select_menu_item:contains(Marcos)").click();
    await animationFrame();
    expect(rows.at(-1)).toEqual([["user_id", "=", 8]]);
    expect(getFacetTexts()).toEqual(["Responsible\nMarcos"]);
    expect(".o_gck_toolbar_person .o_select_menu_toggler").toHaveText("Marcos");
});

test("everybody's actions, from the selector or by removing the facet", async () => {
    await mountList();
    await contains(".o_gck_toolbar_person .o_select_menu_toggler").click();
    await contains(".o_select_menu_item:contains(Everybody)").click();
    await animationFrame();
    expect(rows.at(-1)).toEqual([]);
    expect(getFacetTexts()).toEqual([]);
    await contains(".o_gck_toolbar_person .o_select_menu_toggler").click();
    await contains(".o_select_menu_item:contains(Lucía)").click();
    await animationFrame();
    expect(rows.at(-1)).toEqual(mine);
    await contains(".o_searchview_facet .o_facet_remove").click();
    await animationFrame();
    expect(".o_gck_toolbar_person .o_select_menu_toggler").toHaveText("Everybody");
});

test("whoever sees only their own has no selector", async () => {
    people = [people[0]];
    await mountList();
    expect(".o_gck_toolbar_person .o_select_menu").toHaveCount(0);
    expect(".o_gck_toolbar_person img").toHaveCount(1);
});

test("the kinds are counted with one request for each query", async () => {
    await mountList();
    expect(counts).toEqual([mine]);
    expect(queryAllTexts(".o_gck_kind").map((text) => text.replace(/\s+/g, ""))).toEqual([
        "All3",
        "Tasks21",
        "Notices1",
    ]);
    expect(".o_gck_kind_late").toHaveCount(1);
});

test("choosing kinds filters the list, not the counts", async () => {
    await mountList();
    await contains(".o_gck_kind[data-kind=tarea]").click();
    await animationFrame();
    expect(rows.at(-1)).toEqual(["&", ...mine, ["kind_id", "=", 1]]);
    expect(".o_gck_kind[data-kind=tarea]").toHaveClass("active");
    await contains(".o_gck_kind[data-kind=aviso]").click();
    await animationFrame();
    expect(rows.at(-1)).toEqual(["&", ...mine, "|", ["kind_id", "=", 1], ["kind_id", "=", 2]]);
    await contains(".o_gck_kind[data-kind=tarea]").click();
    await animationFrame();
    expect(rows.at(-1)).toEqual(["&", ...mine, ["kind_id", "=", 2]]);
    await contains(".o_gck_kind:first").click();
    await animationFrame();
    expect(rows.at(-1)).toEqual(mine);
    expect(counts).toEqual([mine, mine, mine, mine, mine]);
});

test("a period includes both its days in the user's time zone", async () => {
    await mountList({ context: {} });
    await contains(".o_gck_from").edit("01/15/2026");
    await animationFrame();
    // Midnight in Madrid is 23:00 of the day before in UTC.
    expect(rows.at(-1)).toEqual([["date_deadline", ">=", "2026-01-14 23:00:00"]]);
    await contains(".o_gck_to").edit("01/16/2026");
    await animationFrame();
    expect(rows.at(-1)).toEqual([
        "&",
        ["date_deadline", ">=", "2026-01-14 23:00:00"],
        ["date_deadline", "<", "2026-01-16 23:00:00"],
    ]);
    expect(".o_data_row").toHaveCount(2);
    expect(".o_facet_value").toHaveText("Deadline: from 01/15/2026 to 01/16/2026");
    await contains(".o_gck_from").edit("");
    await animationFrame();
    expect(rows.at(-1)).toEqual([["date_deadline", "<", "2026-01-16 23:00:00"]]);
    await contains(".o_gck_period_clear").click();
    await animationFrame();
    expect(rows.at(-1)).toEqual([]);
    expect(".o_gck_to").toHaveValue("");
});

test("a single day", async () => {
    await mountList({ context: {} });
    await contains(".o_gck_day").edit("01/16/2026");
    await animationFrame();
    expect(queryAllTexts(".o_data_row [name=name]")).toEqual(["T1"]);
    expect(".o_gck_from").toHaveValue("");
    expect(".o_gck_day").toHaveValue("01/16/2026");
    await contains(".o_searchview_facet .o_facet_remove").click();
    await animationFrame();
    expect(".o_gck_day").toHaveValue("");
    expect(".o_data_row").toHaveCount(4);
});

test("a period that ends before it begins is refused", async () => {
    mockService("notification", {
        add: (message, { type }) => expect.step(`${type}: ${message}`),
    });
    await mountList({ context: {} });
    await contains(".o_gck_from").edit("01/15/2026");
    await animationFrame();
    const queries = rows.length;
    await contains(".o_gck_to").edit("01/14/2026");
    await animationFrame();
    expect.verifySteps(["danger: The period ends before it begins."]);
    expect(rows).toHaveLength(queries);
    expect(".o_gck_to").toHaveValue("");
    expect(".o_gck_from").toHaveValue("01/15/2026");
});

test("the view names the date that the period is about", async () => {
    await mountList({ context: { gck_date_field: "date" } });
    await contains(".o_gck_day").edit("01/16/2026");
    await animationFrame();
    expect(rows.at(-1)).toEqual([
        "&",
        ["date", ">=", "2026-01-16"],
        ["date", "<", "2026-01-17"],
    ]);
});

test("printing sends what is on the screen", async () => {
    onRpc("gck.accion", "action_print", ({ args, kwargs }) => {
        expect.step(["print", args[0], kwargs.person, kwargs.order]);
        return { type: "ir.actions.act_window_close" };
    });
    await mountList();
    await contains("th[data-name=name]").click();
    await contains(".o_gck_print").click();
    expect.verifySteps([["print", mine, "Mitchell Admin", "name ASC"]]);
});

test("what is new in the list of a partner comes filled from it", async () => {
    onRpc("gck.accion", "get_create_action", ({ args }) => {
        expect.step(args);
        return { type: "ir.actions.act_window_close" };
    });
    await mountList({ context: { gck_partner_id: 42 } });
    await contains(".o_gck_new").click();
    expect(queryAllTexts(".o-dropdown--menu .dropdown-item")).toEqual(["Notice", "Task"]);
    await contains(".o-dropdown--menu [data-kind=tarea]").click();
    expect.verifySteps([["tarea", false, false, 42]]);
});

test("what is new in the list of a document comes filled from it", async () => {
    onRpc("gck.accion", "get_create_action", ({ args }) => {
        expect.step(args);
        return { type: "ir.actions.act_window_close" };
    });
    await mountList({ context: { gck_origin_of_new: ["sale.order", 5] } });
    await contains(".o_gck_new").click();
    await contains(".o-dropdown--menu [data-kind=aviso]").click();
    expect.verifySteps([["aviso", "sale.order", 5, false]]);
});
