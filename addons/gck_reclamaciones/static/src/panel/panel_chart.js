import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor, getCustomColor } from "@web/core/colors/colors";

/**
 * Bars on the left axis and a line on the right one, as a Pareto and a trend need.
 * A click on a bar or a point tells which one.
 */
export class PanelChart extends Component {
    static template = "gck_reclamaciones.PanelChart";
    static props = {
        labels: { type: Array, element: String },
        bars: Object, // {label, values, format}
        line: Object, // {label, values, format, max?}
        description: String,
        onSelect: Function,
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(() => this.renderChart());
        onWillUnmount(() => this.chart?.destroy());
    }

    renderChart() {
        this.chart?.destroy();
        // eslint-disable-next-line no-undef
        this.chart = new Chart(this.canvas.el, this.getConfig());
    }

    getConfig() {
        const { labels, bars, line } = this.props;
        const scheme = cookie.get("color_scheme");
        const ink = getCustomColor(scheme, "#111827", "#E4E4E4");
        const grid = getCustomColor(scheme, "rgba(0,0,0,.1)", "rgba(255,255,255,.15)");
        // Few labels have more room than many.
        const room = Math.max(14, Math.floor(80 / Math.max(labels.length, 1)));
        const axis = { ticks: { color: ink, precision: 0 }, grid: { color: grid }, beginAtZero: true };
        return {
            type: "bar",
            data: {
                labels,
                datasets: [
                    {
                        label: line.label,
                        data: line.values,
                        type: "line",
                        yAxisID: "line",
                        borderColor: getColor(4, scheme, "sm"),
                        backgroundColor: getColor(4, scheme, "sm"),
                        pointRadius: 3,
                        spanGaps: true,
                        tension: 0,
                    },
                    {
                        label: bars.label,
                        data: bars.values,
                        yAxisID: "bars",
                        backgroundColor: getColor(0, scheme, "sm"),
                        borderRadius: 4,
                        maxBarThickness: 56,
                    },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                onClick: (ev, [element]) => element && this.props.onSelect(element.index),
                onHover: (ev, [element]) => {
                    ev.native.target.style.cursor = element ? "pointer" : "";
                },
                plugins: {
                    legend: { position: "bottom", labels: { color: ink, boxWidth: 12 } },
                    tooltip: {
                        callbacks: {
                            label: ({ dataset, raw }) => {
                                const { format } = dataset.yAxisID === "line" ? line : bars;
                                return `${dataset.label}: ${format(raw)}`;
                            },
                        },
                    },
                },
                scales: {
                    x: {
                        grid: { display: false },
                        ticks: {
                            color: ink,
                            callback(value) {
                                const label = this.getLabelForValue(value);
                                return label.length > room ? `${label.slice(0, room - 1)}…` : label;
                            },
                        },
                    },
                    bars: { ...axis, position: "left" },
                    line: {
                        ...axis,
                        position: "right",
                        max: line.max,
                        grid: { display: false },
                        ticks: { ...axis.ticks, callback: line.format },
                    },
                },
            },
        };
    }
}
