import { useRef } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

import { GckListController } from "@gck_avisos/list/gck_list_controller";

import { readFileList } from "./dropped_files";
import { useStoreDropzone } from "./dropzone";

const FOLDER = "gck.carpeta";

/** Documents, or their folders, into which files can be dropped. */
export const withUpload = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            this.uploadInput = useRef("uploadInput");
            this.uploadFolderInput = useRef("uploadFolderInput");
            this.subida = useStoreDropzone(this.rootRef, (below) => this.getPlace(below), {
                isEnabled: () => this.canUpload,
                onDone: () => this.onUploaded(),
            });
        }

        get canUpload() {
            return !this.env.inDialog && this.props.archInfo.activeActions.create;
        }

        /** The folder that is open: that of the search panel, or of the action. */
        getOpenFolder() {
            const sections = this.env.searchModel.getSections?.(
                (section) => section.fieldName === "carpeta_id"
            );
            const active = sections?.[0]?.activeValueId;
            if (active) {
                return [active, sections[0].values.get(active)?.display_name];
            }
            const { default_carpeta_id: id, gck_carpeta_name: name } =
                this.env.searchModel.context;
            return id ? [id, name] : [false, false];
        }

        findRecord(list, id) {
            for (const record of list.records || []) {
                if (record.id === id) {
                    return record;
                }
            }
            for (const group of list.groups || []) {
                const record = this.findRecord(group.list, id);
                if (record) {
                    return record;
                }
            }
        }

        getPlace(below) {
            let [id, name] = this.getOpenFolder();
            const panel = below
                .map((element) => element.closest?.("[data-gck-value]"))
                .find(Boolean);
            if (panel) {
                const value = parseInt(panel.dataset.gckValue);
                if (value) {
                    id = value;
                    name = panel.querySelector(".o_search_panel_label_title")?.textContent;
                }
            } else if (this.props.resModel === FOLDER) {
                const row = below
                    .map((element) => element.closest?.(".o_data_row, .o_kanban_record"))
                    .find(Boolean);
                const record = row && this.findRecord(this.model.root, row.dataset.id);
                if (record) {
                    id = record.resId;
                    name = record.data.display_name || record.data.complete_name;
                }
            }
            const { gck_link_model, gck_link_id } = this.env.searchModel.context;
            const target = gck_link_model
                ? { res_model: gck_link_model, res_id: gck_link_id }
                : {};
            return {
                label: name ? _t("Store in «%s»", name) : _t("Store in the inbox"),
                target: id ? { ...target, carpeta_id: id } : target,
            };
        }

        onClickUpload() {
            this.uploadInput.el.value = "";
            this.uploadInput.el.click();
        }

        onClickUploadFolder() {
            this.uploadFolderInput.el.value = "";
            this.uploadFolderInput.el.click();
        }

        onChangeUpload(ev) {
            return this.subida.upload(
                readFileList(ev.target.files),
                this.getPlace([]).target,
                () => this.onUploaded()
            );
        }

        async onUploaded() {
            if (this.rootRef.el && !this.editedRecord) {
                await this.env.searchModel._notify();
            }
        }
    };

export class DocumentoListController extends withUpload(GckListController) {
    static template = "gck_documentador.ListView";
}

export class DocumentoKanbanController extends withUpload(KanbanController) {
    static template = "gck_documentador.KanbanView";
}

const views = registry.category("views");
views.add("gck_documento_list", { ...listView, Controller: DocumentoListController });
views.add("gck_documento_kanban", { ...kanbanView, Controller: DocumentoKanbanController });
