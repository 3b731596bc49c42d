import { Component, useState } from "@odoo/owl";

import { Dropdown } from "@web/core/dropdown/dropdown";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { GckPanel } from "@gck_avisos/chatter/gck_panel";

/**
 * The «GCK» button of a chatter: how many actions the document has, and in its menu
 * which ones, and the way to make another (K-3, K-15, K-41).
 */
export class GckBoton extends Component {
    static template = "gck_avisos.Boton";
    static components = { Dropdown, GckPanel };
    static props = {
        thread: Object,
        compactHeight: { type: Boolean, optional: true },
        onChanged: { type: Function, optional: true },
        saveRecord: { type: Function, optional: true },
    };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.dropdown = useDropdownState();
        this.state = useState({ loading: false, summary: null });
    }

    get title() {
        const { gck_accion_count: count, gck_accion_pending: pending } = this.props.thread;
        if (!count) {
            return _t("Actions of this document: none yet");
        }
        return _t("Actions of this document: %(count)s, pending: %(pending)s", {
            count,
            pending,
        });
    }

    /** Ask for the actions before the menu opens: a sheet takes the size it opens with. */
    async load() {
        const { thread } = this.props;
        this.state.loading = true;
        try {
            const summary = await this.orm.call("gck.accion", "get_document_summary", [
                thread.model,
                thread.id,
            ]);
            this.state.summary = summary;
            Object.assign(thread, {
                gck_accion_count: summary.count,
                gck_accion_pending: summary.pending,
            });
        } finally {
            this.state.loading = false;
        }
    }

    /**
     * Run what was chosen in the menu, the changes of the form being saved first where
     * the new action is filled from it. What a dialog leaves behind shows at once.
     *
     * @param {() => Promise<Object>} getAction
     * @param {{ save?: boolean }} [options]
     */
    async run(getAction, { save = false } = {}) {
        if (this.running) {
            return;
        }
        this.running = true;
        try {
            if (save && (await this.props.saveRecord?.()) === false) {
                return;
            }
            await this.action.doAction(await getAction(), {
                onClose: () => this.props.onChanged?.(),
            });
        } finally {
            this.running = false;
        }
    }
}
