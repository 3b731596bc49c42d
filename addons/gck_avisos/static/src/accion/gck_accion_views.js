import { onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

import { NewAction } from "../core/new_action";
import { useRefreshKey } from "../core/refresh_key";
import { GckListController } from "../list/gck_list_controller";
import { GckAccionSearchModel } from "./gck_accion_search_model";
import { GckAccionToolbar } from "./gck_accion_toolbar";

const DEFAULT_DATE_FIELD = "date_deadline";

/** What list and kanban of gck.accion share: the toolbar, and «New» of any kind. */
const withToolbar = (Controller) =>
    class extends Controller {
        static components = { ...Controller.components, GckAccionToolbar, NewAction };

        setup() {
            this.gckState = useState({ loads: 0 });
            this.creatableKinds = [];
            super.setup();
            const orm = useService("orm");
            const action = useService("action");
            onWillStart(async () => {
                if (this.hasToolbar) {
                    const kinds = await orm.call(this.props.resModel, "get_kinds");
                    this.creatableKinds = kinds.filter((kind) => kind.create);
                }
            });
            this.createAction = async (kind) => {
                // Of a partner or a document, what is new comes filled from it.
                const { gck_origin_of_new: origin, gck_partner_id } = this.props.context;
                const [resModel, resId] = origin || [false, false];
                const opened = await orm.call(this.props.resModel, "get_create_action", [
                    kind.code,
                    resModel,
                    resId,
                    gck_partner_id || false,
                ]);
                await action.doAction(opened, { onClose: () => this.refresh() });
            };
        }

        get modelParams() {
            const params = super.modelParams;
            params.hooks.onRootLoaded = ({ domain, offset, orderBy }) => {
                // Another page or order of the same rows: as many of each kind.
                const which = JSON.stringify(domain);
                const place = JSON.stringify([offset, orderBy]);
                if (which !== this.gckShown?.which || place === this.gckShown.place) {
                    this.gckState.loads++;
                }
                this.gckShown = { which, place };
            };
            return params;
        }

        get hasToolbar() {
            return Boolean(this.props.display.controlPanel) && !this.env.inDialog;
        }

        get toolbarProps() {
            return {
                resModel: this.props.resModel,
                dateField: this.props.context.gck_date_field || DEFAULT_DATE_FIELD,
                loads: this.gckState.loads,
            };
        }
    };

/** A list of gck.accion: pending matters, late actions, all actions (M-13 to M-23). */
export class GckAccionListController extends withToolbar(GckListController) {
    static template = "gck_avisos.AccionListView";

    /** The one person whose actions are listed, by name. */
    get personName() {
        const values = this.env.searchModel.getFieldValues("user_id");
        return values.length === 1 ? values[0].label : "";
    }

    async onClickPrint() {
        const { context, domain, ids, groupby, order } = this.getShownQuery();
        const action = await this.orm.call(
            this.props.resModel,
            "action_print",
            [ids ? [["id", "in", ids]] : domain],
            {
                order,
                groupby,
                title: this.env.config.getDisplayName(),
                person: this.personName,
                context,
            }
        );
        await this.actionService.doAction(action);
    }
}

/** The same on a phone, as cards. */
export class GckAccionKanbanController extends withToolbar(KanbanController) {
    static template = "gck_avisos.AccionKanbanView";

    setup() {
        super.setup();
        useRefreshKey(
            () => this.refresh(),
            () => !this.env.inDialog
        );
    }

    /** Run the query again, where the user is. */
    async refresh() {
        await this.model.load();
    }
}

registry
    .category("views")
    .add("gck_accion_list", {
        ...listView,
        Controller: GckAccionListController,
        SearchModel: GckAccionSearchModel,
    })
    .add("gck_accion_kanban", {
        ...kanbanView,
        Controller: GckAccionKanbanController,
        SearchModel: GckAccionSearchModel,
    });
