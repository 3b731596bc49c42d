import { Component } from "@odoo/owl";

import { DropdownItem } from "@web/core/dropdown/dropdown_item";

import { AccionFila } from "@gck_avisos/chatter/accion_fila";

/**
 * The menu of the «GCK» button: the actions of a document, pending ones first, and
 * what can be done from it.
 */
export class GckPanel extends Component {
    static template = "gck_avisos.Panel";
    static components = { AccionFila, DropdownItem };
    static props = { thread: Object, summary: Object, run: Function };

    get hiddenCount() {
        return this.props.summary.count - this.props.summary.rows.length;
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
        this.run("get_cycle_action");
    }

    run(method, args = [], options) {
        const { model, id } = this.props.thread;
        this.props.run(
            () => this.env.services.orm.call("gck.accion", method, [...args, model, id]),
            options
        );
    }
}
