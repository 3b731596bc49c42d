import { Component, onWillStart, useExternalListener, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { formatDateTime } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { formatDay, getDaysLeft } from "../core/deadline";
import { NewAction } from "../core/new_action";
import { useRefreshKey } from "../core/refresh_key";

const PENDING_ACTION = "gck_avisos.action_gck_pendientes";
// Coming back to the tab sooner than this shows what is there.
const STALE_AFTER = 15000;

/**
 * What a row of the home page can be asked to do, by model. An addon adds the buttons of
 * its kinds: `{method, icon, label}`; the method opens its own dialog or acts at once.
 */
export const homeRowActions = registry.category("gck_home_row_actions");
const postpone = { method: "action_postpone", icon: "fa-calendar-plus-o", label: _t("Postpone") };
homeRowActions.add("gck.aviso", [postpone]);
homeRowActions.add("gck.tarea", [
    postpone,
    { method: "action_done", icon: "fa-check", label: _t("Finish") },
]);

/** Pending matters of the user, as the first screen of the day (M-5, M-6, M-13, M-14). */
export class GckHome extends Component {
    static template = "gck_avisos.Home";
    static components = { Layout, NewAction };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = { controlPanel: {} };
        this.keepLast = new KeepLast();
        this.state = useState({ data: false, error: false });
        useSetupAction();
        onWillStart(() => this.load());
        useRefreshKey(() => this.load());
        useExternalListener(browser, "focus", () => this.refreshIfStale());
        useExternalListener(document, "visibilitychange", () => {
            if (document.visibilityState === "visible") {
                this.refreshIfStale();
            }
        });
    }

    // ------------------------------------------------------------
    // Data
    // ------------------------------------------------------------

    async load() {
        try {
            this.show(await this.keepLast.add(this.orm.call("gck.accion", "get_home", [])));
        } catch (error) {
            if (!(error instanceof RPCError) || error.exceptionName !== "odoo.exceptions.AccessError") {
                throw error;
            }
            this.state.error = error.data.message;
            this.state.data = false;
        }
    }

    /** In the background: a server that does not answer leaves what is shown. */
    async refreshIfStale() {
        if (!this.state.data || Date.now() - this.loadedAt < STALE_AFTER) {
            return;
        }
        this.loadedAt = Date.now();
        try {
            this.show(await this.keepLast.add(this.orm.silent.call("gck.accion", "get_home", [])));
        } catch {
            // Whoever comes back to the tab did not ask for anything: F5 tells why.
        }
    }

    show(data) {
        this.loadedAt = Date.now();
        this.state.error = false;
        this.state.data = data;
    }

    get sections() {
        const titles = {
            late: { title: _t("Late"), icon: "fa-exclamation-circle", className: "text-danger" },
            today: { title: _t("Today"), icon: "fa-sun-o", className: "text-warning" },
            week: { title: _t("Next seven days"), icon: "fa-calendar", className: "text-primary" },
            later: { title: _t("Later"), icon: "fa-calendar-o", className: "text-muted" },
            requested: {
                title: _t("What I asked of others"),
                icon: "fa-share",
                className: "text-muted",
            },
        };
        return this.state.data.sections
            .filter((section) => section.count)
            .map((section) => ({ ...titles[section.key], ...section }));
    }

    get mySections() {
        return this.sections.filter(({ key }) => key !== "requested");
    }

    get requestedSections() {
        return this.sections.filter(({ key }) => key === "requested");
    }

    get creatableKinds() {
        return this.state.data ? this.state.data.create : [];
    }

    getCreateLabel({ name }) {
        return _t("New: %s", name);
    }

    getSeeLabel({ count, rows }) {
        return count > rows.length ? _t("See all (%s)", count) : _t("See as a list");
    }

    canCreate(code) {
        return this.creatableKinds.some((kind) => kind.code === code);
    }

    // ------------------------------------------------------------
    // Rows
    // ------------------------------------------------------------

    /** The deadline as lists show it, with the hour while the day is near. */
    formatDeadline({ date_deadline: deadline }) {
        if (!deadline) {
            return "";
        }
        const value = deserializeDateTime(deadline);
        const day = formatDay(value);
        if (![0, 1].includes(getDaysLeft(value))) {
            return day;
        }
        return `${day} ${formatDateTime(value, { showDate: false, showSeconds: false })}`;
    }

    formatMoment(value) {
        return value ? formatDateTime(deserializeDateTime(value), { showSeconds: false }) : "";
    }

    getDeadlineClass(row) {
        if (row.is_late) {
            return "text-danger fw-bold";
        }
        if (row.date_deadline && getDaysLeft(deserializeDateTime(row.date_deadline)) === 0) {
            return "text-warning fw-bold";
        }
        return "text-muted";
    }

    /** Number and partner, those that there are. */
    getAbout({ subject, name, partner }) {
        return [subject && name, partner && partner.name].filter(Boolean).join(" · ");
    }

    getPriorityLabel({ priority }) {
        return priority === "2" ? _t("Urgent") : _t("High priority");
    }

    getRowActions(row) {
        return homeRowActions.get(row.res_model, []);
    }

    // ------------------------------------------------------------
    // What the buttons do
    // ------------------------------------------------------------

    onOpen(row, ev) {
        const newWindow = Boolean(ev && (ev.ctrlKey || ev.metaKey));
        return this.callButton("gck.accion", row.id, "action_open", { newWindow });
    }

    onRowKeydown(row, ev) {
        if (ev.key === "Enter" && ev.target === ev.currentTarget) {
            ev.preventDefault();
            this.onOpen(row, ev);
        }
    }

    onRowAction(row, { method }) {
        return this.callButton(row.res_model, row.res_id, method);
    }

    /** Do what a button of a form does, and show what is pending after it. */
    callButton(resModel, resId, name, options) {
        return this.action.doActionButton(
            {
                type: "object",
                name,
                resModel,
                resId,
                resIds: [resId],
                context: user.context,
                onClose: () => this.load(),
            },
            options
        );
    }

    async onCreate(kind) {
        const action = await this.orm.call("gck.accion", "get_create_action", [kind.code]);
        await this.action.doAction(action, { onClose: () => this.load() });
    }

    onOpenReception() {
        return this.action.doAction("gck_avisos.action_gck_aviso_recepcion");
    }

    onOpenKind(kind) {
        return this.openPending({
            search_default_user_id: user.userId,
            search_default_kind_id: kind.id,
        });
    }

    onOpenSection(section) {
        const whose = section.key === "requested" ? "requested_by_me" : "user_id";
        return this.openPending({
            [`search_default_${whose}`]: whose === "user_id" ? user.userId : 1,
            ...(section.key !== "requested" && { [`search_default_${section.key}`]: 1 }),
        });
    }

    openPending(context) {
        return this.action.doAction(PENDING_ACTION, {
            // The action would add its own person otherwise.
            additionalContext: { search_default_user_id: false, ...context },
        });
    }

    async onToggleHome() {
        const optOut = !this.state.data.opt_out;
        await this.orm.call("res.users", "gck_set_home_opt_out", [optOut]);
        this.state.data.opt_out = optOut;
    }
}

registry.category("actions").add("gck_home", GckHome);
