import { Component, onMounted, useState } from "@odoo/owl";

import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useService } from "@web/core/utils/hooks";

import { AccionFila } from "@gck_avisos/chatter/accion_fila";
import { getCicloAction } from "@gck_avisos/ciclo/ciclo";

/**
 * The menu of the «GCK» button: the actions of a document, pending ones first, and
 * what can be done from it.
 */
export class GckPanel extends Component {
    static template = "gck_avisos.Panel";
    static components = { AccionFila, DropdownItem };
    static props = { thread: Object, run: Function };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ summary: null });
        // Once it shows: the menu opens at once and says that it is loading.
        onMounted(() => this.load());
    }

    async load() {
        const { thread } = this.props;
        const summary = await this.orm.call("gck.accion", "get_document_summary", [
            thread.model,
            thread.id,
        ]);
        Object.assign(thread, {
            gck_accion_count: summary.count,
            gck_accion_pending: summary.pending,
        });
        this.state.summary = summary;
    }

    get kinds() {
        return this.state.summary.kinds.filter((kind) => kind.create !== false);
    }

    get hiddenCount() {
        return this.state.summary.count - this.state.summary.rows.length;
    }

    create(kind) {
        this.run("get_create_action", [kind.code], { save: true });
    }

    link() {
        this.run("get_link_action", [], { save: true });
    }

    open(row) {
        // Not by this.orm: the menu is gone, and the hook drops answers that come then.
        this.props.run(() =>
            this.env.services.orm.call("gck.accion", "action_open", [[row.id]])
        );
    }

    openAll() {
        this.run("get_document_action");
    }

    openCiclo() {
        const { model, id } = this.props.thread;
        this.props.run(async () => getCicloAction(model, id));
    }

    run(method, args = [], options) {
        const { model, id } = this.props.thread;
        this.props.run(
            () => this.env.services.orm.call("gck.accion", method, [...args, model, id]),
            options
        );
    }
}
