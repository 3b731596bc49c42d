import { registry } from "@web/core/registry";

const button = ".o_gck_boton";

/**
 * From the chatter of a document, whatever it is: make an action that comes filled in
 * and linked, find it there, and see it from both sides (K-3, K-15, K-41).
 */
registry.category("web_tour.tours").add("gck_chatter", {
    steps: () => [
        {
            content: "The document has nothing yet: its button says no number",
            trigger: `${button}:not(:has(.badge))`,
            run: "click",
        },
        { content: "The menu says so", trigger: ".o_gck_panel_empty" },
        {
            content: "A new task",
            trigger: ".o_gck_panel_kind[data-kind=tarea]",
            run: "click",
        },
        {
            content: "It is about the customer of the document",
            trigger: ".o_field_widget[name=partner_id] input:value(Cerámicas Júcar)",
        },
        {
            content: "Say what has to be done",
            trigger: ".o_field_widget[name=subject] textarea",
            run: "edit Revisar el documento",
        },
        { content: "Save it", trigger: ".o_form_button_save", run: "click" },
        { content: "It is saved", trigger: ".o_form_saved, .o_gck_boton", run: () => {} },
        {
            content: "The document is linked",
            trigger: ".o_notebook .nav-link:contains(Documents), .o_notebook .nav-link:contains(Documentos)",
            run: "click",
        },
        {
            content: "It shows in its tab",
            trigger: ".o_field_widget[name=vinculo_ids] .o_data_row",
        },
        {
            content: "Back to the document",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            // The task has such a button as well, where its document is an action too.
            content: "Its button counts the task",
            trigger: `.o_form_view:not(:has(.o_field_widget[name=requester_id])) ${button} .badge:contains(1)`,
            run: "click",
        },
        {
            content: "And its menu opens it",
            trigger: ".o_gck_panel_row:contains(Revisar el documento)",
            run: "click",
        },
        {
            content: "There it is",
            trigger: ".o_field_widget[name=subject] textarea:value(Revisar el documento)",
        },
    ],
});

/** A document that was linked to something deleted since still opens its menu. */
registry.category("web_tour.tours").add("gck_chatter_existing", {
    steps: () => [
        { content: "Open the menu", trigger: button, run: "click" },
        {
            content: "Link it to an action that exists",
            trigger: ".o_gck_panel_link",
            run: "click",
        },
        {
            content: "Look for it by its subject",
            trigger: ".modal .o_field_widget[name=accion_id] input",
            run: "edit Pide un presupuesto",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains(Pide un presupuesto) > a",
            run: "click",
        },
        {
            content: "Link",
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "The count is refreshed without leaving the form",
            trigger: `body:not(:has(.modal)) ${button} .badge:contains(1)`,
        },
    ],
});

/** Whoever has no role in the suite sees a chatter like any other. */
registry.category("web_tour.tours").add("gck_chatter_outsider", {
    steps: () => [
        {
            content: "The chatter has loaded, and there is no button",
            trigger: ".o-mail-Chatter:has(.o-mail-Followers-counter):not(:has(.o_gck_boton))",
        },
    ],
});
