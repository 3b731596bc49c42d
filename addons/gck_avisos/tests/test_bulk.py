from functools import partial

from odoo.tests import tagged

from .common import AvisosCase

FEW, MANY = 10, 300
# What a batch three hundred long may cost more than one of ten: the inserts and updates
# of one statement per chunk of records, never something for every record.
SLACK = 40


@tagged("post_install", "-at_install")
class TestBulk(AvisosCase):
    """Many records at once: nothing half done, and no query for each of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Here all is done at once; the jobs are tested in test_bulk_engine.
        cls.env["ir.config_parameter"].set_param("gck_avisos.bulk_limit", 1000)

    def create_avisos(self, count, **vals):
        Aviso = self.env["gck.aviso"].with_user(self.reception)
        return Aviso.create(
            [
                {
                    "subject": f"Aviso {n}",
                    "partner_id": self.customer.id,
                    "tipo_id": self.tipo.id,
                    "date_deadline": f"2026-03-02 09:{n % 60:02d}:00",
                    **vals,
                }
                for n in range(count)
            ]
        )

    def create_tareas(self, avisos, **vals):
        Tarea = self.env["gck.tarea"].with_user(self.reception)
        return Tarea.create(
            [{"aviso_id": aviso.id, "user_id": self.own.id, **vals} for aviso in avisos]
        )

    def assertFlat(self, prepare, run):
        """Check that many records cost the queries of few, within a constant."""
        run(prepare(FEW))  # what is loaded once in the life of a worker
        few, many = (
            self.count_queries(partial(run, prepare(count))) for count in (FEW, MANY)
        )
        message = f"{FEW} records: {few} queries; {MANY}: {many}"
        self.assertLessEqual(many, few + SLACK, message)

    # ------------------------------------------------------------
    # Closing many
    # ------------------------------------------------------------

    def test_k44_closing_500_at_once(self):
        """Every closable notice is closed; the rest is named with the reason."""
        avisos = self.create_avisos(500)
        blocked, already = avisos[100:105], avisos[200:203]
        tareas = self.create_tareas(blocked)
        self.create_tareas(avisos[300:350])._do_done("Hecho")
        already.action_close()
        notification = avisos.action_close_possible()["params"]
        self.assertEqual(notification["type"], "warning")
        self.assertNames(
            notification["message"],
            "492",
            *already.mapped("name"),
            *blocked.mapped("name"),
            *tareas.mapped("name"),
        )
        self.assertEqual(avisos.filtered(lambda a: a.state != "done"), blocked)

    def test_k35_reason_required_later_locks_nothing_older(self):
        """Notices from before the setting are worked on, closed and cancelled."""
        avisos = self.create_avisos(4)
        self.company.gck_motivo_required = True
        self.create_tareas(avisos[0])._do_done("Hecho")
        avisos[1].action_open()
        avisos[:3].action_close_possible()
        self.confirm(avisos[3].action_cancel(), text="Duplicado")
        self.assertEqual(avisos.mapped("state"), ["done"] * 3 + ["cancel"])

    def test_k44_closing_what_is_dated_in_the_future(self):
        """A slip in the date of one notice does not stop the rest."""
        avisos = self.create_avisos(3)
        avisos[0].date = self.hours_from_now(48)
        message = avisos.action_close_possible()["params"]["message"]
        self.assertNames(message, avisos[0].name)
        self.assertEqual(avisos.filtered(lambda a: a.state == "done"), avisos[1:])

    def test_k44_refusals_of_many_are_counted(self):
        """More refusals than fit are counted, none is silently left out."""
        avisos = self.create_avisos(40)
        self.create_tareas(avisos)
        message = avisos.action_close_possible()["params"]["message"]
        self.assertNames(message, avisos[0].name, "30")
        self.assertFalse(avisos.filtered(lambda a: a.state == "done"))

    # ------------------------------------------------------------
    # Query counts
    # ------------------------------------------------------------

    def test_creating_notices_is_flat(self):
        """Number, channel and notification cost the batch, not the notice."""
        self.assertFlat(lambda count: count, self.create_avisos)

    def test_creating_tasks_is_flat(self):
        """Tasks with an assignee, on notices that wait in the queue."""
        self.assertFlat(self.create_avisos, self.create_tareas)

    def test_finishing_tasks_is_flat(self):
        """With requesters to be told and a closing text."""
        self.assertFlat(
            lambda count: self.create_tareas(
                self.create_avisos(count), requester_id=self.colleague.id
            ),
            lambda tareas: tareas._do_done("Hecho"),
        )

    def test_closing_notices_is_flat(self):
        """Both the button and the one that closes what is possible."""
        self.assertFlat(self.create_avisos, lambda avisos: avisos.action_close())
        self.assertFlat(
            self.create_avisos, lambda avisos: avisos.action_close_possible()
        )

    def test_postponing_is_flat(self):
        """Many deadlines move and each change is logged in a few queries."""
        self.assertFlat(self.create_avisos, lambda avisos: avisos.action_postpone(5))

    def test_reassigning_is_flat(self):
        """One notification for the new person, one batch for the log of changes."""

        def reassign(tareas):
            self.confirm(
                tareas.action_reassign(), user_id=self.colleague.id, note="Baja"
            )

        self.assertFlat(
            lambda count: self.create_tareas(self.create_avisos(count)),
            reassign,
        )

    def test_reading_a_list_is_flat(self):
        """What lists and cards show of the notices and tasks of a user."""

        def read(records):
            names = ("display_name", "tarea_progress", "vinculo_count", "is_late")
            names = [name for name in names if name in records._fields]
            records.with_user(self.own).read(names)

        self.assertFlat(lambda n: self.create_avisos(n, user_id=self.own.id), read)
        self.assertFlat(lambda n: self.create_tareas(self.create_avisos(n)), read)
