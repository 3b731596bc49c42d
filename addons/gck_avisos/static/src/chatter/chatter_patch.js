import { Chatter } from "@mail/chatter/web_portal/chatter";
import "@mail/chatter/web/chatter_patch";

import { patch } from "@web/core/utils/patch";

import { GckBoton } from "@gck_avisos/chatter/gck_boton";

Object.assign(Chatter.components, { GckBoton });

patch(Chatter.prototype, {
    /** Show what a dialog of GCK changed: the count, and the form's own figures. */
    async onGckChanged() {
        const { thread } = this.state;
        await Promise.all([
            this.load(thread, [...this.requestList, "messages"]),
            this.props.record?.load(),
        ]);
    },
});
