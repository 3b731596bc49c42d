import { registry } from "@web/core/registry";

const field = (name) => `.o_field_widget[name=${name}]`;
const dialog = ".modal:not(.o_inactive_modal)";

function choose(name, text, scope = "") {
    return [
        {
            content: `Write in ${name}`,
            trigger: `${scope} ${field(name)} input`,
            run: `edit ${text}`,
        },
        {
            content: `Choose «${text}» in ${name}`,
            trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option):contains(${text})`,
            run: "click",
        },
    ];
}

/**
 * A customer calls because a quotation did not arrive (K-32): from the call to the
 * closed notice, as reception and sales do it, without a detour.
 */
registry.category("web_tour.tours").add("caso_kriter", {
    url: "/odoo/gck-recepcion",
    steps: () => [
        { content: "New notice", trigger: ".o_list_button_add", run: "click" },
        {
            content: "The number of the caller",
            trigger: `${field("phone")} input`,
            run: "edit 0034 600 123 456 && press Tab",
        },
        {
            content: "The number proposes the customer",
            trigger: `${field("partner_id")} input:value(Talleres Ruiz)`,
        },
        {
            content: "Somebody new is calling",
            trigger: `${field("contact_id")} input`,
            run: "edit Marta Gil",
        },
        {
            content: "Create the contact on the fly",
            trigger: ".o_m2o_dropdown_option_create",
            run: "click",
        },
        ...choose("motivo_id", "Presupuesto"),
        {
            content: "What they say",
            trigger: `${field("subject")} textarea`,
            run: "edit No ha recibido el presupuesto",
        },
        { content: "Save", trigger: ".o_form_button_save", run: "click" },
        {
            content: "The notice has its number and waits",
            trigger: ".o_form_saved .o_arrow_button_current[data-value=new]",
        },
        {
            content: "Raise the task",
            trigger: "button[name=action_create_tarea]",
            run: "click",
        },
        {
            content: "A new task, with no finished step",
            trigger: `.o_arrow_button_current[data-value=pending]`,
        },
        {
            content: "It is about the same customer",
            trigger: `${field("partner_id")} input:value(Talleres Ruiz)`,
        },
        {
            content: "What has to be done",
            trigger: `${field("subject")} textarea`,
            run: "edit Enviar el presupuesto",
        },
        ...choose("user_id", "Comercial Caso"),
        { content: "Save the task", trigger: ".o_form_button_save", run: "click" },
        {
            content: "Log the call",
            trigger: ".o_form_saved button[name=action_log_intervencion]",
            run: "click",
        },
        ...choose("activity_id", "Llamada", dialog),
        {
            content: "An outgoing call",
            trigger: `${dialog} ${field("direction")} input[data-value=out]`,
            run: "click",
        },
        {
            content: "What was said",
            trigger: `${dialog} ${field("description")} .odoo-editor-editable`,
            run: "editor Llamo a Marta: se lo envío ahora",
        },
        {
            content: "Keep the intervention",
            trigger: `${dialog} .o_form_button_save`,
            run: "click",
        },
        {
            content: "Look at the documents",
            trigger: "body:not(:has(.modal)) .nav-link[name=documentos]",
            run: "click",
        },
        {
            content: "Link the quotation",
            trigger: "button[name=action_link_document]",
            run: "click",
        },
        {
            content: "The customer's quotation is proposed: choose it",
            trigger: `${dialog} .o_data_row:contains(KRITER-1) td[name=selected]`,
            run: "click",
        },
        {
            content: "Tick it",
            trigger: `${dialog} .o_selected_row td[name=selected] input`,
            run({ anchor }) {
                if (!anchor.checked) {
                    anchor.click();
                }
            },
        },
        {
            content: "Link it",
            trigger: `${dialog} button[name=action_confirm]`,
            run: "click",
        },
        {
            content: "The quotation is linked",
            trigger: `body:not(:has(.modal)) ${field("vinculo_ids")} .o_data_row:contains(KRITER-1)`,
        },
        { content: "Finish the task", trigger: "button[name=action_done]", run: "click" },
        {
            content: "The task is finished",
            trigger: ".o_arrow_button_current[data-value=done]",
        },
        {
            content: "Go to the notice",
            trigger: "button[name=action_view_aviso]",
            run: "click",
        },
        {
            content: "All its tasks are done",
            trigger: `button[name=action_view_tareas]:contains("1/1")`,
        },
        {
            content: "Close the notice",
            trigger: "button[name=action_close]",
            run: "click",
        },
        {
            content: "The notice is closed",
            trigger: ".o_arrow_button_current[data-value=done]",
        },
    ],
});
