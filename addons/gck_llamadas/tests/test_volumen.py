from datetime import timedelta
from functools import partial

from lxml import etree

from odoo.tests import tagged

from .common import ALL, LlamadasCase

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
        self.assert_flat(self.create_calls, lambda count: count, limit=50)

    def test_o41_calls_of_a_batch_get_what_each_would_get(self):
        """Who made them, with whom, their subject and number."""
        self.llamada_tipo.deadline_hours = 4
        lead = self.env["crm.lead"].create({"name": "Lead", "phone": "933333333"})
        common = {"motivo_id": self.motivo.id, "date": "2026-03-02 09:00:00"}
        partners = [{"partner_id": partner.id} for partner in self.partners[:2]]
        tipo = {"tipo_id": self.llamada_tipo.id}
        vals_list = [
            {**common, **partners[0]},
            {**common, **partners[1], "phone": "600"},
            {**common, **partners[1], "subject": "Presupuesto"},
            {**common, **partners[1]},
            {**common, **partners[1], **tipo},
            {**common, **partners[0], **tipo, "date": "2026-03-03 09:00:00"},
            {**common, "lead_id": lead.id},
            {**common, "caller_name": "Ana", "user_id": self.own.id},
            {**common, "direction": "in", "motivo_id": False, "phone": "911234567"},
        ]
        names = [name for name, f in self.Llamada._fields.items() if f.precompute]
        alone = [self.Llamada.create(vals) for vals in vals_list]
        together = self.Llamada.create(vals_list)
        self.track()
        self.forget()
        for vals, one, other in zip(vals_list, alone, together, strict=True):
            for name in (*names, "phone_sanitized"):
                with self.subTest(str(vals), field=name):
                    self.assertEqual(other[name], one[name])
        self.assertEqual(together[3].phone, self.partners[1].phone)

    def test_o41_calls_one_by_one(self):
        """Each costs what it writes: number, row, followers, first message."""
        self.create_calls(1, user_id=self.reception.id)
        self.track()
        before = self.env.cr.sql_log_count
        for _n in range(20):
            self.create_calls(1, user_id=self.reception.id)
            self.track()
        self.assertLessEqual((self.env.cr.sql_log_count - before) / 20, 5)

    def test_o41_form_is_read_with_few_queries(self):
        """By whoever sees every call."""
        self.reception.group_ids += self.env.ref(ALL)
        call = self.create_calls(1)
        arch = self.Llamada.get_view(view_type="form")["arch"]
        fields = etree.fromstring(arch).xpath("//field[not(ancestor::field)]/@name")
        shown = {
            name: {"fields": {"display_name": {}}}
            if self.Llamada._fields[name].type == "many2one"
            else {}
            for name in fields
        }
        self.forget()
        call.web_read(shown)  # rules are read once in the life of a worker
        values = {}
        queries = self.count_queries(lambda: values.update(call.web_read(shown)[0]))
        self.assertLessEqual(queries, 10)
        self.assertEqual(values["user_id"]["display_name"], self.own.name)

    def test_o42_made_calls_are_noted_in_bulk(self):
        self.assert_flat(
            partial(self.create_calls, state="done"), lambda count: count, limit=70
        )

    def test_o46_calls_are_marked_in_bulk(self):
        self.assert_flat(
            lambda calls: calls.write({"state": "done"}), self.create_calls, limit=40
        )

    def test_o47_missed_calls_are_marked_in_bulk(self):
        """Each rang at another moment; their rights are looked up together."""
        start = self.hours_from_now(-50)

        def prepare(count):
            vals = {"direction": "in", "arrival": "mail", "user_id": self.own.id}
            missed = self.env["gck.llamada"].create(
                [
                    {**vals, "date_start": start + timedelta(minutes=n)}
                    for n in range(count)
                ]
            )
            self.forget()
            return missed.with_user(self.own)

        self.assert_flat(lambda calls: calls._do_done(), prepare)

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
