import { Component, onWillStart, reactive, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

// More at once would hide the page; the lists show them all.
const CARDS_SHOWN = 3;
// Longer nobody lets it ring: its end was not told.
const RINGING_STAYS = 180000;
// How long the card of a call stays that somebody has answered, or that is over.
const ANSWERED_STAYS = 30000;
const ENDED_STAYS = 8000;

/**
 * The calls that ring at the user's telephone, as cards (O-47).
 *
 * The bus tells no more than which call; what is shown of it is read with the rights of
 * the user.
 */
export const llamadaEntranteService = {
    dependencies: ["bus_service", "orm"],

    start(env, { bus_service: bus, orm }) {
        const state = reactive({ cards: [] });
        const timers = {};

        function close(id) {
            clearTimeout(timers[id]);
            delete timers[id];
            const index = state.cards.findIndex((card) => card.id === id);
            if (index >= 0) {
                state.cards.splice(index, 1);
            }
        }

        function closeLater(id, delay) {
            clearTimeout(timers[id]);
            timers[id] = setTimeout(() => close(id), delay);
        }

        function show(card) {
            close(card.id);
            state.cards.unshift(card);
            closeLater(card.id, RINGING_STAYS);
            for (const other of state.cards.slice(CARDS_SHOWN)) {
                close(other.id);
            }
        }

        async function load(id) {
            try {
                const card = await orm.silent.call("gck.llamada", "get_caller_card", [[id]]);
                if (card.phase === "ringing") {
                    show(card);
                }
            } catch {
                // Not for this user to see, or gone: nothing is shown.
            }
        }

        bus.subscribe("gck_llamadas/call", ({ id, phase }) => {
            const card = state.cards.find((shown) => shown.id === id);
            if (phase === "ringing") {
                load(id);
            } else if (card) {
                card.missed = phase === "ended" && card.phase === "ringing";
                card.phase = phase;
                closeLater(id, phase === "ended" ? ENDED_STAYS : ANSWERED_STAYS);
            }
        });
        bus.start();

        return { state, close, show };
    },
};

registry.category("services").add("gck_llamada_entrante", llamadaEntranteService);

/** The cards, over whatever page is open. */
export class LlamadaEntrante extends Component {
    static template = "gck_llamadas.LlamadaEntrante";
    static props = {};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.entrante = useService("gck_llamada_entrante");
        this.state = useState(this.entrante.state);
        onWillStart(() => this.loadRinging());
    }

    /** Calls that rang already when the page was opened; nothing waits for them. */
    loadRinging() {
        this.orm.silent
            .call("gck.llamada", "get_ringing_cards", [])
            .then((cards) => cards.forEach((card) => this.entrante.show(card)))
            .catch(() => {});
    }

    getStatus(card) {
        if (card.missed) {
            return _t("Missed");
        }
        return {
            ringing: _t("Incoming call"),
            answered: _t("On the line"),
            ended: _t("Call over"),
        }[card.phase];
    }

    close(card) {
        this.entrante.close(card.id);
    }

    openRecord(resModel, resId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: resModel,
            res_id: resId,
            views: [[false, "form"]],
        });
    }

    openCall(card) {
        return this.openRecord("gck.llamada", card.id);
    }

    openPartner(card) {
        return this.openRecord("res.partner", card.partner);
    }

    openLead(card) {
        return this.openRecord("crm.lead", card.lead);
    }

    openMatter(matter) {
        return this.openRecord(matter.res_model, matter.res_id);
    }

    /** A new notice, filled from the call and linked with it. */
    async newNotice(card) {
        const action = await this.orm.call("gck.accion", "get_create_action", [
            "aviso",
            "gck.llamada",
            card.id,
        ]);
        return this.action.doAction(action);
    }
}

registry.category("main_components").add("gck_llamadas.LlamadaEntrante", {
    Component: LlamadaEntrante,
});
