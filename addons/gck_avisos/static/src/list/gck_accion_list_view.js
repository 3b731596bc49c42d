import { useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";

import { GckAccionSearchModel } from "./gck_accion_search_model";
import { GckAccionToolbar } from "./gck_accion_toolbar";
import { GckListController } from "./gck_list_controller";

const DEFAULT_DATE_FIELD = "date_deadline";

/** A list of gck.accion: pending matters, late actions, all actions (M-13 to M-23). */
export class GckAccionListController extends GckListController {
    static template = "gck_avisos.AccionListView";
    static components = { ...GckListController.components, GckAccionToolbar };

    setup() {
        this.gckState = useState({ loads: 0 });
        super.setup();
    }

    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRootLoaded = () => {
            this.gckState.loads++;
        };
        return params;
    }

    get hasToolbar() {
        return Boolean(this.props.display.controlPanel) && !this.env.inDialog;
    }

    get dateField() {
        return this.props.context.gck_date_field || DEFAULT_DATE_FIELD;
    }

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

export const gckAccionListView = {
    ...listView,
    Controller: GckAccionListController,
    SearchModel: GckAccionSearchModel,
};

registry.category("views").add("gck_accion_list", gckAccionListView);
