import { registry } from "@web/core/registry";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

import { GckListController } from "../list/gck_list_controller";
import { withFileImport } from "./file_import";

export class RecepcionListController extends withFileImport(GckListController) {
    static template = "gck_avisos.RecepcionListView";
}

export class RecepcionKanbanController extends withFileImport(KanbanController) {
    static template = "gck_avisos.RecepcionKanbanView";
}

/** The pane beside the form is for faxes, not for the logo of a signature. */
export class AvisoFormRenderer extends FormRenderer {
    hasFile() {
        return (
            super.hasFile() &&
            this.messagingState.thread.attachmentsInWebClientView.some(
                (attachment) => attachment.isPdf
            )
        );
    }
}

const views = registry.category("views");
views.add("gck_recepcion_list", { ...listView, Controller: RecepcionListController });
views.add("gck_recepcion_kanban", { ...kanbanView, Controller: RecepcionKanbanController });
views.add("gck_aviso_form", { ...formView, Renderer: AvisoFormRenderer });
