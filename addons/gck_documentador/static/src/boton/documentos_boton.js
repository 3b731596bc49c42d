import { Component, useRef } from "@odoo/owl";

import { Thread } from "@mail/core/common/thread_model";
import { Chatter } from "@mail/chatter/web_portal/chatter";
import "@mail/chatter/web/chatter_patch";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { useStoreDropzone } from "../subida/dropzone";

patch(Thread.prototype, {
    setup() {
        super.setup(...arguments);
        /** @type {number|undefined} undefined where documents are not told of */
        this.gck_documento_count = undefined;
    },
});

/** The «Documents» button of a chatter: those of its record, and where to drop more. */
export class DocumentosBoton extends Component {
    static template = "gck_documentador.DocumentosBoton";
    static props = {
        thread: Object,
        compactHeight: { type: Boolean, optional: true },
        onChanged: { type: Function, optional: true },
    };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.root = useRef("root");
        useStoreDropzone(this.root, () => ({ target: this.target }), {
            small: true,
            onDone: () => this.props.onChanged?.(),
        });
    }

    get target() {
        const { model, id } = this.props.thread;
        return { res_model: model, res_id: id };
    }

    get title() {
        return _t("Documents: %s. Drop files here to store them.", this.props.thread.gck_documento_count);
    }

    async open() {
        const { model, id } = this.props.thread;
        const action = await this.orm.call("gck.documento", "get_record_action", [model, id]);
        return this.action.doAction(action);
    }
}

Object.assign(Chatter.components, { DocumentosBoton });

patch(Chatter.prototype, {
    async onGckDocumentosChanged() {
        const { thread } = this.state;
        await this.load(thread, [...this.requestList, "messages"]);
    },
});

/** Lets files be dropped on the button of a form that it is in. */
export class DocumentosDrop extends Component {
    static template = "gck_documentador.DocumentosDrop";
    static props = { ...standardWidgetProps };

    setup() {
        this.root = useRef("root");
        const self = this;
        useStoreDropzone(
            {
                get el() {
                    return self.root.el?.closest("button");
                },
            },
            () => {
                const { resModel, resId } = this.props.record;
                return { target: { res_model: resModel, res_id: resId } };
            },
            {
                small: true,
                isEnabled: () => Boolean(this.props.record.resId),
                onDone: () => this.props.record.load(),
            }
        );
    }
}

registry.category("view_widgets").add("gck_documentos_drop", { component: DocumentosDrop });
