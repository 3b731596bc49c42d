import { Component } from "@odoo/owl";

import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { imageUrl } from "@web/core/utils/urls";

const BADGES = {
    pending: "text-bg-warning",
    done: "text-bg-success",
    cancel: "text-bg-secondary",
};

/**
 * What is said of an action on one line: icon of its kind, number, subject, date,
 * responsible and state. The row is what `gck.accion` sends for the web client.
 */
export class AccionFila extends Component {
    static template = "gck_avisos.AccionFila";
    static props = { row: Object };

    get avatarUrl() {
        return imageUrl("res.users", this.props.row.user.id, "avatar_128");
    }

    get badgeClass() {
        const { row } = this.props;
        return row.is_late ? "text-bg-danger" : BADGES[row.accion_state] || "text-bg-light";
    }

    /** The moment that matters: when it was done, else its deadline, else its date. */
    get dateLabel() {
        const { row } = this.props;
        const value =
            row.accion_state === "pending" ? row.date_deadline : row.date_done || row.date;
        return value || row.date
            ? toLocaleDateTimeString(deserializeDateTime(value || row.date))
            : "";
    }

    get dateTitle() {
        const { row } = this.props;
        if (row.accion_state !== "pending") {
            return row.date_done ? _t("Done on") : _t("Date");
        }
        return row.date_deadline ? _t("Deadline") : _t("Date");
    }

    get stateLabel() {
        const { row } = this.props;
        if (!row.is_late) {
            return row.state_label;
        }
        if (!row.late_days) {
            return _t("Late");
        }
        return row.late_days === 1
            ? _t("1 day late")
            : _t("%(days)s days late", { days: row.late_days });
    }
}
