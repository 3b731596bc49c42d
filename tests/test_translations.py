import io

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

from .common import get_catalogue, installed_suite_addons


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    """Whoever works in Spanish never meets an English word of ours."""

    def _get_terms(self, addon):
        """Return the terms that an addon would export now, demo data apart."""
        buffer = io.BytesIO()
        trans_export(False, [addon], buffer, "po", self.env)
        return {
            entry.msgid
            for entry in polib.pofile(buffer.getvalue().decode())
            if not all(".demo_" in place for place, _line in entry.occurrences)
        }

    def test_every_term_is_translated_into_spanish(self):
        """es.po of each addon holds every term of its code, views and data."""
        for addon in installed_suite_addons(self.env):
            with self.subTest(addon=addon):
                terms = self._get_terms(addon)
                translated = {
                    entry.msgid for entry in get_catalogue(addon).translated_entries()
                }
                self.assertFalse(terms - translated, f"{addon}: not in Spanish")

    def test_areas_have_the_labels_that_they_inherit(self):
        """Every kind says «Alta» and «Urgente», whichever addon it comes from."""
        labels = [
            label for _value, label in self._get_selection("gck.tarea", "priority")
        ]
        self.assertNotIn("High", labels)
        for model_name in self.env["gck.accion"]._get_mixin_kinds().values():
            with self.subTest(model=model_name):
                found = self._get_selection(model_name, "priority")
                self.assertEqual([label for _value, label in found], labels)

    def _get_selection(self, model_name, name):
        model = self.env[model_name].with_context(lang="es_ES")
        return model.fields_get([name])[name]["selection"]

    def test_placeholders_survive_translation(self):
        """A message keeps its names and numbers in Spanish."""
        for addon in installed_suite_addons(self.env):
            for entry in get_catalogue(addon).translated_entries():
                with self.subTest(addon=addon, term=entry.msgid):
                    self.assertEqual(
                        self._get_placeholders(entry.msgid),
                        self._get_placeholders(entry.msgstr),
                    )

    @staticmethod
    def _get_placeholders(text):
        pieces = text.split("%")[1:]
        return sorted(
            piece.split(")")[0] if piece.startswith("(") else piece[:1]
            for piece in pieces
            if piece[:1] in ("(", "s", "d")
        )
