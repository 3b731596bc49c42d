import json

from odoo.tests import new_test_user, tagged

from .common import SuiteHttpCase, get_catalogue, installed_suite_addons

# Goes through every view of some actions in one page of the web client. Whatever the
# client writes to the console as an error fails the test, as do English words.
WALK = """
(async () => {
    const { actions, english } = %s;
    const { action } = odoo.__WOWL_DEBUG__.root.env.services;
    const tick = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    async function settle() {
        await tick(100);
        const busy = () => document.querySelector(".o_blockUI, .o_loading_indicator");
        for (let i = 0; i < 100 && busy(); i++) {
            await tick(50);
        }
    }
    function check(place) {
        const texts = new Set();
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const { parentElement, textContent } = walker.currentNode;
            if (!parentElement.closest("script, style, .o_field_html")) {
                texts.add(textContent.trim().replace(/\\s+/g, " "));
            }
        }
        for (const name of ["placeholder", "title", "aria-label"]) {
            for (const element of document.querySelectorAll(`[${name}]`)) {
                texts.add(element.getAttribute(name).trim());
            }
        }
        for (const text of texts) {
            if (english.includes(text)) {
                console.error(`English in ${place}: ${text}`);
            }
        }
    }
    for (const { id, views, record } of actions) {
        await action.doAction(id, { clearBreadcrumbs: true });
        await settle();
        check(`${id}, first view`);
        for (const view of views) {
            const options = view === "form" && record ? { resId: record } : {};
            await action.switchView(view, options);
            await settle();
            check(`${id}, ${view}`);
        }
    }
    console.log("test successful");
})();
"""


@tagged("post_install", "-at_install")
class TestScreens(SuiteHttpCase):
    """Every screen opens for whoever sees its menu, without errors or English."""

    def _get_english(self):
        """Return the source terms of the suite that read differently in Spanish."""
        english, spanish = set(), set()
        for addon in installed_suite_addons(self.env):
            for entry in get_catalogue(addon).translated_entries():
                (english if entry.msgid != entry.msgstr else spanish).add(entry.msgid)
                spanish.add(entry.msgstr)
        # What is also a Spanish word somewhere cannot be told apart.
        return sorted(term for term in english - spanish if len(term) > 2)

    def _get_actions(self, user):
        """Return the actions that a user reaches from the menus of the suite."""
        menus = self.env["ir.ui.menu"].with_user(user)
        root = self.env.ref("gck_avisos.menu_gck_root")
        actions = []
        visible = menus.browse(menus._visible_menu_ids())
        for menu in menus.search([("id", "child_of", root.id)]) & visible:
            action = menu.sudo().action
            if action and action._name != "ir.actions.act_window":
                actions.append({"id": action.id, "views": [], "record": False})
            if not action or action._name != "ir.actions.act_window":
                continue
            model = self.env[action.res_model].with_user(user)
            record = model.search([], limit=1)
            views = action.view_mode.split(",")
            if not record and not model.has_access("create"):
                # What nobody creates on its screen has no form yet.
                views = [view for view in views if view != "form"]
            actions.append({"id": action.id, "views": views, "record": record.id})
        return actions

    def _walk(self, login, groups):
        user = new_test_user(
            self.env, login=login, groups=groups, lang="es_ES", tz="Europe/Madrid"
        )
        partner = self.env["res.partner"].create({"name": "Talleres Ruiz"})
        # What is logged is written in the language of whoever does it.
        env = self.env(context={**self.env.context, "lang": "es_ES"})
        aviso = env["gck.aviso"].create(
            {
                "partner_id": partner.id,
                "subject": "No ha recibido el presupuesto",
                "user_id": user.id,
                "requester_id": user.id,
            }
        )
        tarea = env["gck.tarea"].create(
            {**aviso._prepare_tarea_vals(), "user_id": user.id}
        )
        env["gck.intervencion"].create(
            {
                **tarea._prepare_intervencion_vals(),
                "user_id": user.id,
                "description": "<p>Enviado</p>",
                "duration": 0.5,
            }
        )
        # Nobody creates a job on its screen: it is launched from a list.
        env["gck.lote"].with_user(user)._create_over(
            "gck.tarea", [], "_bulk_postpone", {"hours": 1}, title="Posponer"
        )
        actions = self._get_actions(user)
        self.assertTrue(actions)
        data = json.dumps({"actions": actions, "english": self._get_english()})
        self.browser_js(
            "/odoo/gck-recepcion",
            WALK % data,
            "odoo.isReady === true && !!odoo.__WOWL_DEBUG__",
            login=login,
            timeout=180,
        )

    def test_screens_of_a_user(self):
        """A user who sees only their own work opens every screen of the menus."""
        self._walk("pantallas_propio", "gck_avisos.group_gck_aviso_user")

    def test_screens_of_a_manager(self):
        """A manager opens every screen, the tables included."""
        self._walk("pantallas_gestor", "gck_avisos.group_gck_aviso_manager")
