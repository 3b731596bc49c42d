import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";

import { GckListController } from "./gck_list_controller";

export const gckListView = {
    ...listView,
    Controller: GckListController,
};

registry.category("views").add("gck_list", gckListView);
