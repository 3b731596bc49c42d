import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { mockDate, mockTimeZone } from "@odoo/hoot-mock";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class Visit extends models.Model {
    _name = "visit";

    deadline = fields.Datetime();

    _records = [
        { id: 1, deadline: "2026-11-27 10:00:00" },
        { id: 2, deadline: "2026-11-30 20:00:00" },
        { id: 3, deadline: "2026-12-01 10:00:00" },
        { id: 4, deadline: "2026-12-08 10:00:00" },
        { id: 5, deadline: "2027-06-08 10:00:00" },
        { id: 6, deadline: false },
    ];
}
defineMailModels();
defineModels([Visit]);

test("deadlines are told in days on the last day of a month too", async () => {
    mockTimeZone("Europe/Madrid");
    mockDate("2026-11-30 09:00:00");
    await mountView({
        resModel: "visit",
        type: "list",
        arch: `<list><field name="deadline" widget="gck_deadline"/></list>`,
    });
    expect(queryAllTexts(".o_data_cell[name=deadline]")).toEqual([
        "3 days ago",
        "Today",
        "Tomorrow",
        "In 8 days",
        "Jun 8, 2027",
        "",
    ]);
    expect(".o_data_row:first [name=deadline] .text-danger").toHaveCount(1);
});
