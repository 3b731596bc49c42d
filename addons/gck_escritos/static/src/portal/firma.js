import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** Shows the form of the signature once the document is accepted. */
export class Firma extends Interaction {
    static selector = ".o_gck_firma";
    dynamicContent = {
        "#gck_accept": { "t-on-change": this.onAccept },
    };

    async onAccept(ev) {
        const accepted = ev.currentTarget.checked;
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
        this.el.querySelector(".o_gck_firma_sign").classList.toggle("d-none", !accepted);
        // The drawing area takes its size when it is shown.
        window.dispatchEvent(new Event("resize"));
    }
}

registry.category("public.interactions").add("gck_escritos.firma", Firma);
