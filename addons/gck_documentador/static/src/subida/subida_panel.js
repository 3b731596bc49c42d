import { Component, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { humanNumber } from "@web/core/utils/numbers";

const SHOWN = 200;

/** The files on their way, in a corner of the screen, whatever the page. */
export class SubidaPanel extends Component {
    static template = "gck_documentador.SubidaPanel";
    static props = { queue: Object };

    setup() {
        this.action = useService("action");
        this.state = useState(this.props.queue.state);
    }

    get items() {
        // What needs somebody comes first.
        const order = ["error", "sending", "waiting", "duplicate", "done", "cancelled"];
        return [...this.state.items]
            .sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status))
            .slice(0, SHOWN);
    }

    get failed() {
        return this.state.items.filter((item) => item.status === "error");
    }

    get busy() {
        return this.state.items.some((item) => ["waiting", "sending"].includes(item.status));
    }

    get percent() {
        const total = this.state.items.reduce((sum, item) => sum + item.size, 0);
        const sent = this.state.items.reduce(
            (sum, item) => sum + (this.isEnded(item) ? item.size : item.sent),
            0
        );
        return total ? Math.floor((100 * sent) / total) : 100;
    }

    get title() {
        const total = this.state.items.length;
        const done = this.state.items.filter((item) => this.isEnded(item)).length;
        if (this.busy) {
            return _t("Uploading %(done)s of %(total)s", { done, total });
        }
        const failed = this.failed.length;
        if (failed) {
            return _t("%(failed)s of %(total)s could not be uploaded", { failed, total });
        }
        return total === 1 ? _t("1 file uploaded") : _t("%s files uploaded", total);
    }

    isEnded(item) {
        return !["waiting", "sending"].includes(item.status);
    }

    getPercent(item) {
        return item.size ? Math.floor((100 * item.sent) / item.size) : 100;
    }

    getSize(item) {
        return `${humanNumber(item.size, { decimals: item.size > 1000 ? 1 : 0 })}B`;
    }

    getStatus(item) {
        return {
            waiting: _t("Waiting"),
            sending: `${this.getPercent(item)} %`,
            done: _t("Stored"),
            duplicate: _t("The folder had it already"),
            cancelled: _t("Cancelled"),
            error: item.error,
        }[item.status];
    }

    open(item) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "gck.documento",
            res_id: item.result.documento_id,
            views: [[false, "form"]],
        });
    }

    retry(items) {
        return this.props.queue.retry(items);
    }

    cancel(item) {
        this.props.queue.cancel(item);
    }

    close() {
        this.props.queue.clear();
    }
}
