import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { onMounted, onWillUnmount } from "@odoo/owl";

const INTERVAL = 2000;
const OPEN_STATES = ["pending", "running"];

/**
 * Read the records again every two seconds, only while one of them is under way and
 * somebody can see it.
 *
 * @param {Object} model of the view
 */
function useRefreshWhileOpen(model) {
    let interval = null;
    let busy = false;
    const isOpen = () => {
        const records = model.root.records || [model.root];
        return records.some((record) => OPEN_STATES.includes(record.data?.state));
    };
    const refresh = async () => {
        if (busy || document.visibilityState !== "visible" || !isOpen()) {
            return;
        }
        busy = true;
        try {
            await model.root.load();
        } finally {
            busy = false;
        }
    };
    onMounted(() => {
        interval = browser.setInterval(refresh, INTERVAL);
    });
    onWillUnmount(() => browser.clearInterval(interval));
}

class LoteFormController extends FormController {
    setup() {
        super.setup();
        useRefreshWhileOpen(this.model);
    }
}

class LoteListController extends ListController {
    setup() {
        super.setup();
        useRefreshWhileOpen(this.model);
    }
}

registry.category("views").add("gck_lote_form", {
    ...formView,
    Controller: LoteFormController,
});
registry.category("views").add("gck_lote_list", {
    ...listView,
    Controller: LoteListController,
});
