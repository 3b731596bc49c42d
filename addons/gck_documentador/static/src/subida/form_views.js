import { Component, useState } from "@odoo/owl";

import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

import { useStoreDropzone } from "./dropzone";

/** Asks why a document changes, before the new version is uploaded. */
export class VersionDialog extends Component {
    static template = "gck_documentador.VersionDialog";
    static components = { Dialog };
    static props = { name: String, documento: String, upload: Function, close: Function };

    setup() {
        this.state = useState({ reason: "" });
    }

    onClickUpload() {
        this.props.upload(this.state.reason.trim());
        this.props.close();
    }
}

/** A file dropped on a document is a new version of it. */
export class DocumentoFormController extends FormController {
    setup() {
        super.setup();
        this.dialogs = useService("dialog");
        this.notifications = useService("notification");
        this.subida = useStoreDropzone(
            this.rootRef,
            () => ({ label: _t("New version of this document"), target: {} }),
            {
                isEnabled: () =>
                    Boolean(this.model.root.resId) && this.canEdit && !this.env.inDialog,
                onDrop: (dropped) => this.uploadVersion(dropped),
            }
        );
    }

    uploadVersion(dropped) {
        if (dropped.length !== 1) {
            this.notifications.add(
                _t("A new version is one file: drop only one on a document."),
                { type: "warning" }
            );
            return;
        }
        const { resId, data } = this.model.root;
        this.dialogs.add(VersionDialog, {
            name: dropped[0].file.name,
            documento: data.name || "",
            upload: async (reason) => {
                if ((await this.model.root.save()) === false) {
                    return;
                }
                await this.subida.upload(
                    [{ ...dropped[0], path: "" }],
                    { documento_id: resId, reason },
                    () => this.model.root.load()
                );
            },
        });
    }
}

/** Files dropped on a folder go into it. */
export class CarpetaFormController extends FormController {
    setup() {
        super.setup();
        useStoreDropzone(
            this.rootRef,
            () => ({
                label: _t("Store in «%s»", this.model.root.data.name || ""),
                target: { carpeta_id: this.model.root.resId },
            }),
            {
                isEnabled: () => Boolean(this.model.root.resId) && !this.env.inDialog,
                onDone: () => this.model.root.load(),
            }
        );
    }
}

const views = registry.category("views");
views.add("gck_documento_form", { ...formView, Controller: DocumentoFormController });
views.add("gck_carpeta_form", { ...formView, Controller: CarpetaFormController });
