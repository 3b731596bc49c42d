import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRefreshKey } from "@gck_avisos/core/refresh_key";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { formatFloat, formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { PanelChart } from "./panel_chart";

const PERIODS = [
    { key: "month", label: _t("This month") },
    { key: "quarter", label: _t("This quarter") },
    { key: "year", label: _t("This year") },
    { key: "12months", label: _t("12 months") },
];

/** The figures of quality (O-25), each of which opens the list of what it counts. */
export class GckQualityPanel extends Component {
    static template = "gck_reclamaciones.Panel";
    static components = { Layout, PanelChart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = { controlPanel: {} };
        this.periods = PERIODS;
        this.keepLast = new KeepLast();
        const { period = "month", direction = false } = this.props.state || {};
        this.state = useState({ period, direction, data: false, error: false });
        // Coming back from a list shows the same period.
        useSetupAction({
            getLocalState: () => ({
                period: this.state.period,
                direction: this.state.direction,
            }),
        });
        onWillStart(() => this.load());
        useRefreshKey(() => this.load());
    }

    // ------------------------------------------------------------
    // Data
    // ------------------------------------------------------------

    async load() {
        const { period, direction } = this.state;
        try {
            this.state.data = await this.keepLast.add(
                this.orm.call("gck.reclamacion", "get_quality_panel", [period, direction])
            );
            this.state.error = false;
        } catch (error) {
            if (!(error instanceof RPCError) || error.exceptionName !== "odoo.exceptions.AccessError") {
                throw error;
            }
            this.state.error = error.data.message;
            this.state.data = false;
        }
    }

    onPeriod(period) {
        this.state.period = period;
        return this.load();
    }

    onDirection(ev) {
        this.state.direction = ev.target.value || false;
        return this.load();
    }

    // ------------------------------------------------------------
    // What is shown
    // ------------------------------------------------------------

    get range() {
        const { start, end } = this.state.data;
        const format = (day) => deserializeDate(day).toLocaleString(luxon.DateTime.DATE_MED);
        return `${format(start)} – ${format(end)}`;
    }

    get tiles() {
        const { now, closed, total } = this.state.data;
        const tile = (key, label, figure, values = {}) => ({ key, label, figure, ...values });
        const danger = (figure) => (figure.count ? "text-danger" : "");
        return [
            tile("draft", _t("To be opened"), now.draft),
            tile("open", _t("Open now"), now.open),
            tile("to_evaluate", _t("To evaluate"), now.to_evaluate),
            tile("late", _t("Late"), now.late, { className: danger(now.late) }),
            tile("efficacy", _t("Effectiveness to be checked"), now.efficacy, {
                className: danger(now.efficacy),
                resModel: "gck.reclamacion.accion",
            }),
            tile("total", _t("New in the period"), total),
            tile("closed", _t("Closed in the period"), closed, {
                note: _t("Previous period: %s", formatInteger(closed.previous.count)),
            }),
        ];
    }

    get days() {
        const { closed } = this.state.data;
        return {
            value: closed.count ? this.formatDays(closed.days) : "–",
            previous: closed.previous.count ? this.formatDays(closed.previous.days) : "–",
        };
    }

    get blocks() {
        const { data } = this.state;
        return [
            { key: "by_direction", title: _t("By direction"), bars: data.by_direction },
            { key: "by_severity", title: _t("By severity"), bars: data.by_severity },
            { key: "categories", title: _t("By category"), bars: data.categories },
            { key: "products", title: _t("Products with most claims"), bars: data.products },
        ].filter(({ bars }) => bars.length);
    }

    get pareto() {
        const { bars } = this.state.data.causes;
        return {
            description: _t("Pareto of causes"),
            labels: bars.map(({ label }) => label.split(" / ").at(-1)),
            bars: { label: _t("Claims"), values: bars.map(({ count }) => count), format: formatInteger },
            line: {
                label: _t("Cumulative %"),
                values: bars.map(({ percent }) => percent),
                format: (value) => `${Math.round(value)} %`,
                max: 100,
            },
        };
    }

    get trend() {
        const { trend } = this.state.data;
        return {
            description: _t("Closings of the last twelve months"),
            labels: trend.map(({ month }) => deserializeDate(month).toFormat("LLL yy")),
            bars: { label: _t("Closings"), values: trend.map(({ count }) => count), format: formatInteger },
            line: {
                label: _t("Mean days to close"),
                values: trend.map(({ count, days }) => (count ? days : null)),
                format: (value) => this.formatDays(value),
            },
        };
    }

    get hasTrend() {
        return this.state.data.trend.some(({ count }) => count);
    }

    formatDays(value) {
        return formatFloat(value, { digits: [0, 1] });
    }

    formatAmount(value) {
        return formatMonetary(value, { currencyId: this.state.data.currency_id });
    }

    formatCount(value) {
        return formatInteger(value);
    }

    /** Length of a bar, as a share of the longest of its block. */
    getWidth(bar, bars, name = "count") {
        const longest = Math.max(...bars.map((other) => Math.abs(other[name])));
        return longest ? (100 * Math.abs(bar[name])) / longest : 0;
    }

    // ------------------------------------------------------------
    // What the figures do
    // ------------------------------------------------------------

    /** Open the list of what a figure counts. */
    open(name, domain, resModel = "gck.reclamacion") {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: resModel,
            views: [
                [false, "list"],
                ...(resModel === "gck.reclamacion.coste" ? [] : [[false, "form"]]),
                [false, "pivot"],
                [false, "graph"],
            ],
            domain,
            context: { create: false },
        });
    }

    openTile({ label, figure, resModel }) {
        return this.open(label, figure.domain, resModel);
    }

    openCause(index) {
        const bar = this.state.data.causes.bars[index];
        return this.open(bar.label, bar.domain);
    }

    openMonth(index) {
        const figure = this.state.data.trend[index];
        return this.open(_t("Closed: %s", this.trend.labels[index]), figure.domain);
    }

    openDays() {
        return this.open(_t("Closed in the period"), this.state.data.closed.domain);
    }

    openOtherCauses() {
        return this.open(_t("Other causes"), this.state.data.causes.other.domain);
    }

    openWithoutCause() {
        return this.open(_t("Without cause yet"), this.state.data.causes.without.domain);
    }

    openAllCosts() {
        return this.openCost(_t("Cost of the period"), this.state.data.cost.domain);
    }

    openCost(name, domain) {
        return this.open(name, domain, "gck.reclamacion.coste");
    }

    onCreate() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "gck.reclamacion",
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("gck_quality_panel", GckQualityPanel);
