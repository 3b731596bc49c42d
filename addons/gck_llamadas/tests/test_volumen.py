from functools import partial

from odoo.tests import tagged

from .common import LlamadasCase

FEW, MANY, THOUSAND = 5, 80, 1000


@tagged("post_install", "-at_install")
class TestVolumen(LlamadasCase):
    """A thousand calls cost what a few cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Cliente {n}", "phone": f"91{n:07}"} for n in range(FEW)]
        )
        cls.Llamada = cls.env["gck.llamada"].with_user(cls.reception)

    def create_calls(self, count, **vals):
        return self.Llamada.create(
            [
                {
                    "motivo_id": self.motivo.id,
                    "partner_id": self.partners[n % FEW].id,
                    "user_id": self.own.id,
                    "duration": (n % 50) / 60,
                    **vals,
                }
                for n in range(count)
            ]
        )

    def assert_flat(self, run, prepare, limit=60):
        """Check that many cost no more than few, and a thousand less than a limit.

        Of a thousand, Odoo inserts and updates a hundred at a time.
        """
        run(prepare(FEW))  # what is cached for all users is read once
        few, many, thousand = (
            self.count_queries(partial(run, prepare(count)))
            for count in (FEW, MANY, THOUSAND)
        )
        self.assertLessEqual(many, few + 2)
        self.assertLessEqual(thousand, limit)

    def test_o41_calls_are_noted_in_bulk(self):
        self.assert_flat(self.create_calls, lambda count: count)

    def test_o42_made_calls_are_noted_in_bulk(self):
        self.assert_flat(
            partial(self.create_calls, state="done"), lambda count: count, limit=70
        )

    def test_o46_calls_are_marked_in_bulk(self):
        self.assert_flat(lambda calls: calls._do_done(), self.create_calls)

    def test_o46_nobody_answers_in_bulk(self):
        self.assert_flat(lambda calls: calls._do_no_answer(), self.create_calls)

    def test_o46_calls_are_reopened_in_bulk(self):
        self.assert_flat(
            lambda calls: calls._do_reopen(),
            partial(self.create_calls, state="done"),
        )

    def test_k40_work_is_logged_in_bulk(self):
        aviso = self.new_aviso(partner_id=self.customer.id)

        def prepare(count):
            action = aviso.action_spawn("llamada")
            model = self.Llamada.with_context(**action["context"])
            return model.create([{"motivo_id": self.motivo.id}] * count)

        self.assert_flat(lambda calls: calls._do_done(), prepare)

    def test_o43_counts_of_partners_in_one_query(self):
        self.create_calls(MANY)

        def read(partners):
            partners.with_user(self.reception).mapped("gck_llamada_count")

        read(self.partners)
        few = self.count_queries(partial(read, self.partners[:2]))
        self.assertLessEqual(self.count_queries(partial(read, self.partners)), few)

    def test_o46_many_are_marked_in_the_background(self):
        """From the list: the person goes on, the work is done by the queue."""
        calls = self.create_calls(THOUSAND)
        action = calls.action_done()
        self.assertIsInstance(action, dict)
        calls.invalidate_recordset()
        lote = self.env["gck.lote"].search([], order="id desc", limit=1)
        self.assertEqual(lote.user_id, self.reception)
