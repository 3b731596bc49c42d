import { Component, onWillStart, useState } from "@odoo/owl";
import { useRefreshKey } from "@gck_avisos/core/refresh_key";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { formatFloatTime, formatInteger, formatPercentage } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const PERIODS = [
    { key: "today", label: _t("Today") },
    { key: "week", label: _t("This week") },
    { key: "month", label: _t("This month") },
    { key: "quarter", label: _t("This quarter") },
    { key: "year", label: _t("This year") },
    { key: "12months", label: _t("12 months") },
];
const DIRECTIONS = [
    { key: false, label: _t("In and out") },
    { key: "in", label: _t("Calls in") },
    { key: "out", label: _t("Calls out") },
];

/** The figures of the telephone, each of which opens the list of what it counts. */
export class GckCallPanel extends Component {
    static template = "gck_llamadas.Panel";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = { controlPanel: {} };
        this.periods = PERIODS;
        this.directions = DIRECTIONS;
        this.keepLast = new KeepLast();
        const { period = "month", userId = false, direction = false } = this.props.state || {};
        this.state = useState({ period, userId, direction, data: false, error: false });
        // Coming back from a list shows the same period.
        useSetupAction({
            getLocalState: () => ({
                period: this.state.period,
                userId: this.state.userId,
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
        const { period, userId, direction } = this.state;
        try {
            this.state.data = await this.keepLast.add(
                this.orm.call("gck.llamada", "get_call_panel", [period, userId, direction])
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

    choose(values) {
        Object.assign(this.state, values);
        return this.load();
    }

    onUser(ev) {
        return this.choose({ userId: Number(ev.target.value) || false });
    }

    // ------------------------------------------------------------
    // What is shown
    // ------------------------------------------------------------

    get range() {
        const { start, end } = this.state.data;
        const format = (day) => deserializeDate(day).toLocaleString(luxon.DateTime.DATE_MED);
        return start === end ? format(start) : `${format(start)} – ${format(end)}`;
    }

    get tiles() {
        const { figures, callbacks } = this.state.data;
        const { total, answered } = figures;
        const count = (figure) => formatInteger(figure.count);
        return [
            { key: "total", label: _t("Calls"), value: count(total), figure: total },
            { key: "in", label: _t("Calls in"), value: count(figures.in), figure: figures.in },
            { key: "out", label: _t("Calls out"), value: count(figures.out), figure: figures.out },
            {
                key: "answered",
                label: _t("Answered calls"),
                value: total.count ? this.formatShare(total) : "–",
                note: _t("%s calls", count(answered)),
                figure: answered,
            },
            {
                key: "mean",
                label: _t("Mean duration"),
                value: total.mean ? this.formatTime(total.mean) : "–",
                note: _t("%s hours in all", this.formatTime(total.hours)),
                figure: { ...total, domain: [...total.domain, ["duration", ">", 0]] },
            },
            {
                key: "callbacks",
                label: _t("To be called back"),
                value: count(callbacks),
                note: _t("At this moment"),
                className: callbacks.count ? "text-danger" : "",
                figure: callbacks,
            },
        ];
    }

    get isEmpty() {
        return !this.state.data.figures.total.count;
    }

    get busiest() {
        const cells = this.state.data.heat.days.flatMap((day) => day.cells);
        return Math.max(1, ...cells.map(({ count }) => count));
    }

    /** As dark as its share of the busiest hour; whoever cannot see it reads the number. */
    getHeatStyle({ count }, busiest) {
        const share = count ? 0.12 + 0.88 * (count / busiest) : 0;
        return `--o-gck-heat: ${share.toFixed(2)}`;
    }

    getHeatClass({ count }, busiest) {
        return { o_gck_heat_dark: count / busiest > 0.5 };
    }

    getDay(weekday, length = "short") {
        return luxon.Info.weekdays(length)[weekday - 1];
    }

    getCellLabel(day, cell) {
        const name = this.getDay(day.weekday, "long");
        return _t("%(day)s at %(hour)s: %(count)s calls", {
            day: name,
            hour: `${cell.hour}:00`,
            count: cell.count,
        });
    }

    formatCount(value) {
        return formatInteger(value);
    }

    formatShare({ share }) {
        return formatPercentage(share, { digits: [0, 0] });
    }

    /** Calls last minutes: in hours and minutes, at the least one. */
    formatTime(hours) {
        return hours ? formatFloatTime(Math.max(hours, 1 / 60)) : "–";
    }

    getWidth(bar, bars) {
        return (100 * bar.count) / Math.max(1, ...bars.map(({ count }) => count));
    }

    // ------------------------------------------------------------
    // What the figures do
    // ------------------------------------------------------------

    /** Open the list of what a figure counts. */
    open(name, { domain }) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "gck.llamada",
            views: [
                [false, "list"],
                [false, "form"],
                [false, "pivot"],
                [false, "graph"],
            ],
            domain,
            context: { create: false },
        });
    }

    openCell(day, cell) {
        return cell.count ? this.open(this.getCellLabel(day, cell), cell) : false;
    }
}

registry.category("actions").add("gck_call_panel", GckCallPanel);
