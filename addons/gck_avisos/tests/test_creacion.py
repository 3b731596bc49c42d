from unittest.mock import patch

from odoo.tests import tagged

from .common import AvisosCase


@tagged("post_install", "-at_install")
class TestCreacion(AvisosCase):
    """Actions created together get what each would get by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"phone": "911111111", "user_id": cls.own.id})
        cls.vendor.phone = "922222222"
        cls.tipo.write({"user_id": cls.own.id, "deadline_hours": 8})

    def assertSameAsAlone(self, model, vals_list, names):
        """Check that a batch and the same actions one by one have the same values."""
        alone = [model.create(vals) for vals in vals_list]
        together = model.create(vals_list)
        self.env.flush_all()
        self.env.invalidate_all()
        for vals, one, other in zip(vals_list, alone, together, strict=True):
            for name in names:
                with self.subTest(str(vals), field=name):
                    self.assertEqual(other[name], one[name])

    def get_precomputed(self, model):
        return [name for name, field in model._fields.items() if field.precompute]

    def test_k17_notices_of_a_batch_get_what_each_would_get(self):
        """Phone, salesperson, responsible and deadline, given ones included."""
        Aviso = self.env["gck.aviso"].with_user(self.reception)
        common = {"subject": "Pide un presupuesto", "date": "2026-03-02 09:00:00"}
        later = {**common, "date": "2026-03-03 09:00:00"}
        tipo = {"tipo_id": self.tipo.id}
        vals_list = [
            common,
            {**common, **tipo},
            {**common, **tipo, "subject": "Otro"},
            {**common, **tipo, "partner_id": self.customer.id, "phone": "600"},
            {**common, **tipo, "partner_id": self.customer.id},
            {**common, **tipo, "partner_id": self.customer.id, "subject": "Otro"},
            {**common, **tipo, "partner_id": self.vendor.id},
            {**common, **tipo, "contact_id": self.contact.id},
            {**later, **tipo, "partner_id": self.vendor.id},
            {**later, **tipo, "partner_id": self.vendor.id, "user_id": False},
            {**common, "phone": "600", "caller_name": "Ana"},
            {**common, "tag_ids": [(0, 0, {"name": "Urgente"})]},
        ]
        names = self.get_precomputed(Aviso)
        self.assertSameAsAlone(Aviso, vals_list, names)
        first, second = Aviso.create([vals_list[4], vals_list[6]])
        self.assertEqual((first.phone, second.phone), ("911111111", "922222222"))
        self.assertEqual(first.comercial_id, self.own)
        self.assertFalse(second.comercial_id)

    def test_m24_tasks_of_a_batch_get_what_each_would_get(self):
        """What they take from their notice, and what they bring themselves."""
        Tarea = self.env["gck.tarea"].with_user(self.reception)
        aviso = self.new_aviso(partner_id=self.customer.id, tipo_id=self.tipo.id)
        other = self.new_aviso(partner_id=self.vendor.id, subject="Otro")
        common = {"date": "2026-03-02 09:00:00"}
        vals_list = [
            {**common, "subject": "Suelta"},
            {**common, "aviso_id": aviso.id, "subject": "Propio"},
            {**common, "aviso_id": aviso.id},
            {**common, "aviso_id": other.id},
            {**common, "aviso_id": other.id, "partner_id": self.customer.id},
            {**common, "aviso_id": other.id, "user_id": self.own.id},
        ]
        self.assertSameAsAlone(Tarea, vals_list, self.get_precomputed(Tarea))

    def test_what_a_batch_has_alike_is_computed_once(self):
        """A thousand notices of one type and few partners, not a thousand times."""
        Aviso = self.env["gck.aviso"].with_user(self.reception)
        partners = (self.customer, self.vendor)
        vals_list = [
            {
                "subject": f"Aviso {n}",
                "partner_id": partners[n % 2].id,
                "date": "2026-03-02 09:00:00",
            }
            for n in range(50)
        ]
        made = []
        new = type(Aviso).new

        def count(self, *args, **kwargs):
            made.append(self._name)
            return new(self, *args, **kwargs)

        with patch.object(type(Aviso), "new", count):
            avisos = Aviso.create(vals_list)
        self.assertLessEqual(made.count("gck.aviso"), len(partners))
        self.assertEqual(len(set(avisos.mapped("name"))), 50)
        self.assertEqual(avisos[7].subject, "Aviso 7")
        self.assertEqual(avisos[7].phone, "922222222")
