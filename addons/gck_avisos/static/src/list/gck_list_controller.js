import { onWillUnmount } from "@odoo/owl";
import { evaluateBooleanExpr } from "@web/core/py_js/py";
import { download } from "@web/core/network/download";
import { useService } from "@web/core/utils/hooks";
import { orderByToString } from "@web/search/utils/order_by";
import { ListController } from "@web/views/list/list_controller";

import { useRefreshKey } from "../core/refresh_key";

const SKIPPED_WIDGETS = ["handle", "image", "list_activity", "signature"];
const AGGREGATES = ["sum", "avg", "max", "min"];

/**
 * Lists of the suite: F5 runs the query again (W-30), so does the end of a job on what
 * they list, and what is on the screen goes to Excel in one click (W-16). Any list takes
 * part with js_class="gck_list".
 */
export class GckListController extends ListController {
    static template = "gck_avisos.ListView";

    setup() {
        super.setup();
        this.uiService = useService("ui");
        useRefreshKey(
            () => this.refresh(),
            () => !this.env.inDialog && !this.editedRecord
        );
        const bus = useService("bus_service");
        const onJobEnd = ({ res_model: resModel }) => this.onJobEnd(resModel);
        bus.subscribe("gck_lote_end", onJobEnd);
        onWillUnmount(() => bus.unsubscribe("gck_lote_end", onJobEnd));
    }

    /** Show what a job has done, unless the user is in the middle of something. */
    onJobEnd(resModel) {
        const isIdle = !this.editedRecord && !this.model.root.selection?.length;
        if (resModel === this.props.resModel && isIdle) {
            this.refresh();
        }
    }

    /** Run the query again, where the user is: same page, same open groups. */
    async refresh() {
        await this.model.load();
    }

    get hasExcel() {
        return this.isExportEnable && !this.env.inDialog && this.archInfo.activeActions.exportXlsx;
    }

    /**
     * The columns as they are on the screen, in their order.
     *
     * @returns {Array<{name: string, label: string, widget: string, aggregate: string|false}>}
     */
    getShownColumns() {
        return this.archInfo.columns
            .filter(
                (column) =>
                    column.type === "field" &&
                    (!column.optional || this.optionalActiveFields[column.name]) &&
                    !evaluateBooleanExpr(column.column_invisible, this.props.context) &&
                    !SKIPPED_WIDGETS.includes(column.widget)
            )
            .map((column) => ({
                name: column.name,
                label: column.label || this.props.fields[column.name].string,
                widget: column.widget || false,
                aggregate: AGGREGATES.find((name) => column.attrs[name]) || false,
            }));
    }

    /** What the list shows, or the rows selected in it. */
    getShownQuery() {
        const { root } = this.model;
        const hasChosen = !root.isDomainSelected && root.selection.length > 0;
        return {
            context: root.context,
            domain: root.domain,
            ids: hasChosen ? root.selection.map((record) => record.resId) : false,
            groupby: root.groupBy,
            order: orderByToString(root.orderBy.filter((term) => term.name !== "__count")),
        };
    }

    async onClickExcel() {
        this.uiService.block();
        try {
            await download({
                url: "/gck/excel",
                data: {
                    data: JSON.stringify({
                        ...this.getShownQuery(),
                        model: this.props.resModel,
                        columns: this.getShownColumns(),
                        title: this.env.config.getDisplayName(),
                    }),
                },
            });
        } finally {
            this.uiService.unblock();
        }
    }
}
