from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import EscritoCase


@tagged("post_install", "-at_install")
class TestEnvio(EscritoCase):
    """Bulk letters: made and issued by jobs, none twice, failures named."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(
                type(cls.env["gck.escrito"]),
                "_render_pdf",
                lambda self, *args, **kwargs: b"%PDF-1.4 " + self.name.encode(),
            )
        )
        cls.texto = cls.env["gck.texto"].create(
            {"name": "Circular", "code": "CIR", "body": "<p>Hola, {cliente}</p>"}
        )
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": f"Cliente {index}", "street": "Calle 1", "city": "Huesca"}
                for index in range(5)
            ]
        )
        cls.partners[2].city = False
        cls.Envio = cls.env["gck.escrito.envio"].with_user(cls.writer)

    def _create_envio(self, records=None):
        records = records if records is not None else self.partners
        action = self.Envio.create_from_selection(records._name, records.ids)
        envio = self.Envio.browse(action["res_id"])
        envio.texto_id = self.texto
        return envio

    def _run(self, lote):
        """Do what a worker does with the lines of a job."""
        records = self.env[lote.res_model].with_user(self.writer)
        lines = self.env["gck.lote.linea"].sudo().search([("lote_id", "=", lote.id)])
        failures, _error = records.browse(lines.mapped("res_id"))._gck_run_isolated(
            lote.method
        )
        # The job is over; another may be made.
        lote.sudo().state = "done"
        return failures

    def test_one_failing_recipient_does_not_stop_the_rest(self):
        """The one without an address is named; the others get their letter."""
        envio = self._create_envio()
        self.assertEqual(envio.recipient_count, 5)
        envio.action_write()
        failures = self._run(envio.lote_id)
        self.assertEqual(len(failures), 1)
        self.assertIn("Cliente 2", next(iter(failures.values())))
        self.env.invalidate_all()
        self.assertEqual((envio.written_count, envio.failed_count), (4, 1))
        self.assertEqual(envio.escrito_ids.partner_id, self.partners - self.partners[2])

    def test_run_again_makes_none_twice(self):
        """A second run writes only to those who were missing."""
        envio = self._create_envio()
        envio.action_write()
        self._run(envio.lote_id)
        self.partners[2].city = "Jaca"
        envio.action_write()
        self.assertFalse(self._run(envio.lote_id))
        self.env.invalidate_all()
        self.assertEqual((envio.written_count, envio.failed_count), (5, 0))
        self.assertEqual(len(envio.escrito_ids), 5)

    def test_issue_in_bulk(self):
        """The drafts are issued by a job in small chunks; once each."""
        envio = self._create_envio(self.partners[:2])
        envio.action_write()
        self._run(envio.lote_id)
        envio.action_issue()
        self.assertLessEqual(envio.issue_lote_id.chunk_size, 20)
        self.assertFalse(self._run(envio.issue_lote_id))
        self.env.invalidate_all()
        self.assertEqual(envio.issued_count, 2)
        self.assertEqual(len(set(envio.escrito_ids.mapped("name"))), 2)
        self.assertIn("Hola, Cliente 0", envio.escrito_ids.sorted()[-1].body_issued)

    def test_documents_with_a_customer(self):
        """From a list of documents each letter is about, and linked to, its own."""
        leads = self.env["crm.lead"].create(
            [
                {"name": f"Obra {index}", "partner_id": self.partners[0].id}
                for index in range(2)
            ]
        )
        self.writer.group_ids += self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        envio = self._create_envio(leads)
        self.texto.body = "<p>Sobre {documento}</p>"
        envio.action_write()
        self.assertFalse(self._run(envio.lote_id))
        self.env.invalidate_all()
        texts = [doc._get_merged()["body"] for doc in envio.escrito_ids]
        self.assertEqual(len(texts), 2)
        self.assertTrue(any("Obra 0" in text for text in texts))
        self.assertTrue(any("Obra 1" in text for text in texts))

    def test_nobody_and_no_text(self):
        """An empty selection, and letters without a text, are refused."""
        with self.assertRaises(UserError):
            self.Envio.create_from_selection("res.partner", [])
        envio = self._create_envio()
        envio.texto_id = False
        with self.assertRaisesRegex(UserError, "standard text"):
            envio.action_write()
        with self.assertRaises(UserError):
            self.Envio.create_from_selection("res.country", [self.spain.id])
        with self.assertRaisesRegex(UserError, "issue it first"):
            envio.action_print()

    def test_queries_do_not_grow_with_the_letters(self):
        """Writing twenty letters costs hardly more queries than writing five."""
        counts = []
        for number in (5, 20):
            partners = self.env["res.partner"].create(
                [
                    {"name": f"N{index}", "street": "Calle 1", "city": "Huesca"}
                    for index in range(number)
                ]
            )
            envio = self._create_envio(partners)
            lines = envio.linea_ids
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            lines._bulk_write()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 15 * 3)
