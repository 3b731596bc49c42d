import { ActivityMenu } from "@mail/core/web/activity_menu";
import { patch } from "@web/core/utils/patch";

/**
 * The lines of what GCK assigned to the user open the kind's own list with its own
 * filters: mail's filters are about native activities, of which there are none here.
 */
patch(ActivityMenu.prototype, {
    openActivityGroup(group, filter = "all", newWindow) {
        if (!group.gck_assigned) {
            return super.openActivityGroup(...arguments);
        }
        this.dropdown.close();
        const context = { search_default_mine: 1, search_default_pending: 1 };
        if (filter === "overdue") {
            context.search_default_late = 1;
        } else if (filter === "today") {
            context.search_default_today = 1;
        } else if (filter === "upcoming_all") {
            context.search_default_later = 1;
        }
        this.action.doAction(group.gck_action, {
            newWindow,
            additionalContext: context,
            clearBreadcrumbs: true,
        });
    },
});
