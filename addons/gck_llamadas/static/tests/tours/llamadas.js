import { registry } from "@web/core/registry";

/** From the chatter of a customer: a call that has just ended, noted in a dialog. */
registry.category("web_tour.tours").add("gck_llamada_chatter", {
    steps: () => [
        { content: "The menu of the button", trigger: ".o_gck_boton", run: "click" },
        {
            content: "A call",
            trigger: ".o_gck_panel_kind[data-kind=llamada]",
            run: "click",
        },
        {
            content: "It comes with the customer",
            trigger:
                ".modal .o_field_widget[name=partner_id] input:value(Cerámicas Júcar)",
        },
        {
            content: "What for",
            trigger: ".modal .o_field_widget[name=motivo_id] input",
            run: "edit Pide presupuesto",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item a:contains(Pide presupuesto)",
            run: "click",
        },
        {
            content: "How long",
            trigger: ".modal .o_field_widget[name=duration] input",
            run: "edit 0:12",
        },
        { content: "Save", trigger: ".modal footer .btn-primary", run: "click" },
        { content: "It says so", trigger: ".o_notification_buttons button" },
        {
            content: "Back on the customer, which counts it",
            trigger: "body:not(:has(.modal)) .o_gck_boton .badge:contains(1)",
        },
    ],
});

/** The line on top of the list, and the status edited in it (O-42, M-42). */
registry.category("web_tour.tours").add("gck_llamada_list", {
    steps: () => [
        { content: "New", trigger: ".o_list_button_add", run: "click" },
        {
            content: "The number",
            trigger: ".o_selected_row .o_field_widget[name=phone] input",
            run: "edit 600123456",
        },
        {
            content: "What about; meanwhile the number finds the customer",
            trigger: ".o_selected_row .o_field_widget[name=subject] input",
            run: "edit Pregunta el plazo",
        },
        {
            content: "The customer is there",
            trigger:
                ".o_selected_row .o_field_widget[name=partner_id] input:value(Cerámicas Júcar)",
        },
        { content: "Save", trigger: ".o_list_button_save", run: "click" },
        {
            content: "It is pending: mark it as made",
            trigger: ".o_data_row:contains(Pregunta el plazo) button[name=action_done]",
            run: "click",
        },
        {
            content: "Its button is gone",
            trigger:
                ".o_data_row:contains(Pregunta el plazo):not(:has(button[name=action_done]))",
        },
    ],
});

/** From the menu: a number that was mistyped, and the list behind that shows the call. */
registry.category("web_tour.tours").add("gck_llamada_menu", {
    steps: () => [
        {
            content: "From the menu, over the list",
            trigger: "[data-menu-xmlid='gck_llamadas.menu_gck_llamadas']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='gck_llamadas.menu_gck_llamada_quick']",
            run: "click",
        },
        {
            content: "A mistyped number",
            trigger: ".modal .o_field_widget[name=phone] input",
            run: "edit 600123456 && press Tab",
        },
        {
            content: "Its customer is proposed",
            trigger:
                ".modal .o_field_widget[name=partner_id] input:value(Cerámicas Júcar)",
        },
        {
            content: "The right number",
            trigger: ".modal .o_field_widget[name=phone] input",
            run: "edit 699888777 && press Tab",
        },
        {
            content: "Its customer is not",
            trigger: ".modal .o_field_widget[name=partner_id] input:value()",
        },
        {
            content: "What about",
            trigger: ".modal .o_field_widget[name=subject] textarea",
            run: "edit Se ha equivocado",
        },
        { content: "Save", trigger: ".modal footer .btn-primary", run: "click" },
        {
            content: "The list has it",
            trigger: "body:not(:has(.modal)) .o_data_row:contains(Se ha equivocado)",
        },
    ],
});
