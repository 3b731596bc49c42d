import { beforeEach, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    getService,
    makeServerError,
    models,
    mountWithCleanup,
    onRpc,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { WebClient } from "@web/webclient/webclient";

import { PanelChart } from "@gck_reclamaciones/panel/panel_chart";

class Reclamacion extends models.Model {
    _name = "gck.reclamacion";
}
defineMailModels();
defineModels([Reclamacion]);
preloadBundle("web.chartjs_lib");

const figure = (count, name, values = {}) => ({ count, domain: [["name", "=", name]], ...values });

function makePanel(values = {}) {
    return {
        period: "month",
        direction: false,
        directions: [
            { key: "customer", label: "Customer" },
            { key: "vendor", label: "Vendor" },
        ],
        start: "2031-05-01",
        end: "2031-05-31",
        currency_id: 1,
        has_claims: true,
        now: {
            draft: figure(1, "draft"),
            open: figure(4, "open"),
            to_evaluate: figure(2, "to_evaluate"),
            late: figure(3, "late"),
            efficacy: figure(0, "efficacy"),
        },
        total: figure(6, "total"),
        closed: figure(2, "closed", { days: 3.25, previous: figure(1, "previous", { days: 10 }) }),
        trend: [
            figure(0, "april", { days: 0, month: "2031-04-01" }),
            figure(2, "may", { days: 3.25, month: "2031-05-01" }),
        ],
        cost: {
            domain: [["name", "=", "cost"]],
            spent: 100,
            recovered: 40,
            net: 60,
            concepts: [{ key: "labour", label: "Labour", amount: 100, domain: [["name", "=", "labour"]] }],
        },
        causes: {
            bars: [
                figure(3, "mistake", { id: 1, label: "People / Mistake", cost: 0, percent: 75 }),
                figure(1, "transport", { id: 2, label: "Transport", cost: 0, percent: 100 }),
            ],
            total: 4,
            other: figure(0, "other"),
            without: figure(2, "without"),
        },
        by_direction: [figure(4, "customer", { id: "customer", label: "Customer" })],
        by_severity: [],
        categories: [],
        products: [
            figure(4, "compressor", { id: 7, label: "Compressor" }),
            figure(1, "valve", { id: 8, label: "Valve" }),
        ],
        vendors: [figure(2, "vendor", { id: 9, label: "Aceros Duero", cost: 120 })],
        ...values,
    };
}

let panel;
let charts;

beforeEach(() => {
    charts = [];
    onRpc("gck.reclamacion", "get_quality_panel", ({ args }) => {
        expect.step(args);
        return panel;
    });
});

async function mountPanel(data) {
    panel = data;
    const { renderChart } = PanelChart.prototype;
    PanelChart.prototype.renderChart = function () {
        renderChart.call(this);
        charts.push(this);
    };
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: "gck_quality_panel" });
    await animationFrame();
    PanelChart.prototype.renderChart = renderChart;
    expect.verifySteps([["month", false]]);
    const actions = [];
    getService("action").doAction = async (action) => actions.push(action);
    return actions;
}

test("every figure opens what it counts", async () => {
    const actions = await mountPanel(makePanel());
    expect(queryAllTexts(".o_gck_panel_count")).toEqual(["1", "4", "2", "3", "0", "6", "2", "3.3"]);
    expect("[data-tile=late] .o_gck_panel_count").toHaveClass("text-danger");
    expect("[data-tile=efficacy] .o_gck_panel_count").not.toHaveClass("text-danger");
    for (const selector of [
        "[data-tile=late]",
        "[data-tile=efficacy]",
        "[data-tile=days]",
        ".o_gck_panel_net",
        "[data-block=cost] [data-id=labour]",
        "[data-block=products] [data-id='8']",
        "[data-block=vendors] [data-id='9'] button",
        ".o_gck_panel_without",
    ]) {
        await contains(selector).click();
    }
    expect(actions.map(({ res_model, domain }) => [res_model, domain[0][2]])).toEqual([
        ["gck.reclamacion", "late"],
        ["gck.reclamacion.accion", "efficacy"],
        ["gck.reclamacion", "closed"],
        ["gck.reclamacion.coste", "cost"],
        ["gck.reclamacion.coste", "labour"],
        ["gck.reclamacion", "valve"],
        ["gck.reclamacion", "vendor"],
        ["gck.reclamacion", "without"],
    ]);
});

test("bars of the charts open their lists", async () => {
    const actions = await mountPanel(makePanel());
    const find = (description) => charts.find(({ props }) => props.description === description);
    const causes = find("Pareto of causes");
    const trend = find("Closings of the last twelve months");
    const [percents, counts] = causes.chart.data.datasets;
    expect(percents.data).toEqual([75, 100]);
    expect(counts.data).toEqual([3, 1]);
    expect(causes.chart.data.labels).toEqual(["Mistake", "Transport"]);
    expect(trend.chart.data.datasets[0].data).toEqual([null, 3.25]);
    causes.chart.options.onClick({}, [{ index: 1 }]);
    causes.chart.options.onClick({}, []);
    trend.chart.options.onClick({}, [{ index: 1 }]);
    expect(actions.map(({ domain }) => domain[0][2])).toEqual(["transport", "may"]);
});

test("period and direction read the figures again", async () => {
    await mountPanel(makePanel());
    await contains("[data-period=year]").click();
    expect("[data-period=year]").toHaveClass("active");
    await contains(".o_gck_panel_direction").select("vendor");
    expect.verifySteps([
        ["year", false],
        ["year", "vendor"],
    ]);
});

test("where there is only one direction, it is not asked for", async () => {
    await mountPanel(makePanel({ directions: [] }));
    expect(".o_gck_panel_direction").toHaveCount(0);
});

test("the length of a bar is its share of the longest", async () => {
    await mountPanel(makePanel());
    expect("[data-block=products] [data-id='8'] .bg-primary").toHaveAttribute("style", "width: 25%");
});

test("no claim at all: what to do", async () => {
    await mountPanel(makePanel({ has_claims: false }));
    expect(".o_gck_panel_empty h2").toHaveText("No claim to count yet");
    expect(".o_gck_panel_tile").toHaveCount(0);
});

test("a period without anything says so in each block", async () => {
    await mountPanel(
        makePanel({
            causes: { bars: [], total: 0, other: figure(0, "o"), without: figure(0, "w") },
            trend: [figure(0, "may", { days: 0, month: "2031-05-01" })],
            cost: { domain: [], spent: 0, recovered: 0, net: 0, concepts: [] },
            vendors: [],
            closed: figure(0, "closed", { days: false, previous: figure(0, "previous", { days: false }) }),
        })
    );
    expect("canvas").toHaveCount(0);
    expect("[data-tile=days] .o_gck_panel_count").toHaveText("–");
    for (const block of ["causes", "trend", "cost", "vendors"]) {
        expect(`[data-block=${block}] p`).toHaveCount(1);
    }
});

test("without rights it says so", async () => {
    onRpc("gck.reclamacion", "get_quality_panel", () => {
        throw makeServerError({ type: "AccessError", message: "You may not see claims." });
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: "gck_quality_panel" });
    await animationFrame();
    expect(".o_gck_panel_error").toHaveText("You may not see claims.");
});
