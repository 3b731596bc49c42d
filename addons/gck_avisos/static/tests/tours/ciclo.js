import { registry } from "@web/core/registry";

const node = (text) => `.o_gck_ciclo_node:contains(${text})`;

/**
 * From a task: generate another action, which inherits what is known, and review the
 * whole family (M-38, M-39).
 */
registry.category("web_tour.tours").add("gck_ciclo", {
    steps: () => [
        {
            content: "What is typed and not saved yet is inherited too",
            trigger: ".o_field_widget[name=subject] textarea",
            run: "edit Enviar la oferta",
        },
        { content: "Generate action", trigger: ".o_gck_generar", run: "click" },
        {
            content: "A notice",
            trigger: ".o-dropdown-item[data-kind=aviso]",
            run: "click",
        },
        {
            content: "It takes over the subject",
            trigger:
                ".o_field_widget[name=lead_id], .o_field_widget[name=procedencia_id], .o_form_view:has(.o_field_widget[name=motivo_id])",
        },
        {
            content: "It says the same",
            trigger: ".o_field_widget[name=subject] textarea:value(Enviar la oferta)",
        },
        {
            content: "And is about the same contact",
            trigger: ".o_field_widget[name=contact_id] input:value(Marta Júcar)",
        },
        {
            content: "Call it by its own name",
            trigger: ".o_field_widget[name=subject] textarea",
            run: "edit Reclaman la oferta",
        },
        { content: "Save it", trigger: ".o_form_button_save", run: "click" },
        {
            content: "The cycle",
            trigger: "button[name=action_related]",
            run: "click",
        },
        { content: "It hangs from the task", trigger: node("Enviar la oferta") },
        {
            content: "It is the current one",
            trigger: ".o_gck_ciclo_current:contains(Reclaman la oferta)",
        },
        {
            content: "What is out of reach shows as such",
            trigger: ".o_gck_ciclo_closed",
        },
        {
            content: "The document of the task is named",
            trigger: ".o_gck_ciclo_documents a:contains(Cerámicas)",
        },
        {
            content: "Walk up to the task and open it from the keyboard",
            trigger: ".o_gck_ciclo_current",
            run: "press ArrowLeft",
        },
        {
            content: "Enter opens",
            trigger: `${node("Enviar la oferta")}:focus`,
            run: "press Enter",
        },
        {
            content: "The dialog is gone and the task is there",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=subject] textarea:value(Enviar la oferta)",
        },
    ],
});
