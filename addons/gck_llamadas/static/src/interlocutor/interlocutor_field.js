import { registry } from "@web/core/registry";
import {
    buildM2OFieldDescription,
    Many2OneField,
} from "@web/views/fields/many2one/many2one_field";

/** The customer or vendor; until there is one, the prospect or the caller. */
export class InterlocutorField extends Many2OneField {
    static template = "gck_llamadas.InterlocutorField";

    /** What a row that is not being edited shows instead of nothing. */
    get substitute() {
        const { name, readonly, record } = this.props;
        return readonly && !record.data[name] && record.data.tercero;
    }
}

registry.category("fields").add("gck_interlocutor", {
    ...buildM2OFieldDescription(InterlocutorField),
    fieldDependencies: [{ name: "tercero", type: "char" }],
});
