import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/**
 * The body of an e-mail as it arrives: in a frame of its own that runs nothing, so that
 * neither its scripts nor its styles touch the page around it.
 */
export class CorreoVista extends Component {
    static template = "gck_escritos.CorreoVista";
    static props = { ...standardFieldProps };

    get body() {
        return this.props.record.data[this.props.name] || "";
    }
}

registry.category("fields").add("gck_correo_vista", {
    component: CorreoVista,
    supportedTypes: ["text"],
});
