import { useState } from "@odoo/owl";

import { HtmlField, htmlField } from "@html_editor/fields/html_field";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/** How many merge fields the list shows; typing narrows it. */
const SHOWN_MAX = 60;

/** Return a text as it is compared: lower case, without accents. */
function plain(text) {
    return text
        .normalize("NFD")
        .replace(/[\u0300-\u036f]/g, "")
        .toLowerCase();
}

/**
 * A rich text with merge fields (M-52): a list of them above the editor, which puts
 * the chosen one where the cursor is.
 */
export class CamposHtmlField extends HtmlField {
    static template = "gck_escritos.CamposHtmlField";
    static components = { ...HtmlField.components, Dropdown, DropdownItem };

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.campos = useState({ groups: null, query: "" });
    }

    /** Load the fields that there are; of the linked document, when its kind is known. */
    async loadCampos() {
        this.campos.query = "";
        this.campos.groups = await this.orm.call("gck.combinacion", "get_fields", [
            this.props.record.data.document_model || false,
        ]);
    }

    get shownGroups() {
        const query = plain(this.campos.query.trim());
        let left = SHOWN_MAX;
        const groups = [];
        for (const group of this.campos.groups || []) {
            const fields = group.fields
                .filter(
                    (field) =>
                        !query ||
                        plain(`${group.name} ${field.label} ${field.path}`).includes(query)
                )
                .slice(0, left);
            left -= fields.length;
            if (fields.length) {
                groups.push({ ...group, fields });
            }
        }
        return groups;
    }

    insertCampo(path) {
        const { selection, dom, history } = this.editor.shared;
        selection.focusEditable();
        dom.insert(`{${path}}`);
        history.addStep();
    }
}

registry.category("fields").add("gck_campos_html", {
    ...htmlField,
    component: CamposHtmlField,
});
