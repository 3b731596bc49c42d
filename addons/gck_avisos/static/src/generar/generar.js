import { Component, onWillStart, useState } from "@odoo/owl";

import { Dialog } from "@web/core/dialog/dialog";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Return the kinds of action that the user may create. */
async function loadKinds(orm) {
    const kinds = await orm.call("gck.accion", "get_kinds");
    return kinds.filter((kind) => kind.create);
}

/** On a phone: the kinds of action as large buttons. */
export class GenerarDialog extends Component {
    static template = "gck_avisos.GenerarDialog";
    static components = { Dialog };
    static props = { close: Function, onChosen: Function };

    setup() {
        this.orm = useService("orm");
        onWillStart(async () => {
            this.kinds = await loadKinds(this.orm);
        });
    }

    choose(kind) {
        this.props.close();
        this.props.onChosen(kind);
    }
}

/**
 * «Generate action» on the form of an action (M-38): another one of any kind, which
 * takes over partner, contact and subject and remembers where it came from.
 */
export class Generar extends Component {
    static template = "gck_avisos.Generar";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.state = useState({ kinds: null });
    }

    async load() {
        this.state.kinds ||= await loadKinds(this.orm);
    }

    openDialog() {
        this.dialog.add(GenerarDialog, { onChosen: (kind) => this.generate(kind) });
    }

    /** Save what was typed, as every button of a form does, and open the new action. */
    async generate(kind) {
        const { record } = this.props;
        if (this.running) {
            return;
        }
        this.running = true;
        try {
            if (!(await record.save())) {
                return;
            }
            // Not by this.orm: on a phone the menu that held the button is gone by now.
            const action = await this.env.services.orm.call("gck.accion", "get_create_action", [
                kind.code,
                record.resModel,
                record.resId,
            ]);
            await this.action.doAction(action, { onClose: () => record.load() });
        } finally {
            this.running = false;
        }
    }
}

registry.category("view_widgets").add("gck_generar", { component: Generar });
