import { registry } from "@web/core/registry";

const row = ".o_selected_row";

/** A line of the register of activities, from the keyboard. */
registry.category("web_tour.tours").add("gck_registro", {
    url: "/odoo/gck-registro",
    steps: () => [
        { content: "A new line", trigger: ".o_list_button_add", run: "click" },
        {
            content: "It starts where the last one ended, and lasts until now",
            trigger: `${row} [name=duration] input:value(00:3)`,
        },
        {
            content: "For whom",
            trigger: `${row} [name=partner_id] input`,
            run: "edit Talleres Ruiz",
        },
        {
            content: "Choose the customer",
            trigger: ".o-autocomplete--dropdown-item:contains(Talleres Ruiz)",
            run: "click",
        },
        {
            content: "What",
            trigger: `${row} [name=subject] input`,
            run: "edit Ajuste de puertas",
        },
        {
            content: "It took longer",
            trigger: `${row} [name=duration] input`,
            run: "edit 01:15",
        },
        { content: "Save", trigger: ".o_list_button_save", run: "click" },
        {
            content: "The line is there, with its hours",
            trigger: ".o_data_row:contains(Ajuste de puertas):contains(01:15)",
        },
        {
            content: "And they add up",
            trigger: ".o_list_footer:contains(02:15)",
        },
    ],
});
