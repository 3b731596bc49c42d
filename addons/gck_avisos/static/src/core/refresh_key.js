import { useExternalListener } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { useService } from "@web/core/utils/hooks";

/**
 * Make F5 run a query again instead of loading the whole page, so that filters and
 * period stay (W-30). Ctrl+F5 and Shift+F5 still load the page, and so does F5 while a
 * dialog is open.
 *
 * @param {() => any} refresh runs the query
 * @param {() => boolean} [canRefresh] false leaves the key to the browser
 */
export function useRefreshKey(refresh, canRefresh = () => true) {
    const ui = useService("ui");
    useExternalListener(browser, "keydown", (ev) => {
        const isPlain = !ev.ctrlKey && !ev.metaKey && !ev.shiftKey && !ev.altKey;
        if (ev.key !== "F5" || !isPlain || ev.defaultPrevented) {
            return;
        }
        if (ui.activeElement !== document || !canRefresh()) {
            return;
        }
        ev.preventDefault();
        if (!ev.repeat) {
            refresh();
        }
    });
}
