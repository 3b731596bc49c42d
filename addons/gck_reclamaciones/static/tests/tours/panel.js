import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const back = {
    content: "Come back",
    trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a",
    run: "click",
};

/** Figures open what they count, and the period stays on the way back. */
tours.add("gck_quality_panel", {
    steps: () => [
        {
            content: "One claim is to be evaluated",
            trigger: "[data-tile=to_evaluate] .o_gck_panel_count:contains(1)",
        },
        {
            content: "The causes are drawn",
            trigger: "[data-block=causes] canvas",
        },
        { content: "Of the year", trigger: "[data-period=year]", run: "click" },
        { content: "It is chosen", trigger: "[data-period=year].active" },
        { content: "Open what is open", trigger: "[data-tile=open]", run: "click" },
        {
            content: "Its list holds the claim",
            trigger: ".o_list_view .o_data_row:contains(Gotea el compresor)",
        },
        back,
        { content: "Still of the year", trigger: "[data-period=year].active" },
        {
            content: "Open the cost",
            trigger: "[data-block=cost] .o_gck_panel_net",
            run: "click",
        },
        {
            content: "A cost opens its claim",
            trigger: ".o_list_view .o_data_row:contains(Horas) .o_data_cell",
            run: "click",
        },
        { content: "It is its form", trigger: ".o_form_view:contains(Gotea el compresor)" },
    ],
});

tours.add("gck_quality_panel_empty", {
    steps: () => [
        { content: "Nothing to count", trigger: ".o_gck_panel_empty" },
        {
            content: "Note the first one",
            trigger: ".o_gck_panel_empty .btn-primary",
            run: "click",
        },
        { content: "A new claim", trigger: ".o_form_view [name=subject]" },
    ],
});
