from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import UserError

from .common import AvisosCase

BULK_LIMIT = 5
REFUSAL = "No puede ser"


class LotesCase(AvisosCase):
    """Jobs in bulk: a small limit, and workers that commit within the test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("gck_avisos.bulk_limit", BULK_LIMIT)

    @classmethod
    def new_tareas(cls, count, user=None, **vals):
        """Create tasks, planned for a day from now, as the receptionist unless told."""
        Tarea = cls.env["gck.tarea"].with_user(user or cls.reception)
        return Tarea.create(
            [
                {
                    "subject": f"Tarea {n}",
                    "user_id": cls.own.id,
                    "date_deadline": cls.hours_from_now(24),
                    **vals,
                }
                for n in range(count)
            ]
        )

    @contextmanager
    def committing(self):
        """Give an environment whose commits and rollbacks stay within the test."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield self.env(cr=cr, user=self.env.ref("base.user_root").id, su=True)

    def work(self):
        """Do what a worker does until nothing is left."""
        with self.committing() as env:
            env["gck.lote"]._cron_process()

    def new_lote(self, records, method, params=None, chunk_size=None, **kwargs):
        """Create a job over records as their user."""
        return records.env["gck.lote"]._create_over(
            records._name,
            [("id", "in", records.ids)],
            method,
            params,
            chunk_size=chunk_size,
            **kwargs,
        )

    def lines(self, lote):
        """Return the state and message of each record of a job."""
        lines = self.env["gck.lote.linea"].search([("lote_id", "=", lote.id)])
        return {line.res_id: (line.state, line.message) for line in lines}

    def last_lote(self):
        return self.env["gck.lote"].search([], limit=1)

    @contextmanager
    def failing(self, model, method, bad):
        """Let a method fail on a set of records, by their ids."""
        original = getattr(self.registry[model], method)

        def fail(records, *args, **kwargs):
            if set(records.ids) & set(bad.ids):
                raise UserError(REFUSAL)
            return original(records, *args, **kwargs)

        with patch.object(self.registry[model], method, fail):
            yield
