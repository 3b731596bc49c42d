import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** Lets the signer sign once the document is accepted. */
export class Firma extends Interaction {
    static selector = ".o_gck_firma";
    dynamicContent = {
        "#gck_accept": { "t-on-change": this.onAccept },
    };

    start() {
        // Ticked while the page was still loading, or kept by the browser.
        if (this.el.querySelector("#gck_accept")?.checked) {
            this.onAccept();
        }
    }

    async onAccept() {
        const accepted = this.el.querySelector("#gck_accept").checked;
        const alert = this.el.querySelector("[role=alert]");
        if (accepted) {
            const url = `/gck/firma/${this.el.dataset.token}/acepto`;
            const result = await this.waitFor(rpc(url, {}));
            alert.textContent = result.error || "";
            alert.classList.toggle("d-none", !result.error);
            if (result.error) {
                return;
            }
        }
        // Not hidden before: the drawing area takes its size when it is put there.
        const form = this.el.querySelector(".o_gck_firma_sign");
        form.classList.toggle("opacity-50", !accepted);
        form.inert = !accepted;
    }
}

registry.category("public.interactions").add("gck_escritos.firma", Firma);
