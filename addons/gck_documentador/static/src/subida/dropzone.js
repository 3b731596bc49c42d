import { Dropzone } from "@web/core/dropzone/dropzone";
import { useCustomDropzone } from "@web/core/dropzone/dropzone_hook";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { readDataTransfer } from "./dropped_files";

/** Says where files would go, which may depend on what they are over. */
export class GckDropzone extends Dropzone {
    static template = "gck_documentador.Dropzone";
    static props = { ...Dropzone.props, getPlace: Function };

    setup() {
        super.setup();
        this.state.label = this.props.getPlace([]).label;
    }

    getPlace(ev) {
        const own = this.root.el;
        const below = document
            .elementsFromPoint(ev.clientX, ev.clientY)
            .filter((element) => element !== own && !own.contains(element));
        return this.props.getPlace(below);
    }

    onDragover(ev) {
        this.state.label = this.getPlace(ev).label;
    }

    onDrop(ev) {
        this.props.onDrop(ev, this.getPlace(ev));
    }
}

/**
 * Take files that are dropped on an element into the store.
 *
 * @param {Object} ref of the element
 * @param {(below: Element[]) => { label?: string, target: Object }} getPlace where files
 *  go that are dropped over some elements, the topmost first
 * @param {Object} [options]
 * @param {() => boolean} [options.isEnabled]
 * @param {boolean} [options.small] over a button, without a text
 * @param {(items: Object[]) => any} [options.onDone]
 * @param {(dropped: Object[], place: Object) => any} [options.onDrop] instead of the upload
 */
export function useStoreDropzone(ref, getPlace, options = {}) {
    const queue = useService("gck_subida");
    const { isEnabled = () => true, small = false, onDone, onDrop } = options;
    useCustomDropzone(
        ref,
        GckDropzone,
        {
            extraClass: `o_gck_dropzone ${small ? "o_gck_dropzone_small" : ""}`,
            getPlace: (below) => ({ label: _t("Store here"), ...getPlace(below) }),
            onDrop: async (ev, place) => {
                ev.preventDefault();
                const dropped = await readDataTransfer(ev.dataTransfer);
                if (onDrop) {
                    await onDrop(dropped, place);
                } else {
                    await queue.upload(dropped, place.target, onDone);
                }
            },
        },
        isEnabled
    );
    return queue;
}
