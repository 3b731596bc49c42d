from odoo import models
from odoo.tools import groupby, is_html_empty, plaintext2html

# What hangs from what: a task says more than the notice that it belongs to.
PARENT_FIELDS = {"gck.tarea": "tarea_id", "gck.aviso": "aviso_id"}


class GckLlamadaIntervencionMixin(models.AbstractModel):
    """A call that was planned for a task or a notice counts as work on it (K-40).

    It logs one intervention there when it is made, with direction and result. Calls
    that come from nothing log none: they are on record themselves, and no hour is
    counted twice. Part of ``gck.llamada``, whose fields it reads.
    """

    _name = "gck.llamada.intervencion.mixin"
    _description = "Work that a call is"

    def _log_interventions(self):
        """Log calls that were just made on the open work that they came from."""
        work = self._get_open_work()
        Intervencion = self.env["gck.intervencion"].sudo()
        logged = Intervencion.search([("llamada_id", "in", self.ids)]).llamada_id
        calls = self.filtered(lambda call: call in work and call not in logged)
        if not calls:
            return
        activities = {
            company: self.env["gck.actividad.tipo"]._get_by_category("call", company)
            for company in calls.company_id
        }
        # sudo: whoever planned the call may read that work, which _get_open_work
        # checked; whoever makes it may know only the call.
        Intervencion.create(
            [
                {
                    **call._prepare_intervention_vals(),
                    PARENT_FIELDS[work[call]._name]: work[call].id,
                    "activity_id": activities[call.company_id].id,
                }
                for call in calls
            ]
        )

    def _prepare_intervention_vals(self):
        """Return the values of the intervention that a call logs."""
        self.ensure_one()
        text = self.closing_text or self.subject or self.display_name
        description = self.description
        if is_html_empty(description):
            description = plaintext2html(text)
        return {
            "llamada_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "contact_id": self.contact_id.id,
            "user_id": (self.user_id or self.done_user_id or self.env.user).id,
            "direction": self.direction,
            "date_start": self.date_start,
            "duration": self.duration,
            "subject": self.subject,
            "description": description,
            "result": self.resultado_id.name,
        }

    def _get_open_work(self):
        """Return the open task or notice that each call came from.

        :return: ``{call: gck.tarea or gck.aviso}``, of those calls that came from one
            which the user, or whoever created the call, may read
        """
        # sudo: which links; whether their work may be read is checked below.
        links = (
            self.env["gck.vinculo"]
            .sudo()
            .search(
                [
                    ("origin_model", "=", self._name),
                    ("origin_id", "in", self.ids),
                    ("relation", "=", "origin"),
                    ("res_model", "in", list(PARENT_FIELDS)),
                ]
            )
        )
        order = list(PARENT_FIELDS)
        by_call = {}
        for link in links.sorted(lambda link: order.index(link.res_model)):
            by_call.setdefault(link.origin_id, []).append((link.res_model, link.res_id))
        result = {}
        for creator, calls in groupby(self, lambda call: call.create_uid):
            readable = self._get_readable_work(
                {place for call in calls for place in by_call.get(call.id, ())},
                creator | self.env.user,
            )
            for call in calls:
                places = (place for place in by_call.get(call.id, ()))
                found = next((place for place in places if place in readable), None)
                if found:
                    result[call] = self.env[found[0]].browse(found[1])
        return result

    def _get_readable_work(self, places, users):
        """Return which tasks and notices are open and within reach of anybody.

        :param places: a set of ``(model name, id)``
        :param users: any of these has to be able to read them
        """
        readable = set()
        for model_name, group in groupby(places, lambda place: place[0]):
            # sudo: only whether they are there and open.
            records = self.env[model_name].sudo().browse(sorted(i for _n, i in group))
            still_open = records.exists().filtered(lambda record: not record.is_locked)
            for user in users:
                own = still_open.with_user(user)._filtered_access("read")
                readable.update((model_name, record_id) for record_id in own.ids)
        return readable

    def _update_interventions(self, vals):
        """Carry over what is noted of a call after it was made.

        :param dict vals: what has just been written on these calls
        """
        names = {"duration", "description", "resultado_id", "subject"} & vals.keys()
        made = self.filtered(lambda call: call.state == "done")
        if not names or not made:
            return
        # sudo: the log of the call, which the user has just changed, follows it.
        logged = (
            self.env["gck.intervencion"]
            .sudo()
            .with_context(mail_notrack=True)
            .search([("llamada_id", "in", made.ids)])
            ._filter_parent_open()
        )
        for text, records in groupby(
            logged,
            lambda record: record.llamada_id._prepare_intervention_vals()[
                "description"
            ],
        ):
            call = records[0].llamada_id
            values = {"description": text}
            if "duration" in names:
                values["duration"] = call.duration
            if "resultado_id" in names:
                values["result"] = call.resultado_id.name
            if "subject" in names:
                values["subject"] = call.subject
            logged.browse(record.id for record in records).write(values)

    def _drop_interventions(self):
        """Take back what calls logged that were not made after all.

        What is on work that has ended stays there.
        """
        # sudo: what the call logged by itself goes with it.
        self.env["gck.intervencion"].sudo().search(
            [("llamada_id", "in", self.ids)]
        )._filter_parent_open().unlink()
