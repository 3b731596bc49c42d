import { registry } from "@web/core/registry";

/**
 * Put the next call of a list in the place of the one that was made, so that the way
 * back is always the list; without one, say why and go back to it.
 */
async function showNextCall(env, { params }) {
    if (params.action) {
        return env.services.action.doAction(params.action, {
            stackPosition: "replaceCurrentAction",
        });
    }
    env.services.notification.add(params.message, { type: "info" });
    return env.services.action.doAction(params.list, {
        stackPosition: "replacePreviousAction",
    });
}

registry.category("actions").add("gck_llamada_campana_next", showNextCall);
