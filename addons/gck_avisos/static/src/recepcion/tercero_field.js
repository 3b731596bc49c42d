import { registry } from "@web/core/registry";
import { CharField, charField } from "@web/views/fields/char/char_field";

/** Who a notice is from, with a mark on senders who are on no file. */
export class TerceroField extends CharField {
    static template = "gck_avisos.TerceroField";

    get isUnknown() {
        return Boolean(this.props.record.data.sender_unknown);
    }
}

registry.category("fields").add("gck_tercero", {
    ...charField,
    component: TerceroField,
    fieldDependencies: [{ name: "sender_unknown", type: "boolean" }],
});
