import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Made, no answer, skipped and made: each brings the next, and the end says so. */
tours.add("gck_llamada_campana", {
    steps: () => [
        { trigger: ".o_data_row:contains(Renovaciones) td[name=name]", run: "click" },
        { content: "Begin", trigger: "button[name=action_work]:enabled", run: "click" },
        {
            content: "The first call",
            trigger: ".o_gck_turno [name=tercero]:contains(Cerámicas Júcar)",
        },
        { content: "Later", trigger: "button[name=action_campana_skip]:enabled", run: "click" },
        {
            content: "The second call",
            trigger: ".o_gck_turno [name=tercero]:contains(Aceros Duero)",
        },
        {
            content: "Nobody answers",
            trigger: "button[name=action_campana_no_answer]:enabled",
            run: "click",
        },
        {
            content: "The third call",
            trigger: ".o_gck_turno h3 [name=contact_id]:contains(Marta)",
        },
        { content: "Made", trigger: "button[name=action_campana_done]:enabled", run: "click" },
        {
            content: "The one that was skipped comes last",
            trigger: ".o_gck_turno:not(:has(h3:visible)) [name=tercero]:contains(Cerámicas Júcar)",
        },
        { content: "Made", trigger: "button[name=action_campana_done]:enabled", run: "click" },
        { content: "Nothing is left for now", trigger: ".o_notification" },
        {
            content: "Back on the list",
            trigger: ".o_form_view:not(.o_gck_turno) .o_field_widget[name=progress_text]:contains(2 / 3)",
        },
    ],
});

/** Figures and hours open the calls that they count; the period stays. */
tours.add("gck_call_panel", {
    steps: () => [
        { content: "One call", trigger: "[data-tile=total] .o_gck_call_panel_value:contains(1)" },
        { content: "Of the year", trigger: "[data-period=year]", run: "click" },
        { content: "It is chosen", trigger: "[data-period=year].active" },
        {
            content: "Open an hour",
            trigger: ".o_gck_heat_cell:enabled",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row:contains(Pide precio)" },
        { trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a", run: "click" },
        { content: "Still of the year", trigger: "[data-period=year].active" },
        { content: "Only incoming", trigger: "[data-direction=in]", run: "click" },
        { content: "There is none", trigger: ".o_gck_call_panel_empty" },
    ],
});
