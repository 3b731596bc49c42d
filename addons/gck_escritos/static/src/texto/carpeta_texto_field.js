import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Many2One } from "@web/views/fields/many2one/many2one";
import {
    buildM2OFieldDescription,
    Many2OneField,
} from "@web/views/fields/many2one/many2one_field";
import { SelectCreateDialog } from "@web/views/view_dialogs/select_create_dialog";

/**
 * The standard text of a document, with the yellow folder that opens the table of
 * texts of its class (M-54). Choosing one fills the document.
 */
export class CarpetaTextoField extends Many2OneField {
    static template = "gck_escritos.CarpetaTextoField";
    static components = { Many2One };

    setup() {
        super.setup?.();
        this.dialog = useService("dialog");
    }

    openFolder() {
        const { record, name } = this.props;
        this.dialog.add(SelectCreateDialog, {
            title: _t("Standard texts"),
            resModel: "gck.texto",
            domain: [["clase", "=", record.data.clase]],
            context: { default_clase: record.data.clase },
            multiSelect: false,
            noCreate: true,
            onSelected: async ([resId]) => {
                const [texto] = await record.model.orm.read(
                    "gck.texto",
                    [resId],
                    ["display_name"]
                );
                await record.update({
                    [name]: { id: texto.id, display_name: texto.display_name },
                });
            },
        });
    }
}

registry.category("fields").add("gck_carpeta_texto", {
    ...buildM2OFieldDescription(CarpetaTextoField),
    fieldDependencies: [{ name: "clase", type: "selection" }],
});
