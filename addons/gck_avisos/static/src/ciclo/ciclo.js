import { Component, onMounted, onWillStart, useRef, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { AccionFila } from "@gck_avisos/chatter/accion_fila";

/**
 * Say for each node of a tree, given depth first, which lines lead to it: for every
 * level, whether the line goes on below because a sibling of that branch follows.
 *
 * @param {{ level: number }[]} nodes
 * @returns {boolean[][]} for each node one entry per level, its own being the last
 */
export function getGuides(nodes) {
    const guides = [];
    const open = [];
    for (let index = nodes.length - 1; index >= 0; index--) {
        const { level } = nodes[index];
        open.length = Math.min(open.length, level + 1);
        guides[index] = Array.from({ length: level }, (_, i) => Boolean(open[i + 1]));
        open[level] = true;
    }
    return guides;
}

/**
 * The cycle of an action (M-39): everything that it came from and that came from it,
 * as a tree.
 */
export class Ciclo extends Component {
    static template = "gck_avisos.Ciclo";
    static components = { AccionFila };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Cycle");
    static target = "new";

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.treeRef = useRef("tree");
        this.state = useState({ nodes: [], truncated: false, focused: 0 });
        onWillStart(() => this.load());
        onMounted(() => this.focus(this.state.focused));
    }

    async load() {
        const { res_model, res_id } = this.props.action.params;
        const { nodes, truncated } = await this.orm.call("gck.accion", "get_family", [
            res_model,
            res_id,
        ]);
        const guides = getGuides(nodes);
        nodes.forEach((node, index) => (node.guides = guides[index]));
        const current = nodes.findIndex((node) => node.current);
        Object.assign(this.state, { nodes, truncated, focused: Math.max(current, 0) });
    }

    focus(index) {
        const item = this.treeRef.el?.querySelectorAll("[role=treeitem]")[index];
        if (item) {
            this.state.focused = index;
            item.focus();
            item.scrollIntoView({ block: "nearest" });
        }
    }

    /** @param {KeyboardEvent} ev */
    onKeydown(ev, index) {
        const { nodes } = this.state;
        const targets = {
            ArrowDown: () => index + 1,
            ArrowUp: () => index - 1,
            Home: () => 0,
            End: () => nodes.length - 1,
            ArrowLeft: () => nodes.findIndex((node) => node.key === nodes[index].parent),
            ArrowRight: () => nodes.findIndex((node) => node.parent === nodes[index].key),
        };
        if (ev.key === "Enter" || ev.key === " ") {
            this.open(nodes[index]);
        } else if (ev.key in targets) {
            this.focus(targets[ev.key]());
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    /** Open the record of a node; the one that the cycle is shown of is there already. */
    async open(node) {
        if (!node.readable) {
            return;
        }
        if (node.current) {
            return this.action.doAction({ type: "ir.actions.act_window_close" });
        }
        if (!node.id) {
            return this.openRecord(node.res_model, node.res_id);
        }
        // The full page closes the dialog.
        await this.action.doAction(
            await this.orm.call("gck.accion", "action_open", [[node.id]])
        );
    }

    /** Open a record that is no action, such as a linked document. */
    async openRecord(resModel, resId) {
        await this.action.doAction({
            type: "ir.actions.act_window",
            res_model: resModel,
            res_id: resId,
            views: [[false, "form"]],
            target: "current",
        });
    }
}

registry.category("actions").add("gck_ciclo", Ciclo);
