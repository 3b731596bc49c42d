import { Component, onWillDestroy, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { Dialog } from "@web/core/dialog/dialog";
import { FileModel } from "@web/core/file_viewer/file_model";
import { createFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { humanNumber } from "@web/core/utils/numbers";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const VERSION = "gck.documento.version";
const VIEWER = "/web/static/lib/pdfjs/web/viewer.html";
const OFFICE_PAUSE = 2000;
const OFFICE_ATTEMPTS = 45;

export function getPdfUrl(url) {
    return `${VIEWER}?file=${encodeURIComponent(url)}#pagemode=none`;
}

export function formatSize(size) {
    return `${humanNumber(size || 0, { decimals: size > 1000 ? 1 : 0 })}B`;
}

/** A version as Odoo's own viewer takes files. */
export class VersionFile extends FileModel {
    constructor(preview) {
        super();
        Object.assign(this, {
            id: preview.id,
            name: preview.name,
            mimetype: preview.mimetype,
            gckKind: preview.kind,
            gckUrl: preview.url,
            gckDownloadUrl: preview.download_url,
        });
    }
    get urlRoute() {
        return this.gckUrl;
    }
    get urlQueryParams() {
        return {};
    }
    get downloadUrl() {
        return this.gckDownloadUrl;
    }
    get isImage() {
        return this.gckKind === "image";
    }
    get isPdf() {
        return ["pdf", "office"].includes(this.gckKind);
    }
    get isText() {
        return this.gckKind === "text";
    }
    get isVideo() {
        return ["audio", "video"].includes(this.gckKind);
    }
}

/** What is in a version of a document, without downloading it. */
export class Vista extends Component {
    static template = "gck_documentador.Vista";
    static props = { versionId: { type: [Number, Boolean] } };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ preview: null, office: "", images: false, failed: false });
        this.viewer = createFileViewer();
        onWillStart(() => this.load(this.props.versionId));
        onWillUpdateProps((next) => {
            if (next.versionId !== this.props.versionId) {
                return this.load(next.versionId);
            }
        });
        onWillDestroy(() => {
            this.destroyed = true;
            this.viewer.close();
        });
    }

    async load(versionId) {
        this.loaded = versionId;
        Object.assign(this.state, { preview: null, office: "", images: false, failed: false });
        if (!versionId) {
            return;
        }
        const preview = await this.orm.call(VERSION, "get_preview", [[versionId]]);
        if (this.loaded !== versionId) {
            return;
        }
        this.state.preview = preview;
        if (preview.kind === "office") {
            this.state.office = "busy";
            // Not awaited: it takes seconds, and the rest of the page is there.
            this.convert(versionId);
        }
    }

    async convert(versionId) {
        for (let attempt = 0; attempt < OFFICE_ATTEMPTS; attempt++) {
            let answer;
            try {
                answer = await this.orm.silent.call(VERSION, "prepare_office_preview", [
                    [versionId],
                ]);
            } catch {
                answer = "failed";
            }
            if (this.destroyed || this.loaded !== versionId) {
                return;
            }
            if (answer !== "busy") {
                this.state.office = answer;
                return;
            }
            await new Promise((resolve) => browser.setTimeout(resolve, OFFICE_PAUSE));
        }
        this.state.office = "failed";
    }

    /** As what it is shown now. */
    get kind() {
        const { preview, office } = this.state;
        if (!preview) {
            return "";
        }
        if (preview.kind === "office") {
            return { done: "pdf", busy: "busy" }[office] || "none";
        }
        return preview.kind;
    }

    get pdfUrl() {
        return getPdfUrl(this.state.preview.url);
    }

    get bodyUrl() {
        const { body_url: url } = this.state.preview.mail;
        return this.state.images ? `${url}?images=1` : url;
    }

    get size() {
        return formatSize(this.state.preview.size);
    }

    get canEnlarge() {
        return ["image", "pdf", "text", "video"].includes(this.kind);
    }

    formatSize(size) {
        return formatSize(size);
    }

    enlarge() {
        this.viewer.open(new VersionFile(this.state.preview));
    }
}

/** The preview in a window, with those of the documents before and after it. */
export class VistaDialog extends Component {
    static template = "gck_documentador.VistaDialog";
    static components = { Dialog, Vista };
    static props = { files: Array, start: Number, close: Function };

    setup() {
        this.state = useState({ index: this.props.start });
    }

    get file() {
        return this.props.files[this.state.index];
    }

    go(step) {
        const { length } = this.props.files;
        this.state.index = (this.state.index + step + length) % length;
    }
}

/** The preview within the form of a document. */
export class VistaWidget extends Component {
    static template = "gck_documentador.VistaWidget";
    static components = { Vista };
    static props = { ...standardWidgetProps };

    get versionId() {
        return this.props.record.data.version_id?.id || false;
    }
}

/** The button of a row that shows what is in its document. */
export class VistaBoton extends Component {
    static template = "gck_documentador.VistaBoton";
    static props = { ...standardWidgetProps };

    setup() {
        this.dialog = useService("dialog");
    }

    get versionId() {
        return this.props.record.data.version_id?.id || false;
    }

    get label() {
        return _t("Preview of %s", this.props.record.data.name || "");
    }

    open() {
        const { record } = this.props;
        const records = (record.model.root.records || []).filter(
            (candidate) => candidate.data.version_id
        );
        const shown = records.includes(record) ? records : [record];
        this.dialog.add(VistaDialog, {
            files: shown.map((candidate) => ({
                id: candidate.data.version_id.id,
                name: candidate.data.name,
            })),
            start: shown.indexOf(record),
        });
    }
}

const fieldDependencies = [
    { name: "version_id", type: "many2one", relation: VERSION },
    { name: "name", type: "char" },
];
const widgets = registry.category("view_widgets");
widgets.add("gck_vista", { component: VistaWidget, fieldDependencies });
widgets.add("gck_vista_boton", {
    component: VistaBoton,
    fieldDependencies,
    listViewWidth: 40,
});
