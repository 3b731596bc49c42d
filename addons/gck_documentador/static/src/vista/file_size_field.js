import { registry } from "@web/core/registry";
import { IntegerField, integerField } from "@web/views/fields/integer/integer_field";

import { formatSize } from "./vista";

/** The size of a file as people read it. */
export class FileSizeField extends IntegerField {
    get formattedValue() {
        return formatSize(this.value);
    }
}

registry.category("fields").add("gck_file_size", { ...integerField, component: FileSizeField });
