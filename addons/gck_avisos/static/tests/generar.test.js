import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    getService,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Tarea extends models.Model {
    _name = "gck.tarea";
    subject = fields.Char();
    _records = [{ id: 5, subject: "Llamar" }];
}

defineMailModels();
defineModels([Tarea]);

const KINDS = [
    { code: "aviso", name: "Notice", icon: "fa-bell-o", create: true },
    { code: "actividad", name: "Activity", icon: "fa-clock-o", create: false },
    { code: "tarea", name: "Task", icon: "fa-check", create: true },
];

async function mountForm() {
    onRpc("gck.accion", "get_kinds", () => KINDS);
    onRpc("gck.accion", "get_create_action", ({ args }) => {
        expect.step(["create", ...args]);
        return { type: "ir.actions.act_window", res_model: "gck.aviso" };
    });
    onRpc("web_save", ({ args }) => {
        expect.step(["save", args[1]]);
    });
    mockService("action", {
        doAction: async (action, options) => {
            expect.step(["open", action.res_model]);
            await options.onClose?.();
        },
    });
    await mountView({
        type: "form",
        resModel: "gck.tarea",
        resId: 5,
        arch: `
            <form>
                <header><widget name="gck_generar" invisible="not id"/></header>
                <sheet><field name="subject"/></sheet>
            </form>`,
    });
}

describe("desktop", () => {
    describe.current.tags("desktop");

    test("only kinds that the user may create are offered", async () => {
        await mountForm();
        await contains(".o_gck_generar").click();
        expect(queryAllTexts(".o-dropdown-item")).toEqual(["Notice", "Task"]);
    });

    test("what was typed is saved before the new action is filled from it", async () => {
        await mountForm();
        await contains("[name=subject] input").edit("Llamar hoy");
        await contains(".o_gck_generar").click();
        await contains(".o-dropdown-item[data-kind=aviso]").click();
        await animationFrame();
        expect.verifySteps([
            ["save", { subject: "Llamar hoy" }],
            ["create", "aviso", "gck.tarea", 5],
            ["open", "gck.aviso"],
        ]);
    });
});

describe("mobile", () => {
    describe.current.tags("mobile");

    test("on a phone the kinds are buttons of a dialog", async () => {
        await mountForm();
        await contains(".o_gck_generar").click();
        expect(queryAllTexts(".modal .btn-lg")).toEqual(["Notice", "Task"]);
        await contains(".modal [data-kind=tarea]").click();
        await animationFrame();
        expect(".modal").toHaveCount(0);
        expect.verifySteps([
            ["create", "tarea", "gck.tarea", 5],
            ["open", "gck.aviso"],
        ]);
        expect(getService("ui").isSmall).toBe(true);
    });
});
