import { registry } from "@web/core/registry";
import { ControllerNotFoundError } from "@web/webclient/actions/action_service";

/**
 * Put the next call of a list in the place of the one that was made, so that the way
 * back is always the list; without one, say why and go back to it.
 */
async function showNextCall(env, { params }) {
    const { action, notification } = env.services;
    if (params.action) {
        return action.doAction(params.action, { stackPosition: "replaceCurrentAction" });
    }
    notification.add(params.message, { type: "info" });
    try {
        return await action.restore();
    } catch (error) {
        if (!(error instanceof ControllerNotFoundError)) {
            throw error;
        }
        // The call was opened by its address: there is nothing to go back to.
        return action.doAction(params.list, { clearBreadcrumbs: true });
    }
}

registry.category("actions").add("gck_llamada_campana_next", showNextCall);
