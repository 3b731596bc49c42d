import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** The recordings of a call, to be listened to where they are. */
export class AudioField extends Component {
    static template = "gck_llamadas.AudioField";
    static props = { ...standardFieldProps };

    get recordings() {
        return this.props.record.data[this.props.name].records.map((record) => ({
            id: record.resId,
            name: record.data.name,
            // Checks that the call may be read and that the file is a sound.
            url: `/gck/llamadas/audio/${record.resId}`,
            download: `/web/content/${record.resId}?download=true`,
        }));
    }
}

registry.category("fields").add("gck_audio", {
    component: AudioField,
    supportedTypes: ["many2many"],
    relatedFields: [{ name: "name", type: "char" }],
});
