import { registry } from "@web/core/registry";

const line = ".o-mail-ActivityGroup[data-model_name='gck.tarea']";
const clock = ".o_menu_systray button:has(.fa-clock-o)";

/**
 * The clock counts the tasks that were given to somebody, and each count leads to
 * just those tasks.
 */
registry.category("web_tour.tours").add("gck_systray", {
    url: "/odoo/gck-recepcion",
    steps: () => [
        { content: "Open the clock", trigger: clock, run: "click" },
        {
            content: "One is late: open it",
            trigger: `${line} .btn-link:contains(1)`,
            run: "click",
        },
        {
            content: "Only the late task is listed",
            trigger: ".o_data_row:only-child:contains(Ayer)",
        },
        { content: "Open the clock again", trigger: clock, run: "click" },
        {
            content: "Two are for later: open them",
            trigger: `${line} .btn-link:contains(2)`,
            run: "click",
        },
        {
            content: "One is for another day",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(Ayer))) .o_data_row:contains(Otro)",
        },
        {
            content: "And one has no deadline",
            trigger: ".o_data_row:contains(Cuando se pueda)",
        },
        { content: "Open the clock once more", trigger: clock, run: "click" },
        { content: "Open all of them", trigger: `${line} [name=activityTitle]`, run: "click" },
        {
            content: "The three tasks",
            trigger: ".o_list_view:has(.o_data_row:contains(Ayer)):has(.o_data_row:contains(Otro))",
        },
    ],
});
