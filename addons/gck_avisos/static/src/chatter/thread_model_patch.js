import { Thread } from "@mail/core/common/thread_model";

import { patch } from "@web/core/utils/patch";

/**
 * How many actions of GCK a document has, and how many of them are pending. Undefined
 * for those whom the suite tells nothing: the button does not show then.
 */
patch(Thread.prototype, {
    setup() {
        super.setup(...arguments);
        /** @type {number|undefined} */
        this.gck_accion_count = undefined;
        /** @type {number|undefined} */
        this.gck_accion_pending = undefined;
    },
});
