import { registry } from "@web/core/registry";

const choose = (name, text) => [
    {
        trigger: `.o_form_view [name=${name}] input`,
        run: `edit ${text}`,
    },
    {
        trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option):contains(${text})`,
        run: "click",
    },
];

/**
 * With rights in Purchase and no others: from the order to a closed claim, then the list
 * in Purchase, the partner and the home page (O-23, O-24).
 */
registry.category("web_tour.tours").add("gck_reclamacion_compra", {
    steps: () => [
        {
            content: "Raise a claim from the order",
            trigger: "button[name=action_create_gck_reclamacion]",
            run: "click",
        },
        {
            content: "The vendor and the line came along",
            trigger: ".o_form_view .o_field_widget[name=partner_id] input:value(Aceros Duero)",
        },
        { trigger: ".o_data_row:contains(Compressor)" },
        {
            trigger: ".o_form_view [name=subject] textarea",
            run: "edit Llega doblado",
        },
        ...choose("tipo_id", "Producto de prueba"),
        ...choose("categoria_id", "Acabado de prueba"),
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved button[name=action_open]", run: "click" },
        { trigger: "button[name=action_evaluate]:not(:disabled)" },
        {
            content: "What it costs",
            trigger: ".nav-link[name=costes]",
            run: "click",
        },
        { trigger: ".nav-link[name=documentos]", run: "click" },
        { trigger: ".o_field_widget[name=vinculo_ids]" },
        { trigger: ".nav-link[name=causas]", run: "click" },
        ...choose("causa_id", "Causa de prueba"),
        { trigger: "button[name=action_evaluate]", run: "click" },
        { trigger: "button[name=action_close]", run: "click" },
        {
            content: "How it was solved",
            trigger: ".modal textarea",
            run: "edit Cambiado por otro",
        },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        {
            content: "Closed",
            trigger: ".o_arrow_button_current[data-value=done], .o_statusbar_status button.o_arrow_button_current",
        },
        { trigger: "body:not(:has(.modal))" },
        {
            content: "Back to the order, which counts it",
            trigger: ".o_back_button a, a.o_back_button",
            run: "click",
        },
        {
            trigger: "button[name=action_view_gck_reclamaciones]:contains(1)",
            run: "click",
        },
        { trigger: ".o_form_view [name=subject]:contains(Llega doblado)" },
        {
            content: "In the menu of Purchase",
            trigger: "[data-menu-xmlid='purchase.menu_procurement_management']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='gck_reclamaciones_purchase.menu_purchase_gck_reclamacion']",
            run: "click",
        },
        { trigger: ".o_searchview .o_facet_remove", run: "click" },
        { trigger: ".o_data_row:contains(Aceros Duero)" },
        {
            content: "A new one from the menu",
            trigger: ".o_list_button_add",
            run: "click",
        },
        ...choose("partner_id", "Aceros Duero"),
        {
            trigger: ".o_form_view [name=subject] textarea",
            run: "edit Sin documento",
        },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved button[name=action_open]" },
    ],
});
