import { beforeEach, expect, test } from "@odoo/hoot";
import { press } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    MockServer,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
    toggleMenuItem,
    toggleSearchBarMenu,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { download } from "@web/core/network/download";

class Visit extends models.Model {
    _name = "visit";

    name = fields.Char({ string: "Subject" });
    place = fields.Char();
    secret = fields.Char();
    hours = fields.Float();

    _records = [
        { id: 1, name: "Cold room", place: "Teruel", hours: 2 },
        { id: 2, name: "Compressor", place: "Huesca", hours: 3 },
        { id: 3, name: "Door", place: "Teruel", hours: 1 },
    ];
}
defineMailModels();
defineModels([Visit]);

const ARCH = `
    <list js_class="gck_list" multi_edit="1">
        <field name="secret" column_invisible="1"/>
        <field name="name" string="What"/>
        <field name="place" optional="hide"/>
        <field name="hours" widget="float_time" sum="Total"/>
    </list>`;
const SEARCH = `
    <search>
        <filter name="teruel" string="In Teruel" domain="[('place', '=', 'Teruel')]"/>
        <filter name="by_place" string="Where" context="{'group_by': 'place'}"/>
    </search>`;
const WHAT = { name: "name", label: "What", widget: false, aggregate: false };
const PLACE = { name: "place", label: "Place", widget: false, aggregate: false };
const HOURS = { name: "hours", label: "Hours", widget: "float_time", aggregate: "sum" };

let canExport;
let downloads;

beforeEach(() => {
    canExport = true;
    downloads = [];
    onRpc("has_group", ({ args }) => args[1] !== "base.group_allow_export" || canExport);
    onRpc("web_search_read", () => {
        expect.step("query");
    });
    patchWithCleanup(download, {
        _download: ({ url, data }) => {
            downloads.push({ url, ...JSON.parse(data.data) });
            return Promise.resolve();
        },
    });
});

async function mountList() {
    await mountView({ type: "list", resModel: "visit", arch: ARCH, searchViewArch: SEARCH });
    expect.verifySteps(["query"]);
}

test("the list goes to Excel in one click, as it is shown", async () => {
    await mountList();
    await contains("th[data-name=name]").click();
    await contains(".o_gck_excel").click();
    expect(".modal").toHaveCount(0);
    expect(downloads).toHaveLength(1);
    const [{ url, model, columns, domain, ids, groupby, order }] = downloads;
    expect(url).toBe("/gck/excel");
    expect(model).toBe("visit");
    expect(columns).toEqual([WHAT, HOURS]);
    expect(domain).toEqual([]);
    expect(ids).toBe(false);
    expect(groupby).toEqual([]);
    expect(order).toBe("name ASC");
    expect.verifySteps(["query"]);
});

test("optional columns go to Excel while they are shown", async () => {
    await mountList();
    await contains(".o_optional_columns_dropdown button").click();
    await contains(".o-dropdown--menu input[name=place]").click();
    await contains(".o_gck_excel").click();
    expect(downloads[0].columns).toEqual([WHAT, PLACE, HOURS]);
});

test("filters and groups go to Excel too", async () => {
    await mountList();
    await toggleSearchBarMenu();
    await toggleMenuItem("In Teruel");
    await toggleMenuItem("Where");
    await contains(".o_gck_excel").click();
    expect(downloads[0].domain).toEqual([["place", "=", "Teruel"]]);
    expect(downloads[0].groupby).toEqual(["place"]);
    expect.verifySteps(["query"]);
});

test("only the selected rows go to Excel when some are", async () => {
    await mountList();
    await contains(".o_data_row:eq(1) .o_list_record_selector input").click();
    await contains(".o_gck_excel").click();
    expect(downloads[0].ids).toEqual([2]);
});

test("whoever may not export has no button", async () => {
    canExport = false;
    await mountList();
    expect(".o_gck_excel").toHaveCount(0);
});

test("F5 runs the query again and keeps the filters", async () => {
    await mountList();
    await toggleSearchBarMenu();
    await toggleMenuItem("In Teruel");
    expect.verifySteps(["query"]);
    const events = await press("F5");
    await animationFrame();
    expect(events.find(({ type }) => type === "keydown").defaultPrevented).toBe(true);
    expect.verifySteps(["query"]);
    expect(".o_data_row").toHaveCount(2);
    expect(".o_facet_value").toHaveText("In Teruel");
});

test("Ctrl+F5 is the browser's", async () => {
    await mountList();
    const events = await press(["ctrl", "F5"]);
    await animationFrame();
    expect(events.some(({ defaultPrevented }) => defaultPrevented)).toBe(false);
    expect.verifySteps([]);
});

test("F5 is the browser's while a row is edited or a dialog is open", async () => {
    await mountList();
    await contains(".o_data_row:eq(0) .o_list_record_selector input").click();
    await contains(".o_data_row:eq(0) [name=name]").click();
    expect(".o_selected_row").toHaveCount(1);
    await press("F5");
    await animationFrame();
    expect.verifySteps([]);
});

test("the end of a job shows what it did, where its records are listed", async () => {
    await mountList();
    MockServer.env["visit"].write([3], { name: "Gate" });
    for (const model of ["res.partner", "visit"]) {
        MockServer.env["bus.bus"]._sendone("broadcast", "gck_lote_end", { res_model: model });
    }
    await expect.waitForSteps(["query"]);
    await animationFrame();
    expect(".o_data_row:eq(2) [name=name]").toHaveText("Gate");
});
