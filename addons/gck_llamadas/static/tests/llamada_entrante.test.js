import { beforeEach, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    getService,
    makeMockEnv,
    mockService,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { LlamadaEntrante } from "@gck_llamadas/centralita/llamada_entrante";

class Llamada extends models.Model {
    _name = "gck.llamada";
}

defineMailModels();
defineModels([Llamada]);

const CARD = {
    id: 7,
    phase: "ringing",
    phone: "+34600123456",
    name: "Marta Júcar",
    company: "Cerámicas Júcar",
    partner: 12,
    lead: false,
    matters: [
        {
            id: 33,
            kind_name: "Task",
            icon: "fa-check",
            res_model: "gck.tarea",
            res_id: 5,
            name: "TA/1",
            subject: "Enviar el presupuesto",
            is_late: true,
        },
    ],
    more: false,
};
const UNKNOWN = { ...CARD, id: 8, name: false, company: false, partner: false, matters: [] };

let tell;
let cards;

beforeEach(async () => {
    cards = { 7: CARD, 8: UNKNOWN, 9: { ...UNKNOWN, id: 9, phone: false } };
    mockService("bus_service", {
        subscribe: (type, callback) => {
            if (type === "gck_llamadas/call") {
                tell = async (id, phase) => {
                    callback({ id, phase });
                    await animationFrame();
                    await animationFrame();
                };
            }
        },
        addEventListener() {},
        removeEventListener() {},
        start() {},
    });
    mockService("action", {
        doAction(action) {
            expect.step([action.res_model, action.res_id]);
        },
    });
    onRpc("gck.llamada", "get_ringing_cards", () => []);
    onRpc("gck.llamada", "get_caller_card", ({ args }) => ({ ...cards[args[0][0]] }));
    onRpc("gck.accion", "get_create_action", ({ args }) => {
        expect.step(args);
        return { type: "ir.actions.act_window", res_model: "gck.aviso" };
    });
    await makeMockEnv();
    await mountWithCleanup(LlamadaEntrante, { noMainContainer: true });
});

test("who calls is shown with what is pending, and everything opens", async () => {
    await tell(7, "ringing");
    expect(".o_gck_llamada_entrante").toHaveCount(1);
    expect(".o_gck_caller").toHaveText("Marta Júcar");
    expect(".o_gck_number").toHaveText("+34600123456");
    expect(".o_gck_matters button").toHaveClass("text-danger");
    await contains(".o_gck_open_call").click();
    await contains(".o_gck_open_partner").click();
    await contains(".o_gck_matters button").click();
    await contains(".o_gck_new_notice").click();
    expect.verifySteps([
        ["gck.llamada", 7],
        ["res.partner", 12],
        ["gck.tarea", 5],
        ["aviso", "gck.llamada", 7],
        ["gck.aviso", undefined],
    ]);
});

test("unknown and hidden numbers are shown too", async () => {
    await tell(8, "ringing");
    expect(".o_gck_caller").toHaveText("Unknown number");
    expect(".o_gck_open_partner").toHaveCount(0);
    await tell(9, "ringing");
    expect(".o_gck_llamada_entrante").toHaveCount(2);
    expect(".o_gck_llamada_entrante:first .o_gck_caller").toHaveText("Hidden number");
    await contains(".o_gck_llamada_entrante:first .btn-close").click();
    expect(".o_gck_llamada_entrante").toHaveCount(1);
});

test("the card of a missed call says so and goes away", async () => {
    await tell(7, "ringing");
    await tell(7, "ended");
    expect(".o_gck_missed .o_gck_status").toHaveText("Missed");
    await advanceTime(8000);
    await animationFrame();
    expect(".o_gck_llamada_entrante").toHaveCount(0);
});

test("a repeated event shows one card; a call already answered none", async () => {
    await tell(7, "ringing");
    await tell(7, "ringing");
    expect(".o_gck_llamada_entrante").toHaveCount(1);
    cards[8] = { ...UNKNOWN, phase: "answered" };
    await tell(8, "ringing");
    expect(".o_gck_llamada_entrante").toHaveCount(1);
    expect(getService("gck_llamada_entrante").state.cards.length).toBe(1);
});
