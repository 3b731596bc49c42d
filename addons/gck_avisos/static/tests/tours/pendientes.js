import { registry } from "@web/core/registry";

const person = ".o_gck_toolbar_person .o_select_menu_toggler";
const tours = registry.category("web_tour.tours");

/** The day starts on what is pending: open it, finish it, note down something new. */
tours.add("gck_home", {
    steps: () => [
        {
            content: "What is late stands first, in red",
            trigger: "[data-section=late] .o_gck_home_row:contains(Reclamar el pago) .text-danger",
        },
        {
            content: "Then what is for these days",
            trigger: "[data-section=week] .o_gck_home_row:contains(Visitar al cliente)",
        },
        {
            content: "And what was asked of others",
            trigger: "[data-section=requested] .o_gck_home_row:contains(Pedir la pieza)",
        },
        {
            content: "Open the late one",
            trigger: "[data-section=late] .o_gck_home_subject:contains(Reclamar el pago)",
            run: "click",
        },
        { content: "It is its own form", trigger: ".o_form_view:contains(Reclamar el pago)" },
        {
            content: "Come back",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "Finish it from its row",
            trigger: "[data-section=late] [name=action_done]",
            run: "click",
        },
        {
            content: "Say what was done, as nothing was logged",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit Llamé y pagan mañana",
        },
        { content: "Confirm", trigger: ".modal footer button[name=action_confirm]", run: "click" },
        {
            content: "It is no longer there",
            trigger: ".o_gck_home_page:not(:has([data-section=late]))",
        },
        {
            content: "The tile of the tasks counts the one that is left",
            trigger: ".o_gck_home_kind[data-kind=tarea] .o_gck_home_count:contains(1)",
        },
        {
            content: "Open the list of pending tasks",
            trigger: ".o_gck_home_kind[data-kind=tarea] .o_gck_home_kind_open",
            run: "click",
        },
        {
            content: "Only one's own tasks are listed",
            trigger: ".o_list_view:has(.o_gck_kind.active[data-kind=tarea]) .o_data_row:only-child:contains(Visitar)",
        },
        { content: "Come back", trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a", run: "click" },
        {
            content: "The list, which has such a button too, is gone",
            trigger: ".o_action_manager:not(:has(.o_list_view)) .o_gck_home_page",
        },
        { content: "Something new", trigger: ".o_gck_new", run: "click" },
        { content: "A task", trigger: ".o-dropdown--menu [data-kind=tarea]", run: "click" },
        {
            content: "Its form is ready to be filled in",
            trigger: ".o_form_view [name=subject] textarea",
        },
    ],
});

/** Nothing is pending: the page says what to do next. */
tours.add("gck_home_empty", {
    steps: () => [
        { content: "Nothing is pending", trigger: ".o_gck_home_empty" },
        {
            content: "A button for each kind",
            trigger: ".o_gck_home_empty button[data-kind=aviso]",
            run: "click",
        },
        { content: "The form of a notice", trigger: ".o_form_view [name=subject]" },
    ],
});

/** Leaving the page as home, and taking it back. */
tours.add("gck_home_opt_out", {
    steps: () => [
        { content: "The first screen", trigger: ".o_gck_home_toggle[data-opt-out='0']", run: "click" },
        { content: "It changed", trigger: ".o_gck_home_toggle[data-opt-out='1']" },
    ],
});

/** Choosing people, kinds and days above the list; asking again with F5. */
tours.add("gck_accion_list", {
    url: "/odoo/gck-pendientes",
    steps: () => [
        {
            content: "One's own matters come first",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(Ajena))) .o_data_row:contains(Reclamar el pago)",
        },
        {
            content: "The kinds are counted, late ones in red",
            trigger: ".o_gck_kind[data-kind=tarea]:contains(2) .o_gck_kind_late:contains(1)",
        },
        { content: "Choose another person", trigger: person, run: "click" },
        {
            content: "A colleague",
            trigger: ".o_select_menu_item:contains(Carlos Colleague)",
            run: "click",
        },
        {
            content: "The colleague's matters",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(Reclamar))) .o_data_row:contains(Ajena)",
        },
        { content: "And everybody's", trigger: person, run: "click" },
        { content: "The second choice", trigger: ".o_select_menu_item:eq(1)", run: "click" },
        {
            content: "Both people's matters",
            trigger: ".o_list_view:has(.o_data_row:contains(Reclamar)) .o_data_row:contains(Ajena)",
        },
        { content: "Only notices", trigger: ".o_gck_kind[data-kind=aviso]", run: "click" },
        {
            content: "Only the notice",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(Reclamar))) .o_data_row:contains(Pide precio)",
        },
        { content: "All kinds again", trigger: ".o_gck_kind:first", run: "click" },
        {
            content: "A day on which nothing is due",
            trigger: ".o_gck_day",
            run: "edit 01/01/2020 && press Enter",
        },
        { content: "No rows", trigger: ".o_view_nocontent, .o_list_view:not(:has(.o_data_row))" },
        { content: "Any day", trigger: ".o_gck_period_clear", run: "click" },
        { content: "The rows are back", trigger: ".o_data_row:contains(Ajena)" },
        { content: "Only tasks", trigger: ".o_gck_kind[data-kind=tarea]", run: "click" },
        {
            content: "Only tasks are listed",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(Pide precio))) .o_data_row:contains(Ajena)",
        },
        {
            content: "Meanwhile somebody renames one; F5 shows it",
            trigger: ".o_data_row:contains(Ajena)",
            async run() {
                const { orm } = odoo.__WOWL_DEBUG__.root.env.services;
                const [id] = await orm.search("gck.tarea", [["subject", "=", "Ajena"]]);
                await orm.write("gck.tarea", [id], { subject: "Cambiada" });
                window.gckSamePage = true;
                window.dispatchEvent(
                    new KeyboardEvent("keydown", { key: "F5", bubbles: true, cancelable: true })
                );
            },
        },
        {
            content: "The list was read again with its filters, the page was not",
            trigger:
                ".o_list_view:has(.o_gck_kind.active[data-kind=tarea]):not(:has(.o_data_row:contains(Pide precio))) .o_data_row:contains(Cambiada)",
            run() {
                if (!window.gckSamePage) {
                    throw new Error("F5 loaded the whole page.");
                }
            },
        },
        {
            content: "A row opens what it stands for",
            trigger: ".o_data_row:contains(Cambiada) [name=subject]",
            run: "click",
        },
        { content: "The task", trigger: ".o_form_view:contains(Cambiada)" },
        {
            content: "Back in the list",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "The choice is still there",
            trigger: ".o_list_view .o_gck_kind.active[data-kind=tarea]",
        },
    ],
});
