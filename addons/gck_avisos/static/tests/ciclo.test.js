import { describe, expect, test } from "@odoo/hoot";
import { getActiveElement, press, queryAll, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    getService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

import { getGuides } from "@gck_avisos/ciclo/ciclo";

describe.current.tags("desktop");
defineMailModels();

function node(resModel, id, level, parent, values = {}) {
    return {
        id: id * 32 + 1,
        kind: "tarea",
        kind_name: "Tarea",
        icon: "fa-check",
        key: `${resModel},${id}`,
        res_model: resModel,
        res_id: id,
        name: `TA/${id}`,
        subject: `Subject ${id}`,
        user: { id: 7, name: "Elena" },
        partner: false,
        date: "2025-03-01 09:00:00",
        date_deadline: false,
        date_done: false,
        accion_state: "pending",
        state_label: "Pending",
        is_late: false,
        late_days: 0,
        priority: "0",
        level,
        parent,
        current: false,
        readable: true,
        ...values,
    };
}

const FAMILY = [
    node("gck.aviso", 1, 0, false),
    node("gck.tarea", 1, 1, "gck.aviso,1", { is_late: true, late_days: 3 }),
    node("gck.tarea", 2, 2, "gck.tarea,1", { current: true }),
    node("gck.tarea", 3, 1, "gck.aviso,1", { id: false, readable: false, subject: false }),
];

async function openCiclo(nodes, truncated = false) {
    onRpc("gck.accion", "get_family", ({ args }) => {
        expect.step(args);
        return { nodes: nodes.map((item) => ({ ...item })), truncated };
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "gck_ciclo",
        target: "new",
        params: { res_model: "gck.tarea", res_id: 2 },
        context: { footer: false },
    });
}

test("lines of a tree given depth first", () => {
    const levels = [0, 1, 2, 2, 1, 2, 0].map((level) => ({ level }));
    expect(getGuides(levels)).toEqual([
        [],
        [true],
        [true, true],
        [true, false],
        [false],
        [false, false],
        [],
    ]);
    expect(getGuides([])).toEqual([]);
});

test("the family shows as a tree, the current action with the focus", async () => {
    await openCiclo(FAMILY);
    expect.verifySteps([["gck.tarea", 2]]);
    expect(queryAll("[role=treeitem]").map((el) => el.ariaLevel)).toEqual(["1", "2", "3", "2"]);
    expect("[role=treeitem]:eq(2)").toHaveClass("o_gck_ciclo_current");
    expect("[role=treeitem]:eq(2)").toBeFocused();
    expect("[role=treeitem]:eq(1) .badge").toHaveText("3 days late");
    expect("[role=treeitem]:eq(1) .badge").toHaveClass("text-bg-danger");
    expect("[role=treeitem]:eq(3)").toHaveText("No access");
});

test("arrows walk the tree, left goes to the parent and right to the first child", async () => {
    await openCiclo(FAMILY);
    expect.verifySteps([["gck.tarea", 2]]);
    const focused = () => getActiveElement().dataset.key || getActiveElement().outerHTML;
    const walk = {
        ArrowLeft: "gck.tarea,1",
        ArrowUp: "gck.aviso,1",
        ArrowRight: "gck.tarea,1",
        End: "gck.tarea,3",
        ArrowDown: "gck.tarea,3",
        Home: "gck.aviso,1",
    };
    for (const [key, expected] of Object.entries(walk)) {
        await press(key);
        await animationFrame();
        expect(focused()).toBe(expected);
    }
});

test("an action opens, one out of reach does not, the current one closes the dialog", async () => {
    onRpc("gck.accion", "action_open", ({ args }) => {
        expect.step(["open", ...args]);
        return { type: "ir.actions.act_window_close" };
    });
    await openCiclo(FAMILY);
    await contains("[role=treeitem]:eq(3)").click();
    expect.verifySteps([["gck.tarea", 2]]);
    expect(".o_gck_ciclo").toHaveCount(1);
    await contains("[role=treeitem]:eq(0)").focus();
    await press("Enter");
    await animationFrame();
    expect.verifySteps([["open", [33]]]);
    await animationFrame();
    expect(".o_gck_ciclo").toHaveCount(0);
});

test("clicking the current action leaves its form alone", async () => {
    await openCiclo(FAMILY);
    expect.verifySteps([["gck.tarea", 2]]);
    await contains("[role=treeitem]:eq(2)").click();
    await animationFrame();
    expect(".o_gck_ciclo").toHaveCount(0);
});

test("the documents of an action are named below it", async () => {
    const documents = [{ res_model: "sale.order", res_id: 9, name: "S00009" }];
    await openCiclo([{ ...FAMILY[0], documents }]);
    expect.verifySteps([["gck.tarea", 2]]);
    expect(queryAllTexts(".o_gck_ciclo_documents a")).toEqual(["S00009"]);
});

test("an empty family and one cut short say so", async () => {
    await openCiclo([], true);
    expect.verifySteps([["gck.tarea", 2]]);
    expect(".o_gck_ciclo").toHaveText(/Nothing came before this/);
    expect(".o_gck_ciclo").toHaveText(/The family is larger/);
});
