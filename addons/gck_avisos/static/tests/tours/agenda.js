import { registry } from "@web/core/registry";

/**
 * From the calendar: a slot, the small window, the whole form with what was typed; then
 * the list and its print dialog.
 */
registry.category("web_tour.tours").add("gck_agenda", {
    url: "/odoo/gck-agenda",
    steps: () => [
        {
            content: "Choose a day at the top, for the whole day",
            trigger: ".fc-daygrid-day.fc-day-mon .fc-daygrid-day-frame",
            run: "click",
        },
        {
            content: "Give it a reference",
            trigger: ".o_calendar_event_form_quick_create [name=name] input",
            run: "edit Visita de prueba",
        },
        {
            content: "The customer",
            trigger: ".o_calendar_event_form_quick_create [name=gck_partner_id] input",
            run: "edit Bodegas de Prueba",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Bodegas de Prueba)",
            run: "click",
        },
        {
            content: "Its contact is asked for",
            trigger: ".o_calendar_event_form_quick_create [name=gck_contact_id] input",
        },
        {
            content: "Go on in the whole form",
            trigger: ".modal-footer .o_form_button_more, .modal-footer button:contains(Más opciones), .modal-footer button:contains(More Options)",
            run: "click",
        },
        {
            content: "Reference and customer came along, and it is at the client's",
            trigger: ".o_form_view [name=name] textarea:value(Visita de prueba), .o_form_view [name=name] input:value(Visita de prueba)",
        },
        {
            trigger: ".o_form_view [name=gck_partner_id] input:value(Bodegas de Prueba)",
        },
        {
            trigger: ".o_form_view [name=gck_clase] input[data-value=client]:checked",
        },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
        { trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { trigger: ".o_switch_view.o_list", run: "click" },
        {
            trigger: ".o_data_row:contains(Visita de prueba):contains(Bodegas de Prueba)",
        },
        {
            content: "Print from the list",
            trigger: ".o_control_panel button:has(.fa-print)",
            run: "click",
        },
        { trigger: ".modal [name=user_ids]" },
        { trigger: ".modal [name=action_print]" },
        { trigger: ".modal .modal-footer .btn-secondary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        {
            content: "Print what is selected",
            trigger: ".o_data_row:contains(Visita de prueba) .o_list_record_selector input",
            run: "click",
        },
        { trigger: ".o_cp_action_menus button:has(.fa-cog)", run: "click" },
        { trigger: ".o-dropdown--menu .o_menu_item:contains(agenda)", run: "click" },
        { trigger: ".modal [name=user_ids] [data-tooltip*=Agust], .modal [name=user_ids]:contains(Agust)" },
        { content: "The other print", trigger: ".modal [name=print_type] input[data-value=detailed]", run: "click" },
        { trigger: ".modal .modal-footer .btn-secondary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});
