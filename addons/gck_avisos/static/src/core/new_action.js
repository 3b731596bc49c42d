import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";

/** «New» of any kind of action: a button for one kind, a menu for several. */
export class NewAction extends Component {
    static template = "gck_avisos.NewAction";
    static components = { Dropdown, DropdownItem };
    static props = {
        // Those of gck.accion.get_kinds() that the user may create.
        kinds: Array,
        onCreate: Function,
    };

    getLabel({ name }) {
        return _t("New: %s", name);
    }
}
