from odoo import api, fields, models

from .gck_asignable_mixin import NAMES_SHOWN


class GckAccionMixin(models.AbstractModel):
    """What can be done with many actions at once: a few now, many by a job."""

    _name = "gck.accion.mixin"
    _inherit = ["gck.accion.mixin", "gck.bloque.mixin"]

    _gck_bulk_methods = ("_bulk_postpone", "_bulk_reassign", "_bulk_transition")

    def _check_company(self, fnames=None):
        """Check each company with each record that it names only once.

        A thousand new actions name the same few people, types and partners; Odoo
        weighs every one of their fields by itself.

        :raises UserError: naming one of the actions for each record that does not fit
        """
        # sudo: only ids are compared; whether they fit is checked below.
        trusted = self.sudo()
        # Most are empty, which costs much less to see of all at once.
        names = [
            name
            for name, field in self._fields.items()
            if field.relational and field.check_company and trusted[name]
        ]
        company_ids = [record.company_id.id for record in trusted]
        seen, first = set(), set()
        for name in names:
            for record, company_id in zip(trusted, company_ids, strict=True):
                key = (company_id, name, record[name]._ids)
                if key not in seen:
                    seen.add(key)
                    first.add(record.id)
        return super(
            GckAccionMixin, self.filtered(lambda record: record.id in first)
        )._check_company(fnames)

    def _gck_get_dialog_vals(self):
        """Return what a dialog about these actions has to know of them."""
        vals = {"res_model": self._name, "res_ids": self.ids}
        if domain := self._gck_get_list_domain():
            vals["res_domain"] = domain
        return vals

    def _bulk_postpone(self, hours):
        """Postpone by calendar hours."""
        self._bulk_quietly().action_postpone(hours)

    def _bulk_reassign(self, vals, note=None):
        """Hand those that are open to a person or department (K-2, K-38).

        :param dict vals: ``user_id``, ``department_id``
        :param str note: what the next person has to know
        :return: ``{closed action: why it was left}``
        """
        pending = self._bulk_quietly()._filter_pending()
        pending._accion_write_logged([(pending, vals)], note)
        return {
            record: self.env._("It is closed and cannot be reassigned.")
            for record in self - pending
        }

    def _bulk_transition(self, transition, text=None, date_done=None):
        """Finish, close, cancel or reopen with the text given.

        :param str transition: a value of ``gck.accion.transicion.transition``
        :param str date_done: when it was done, in UTC, for the kinds that ask for it
        """
        options = {}
        if date_done:
            options["date_done"] = fields.Datetime.to_datetime(date_done)
        getattr(self._bulk_quietly(), f"_do_{transition}")(text, **options)

    def _bulk_quietly(self):
        """Return these as a job deals with them: it tells people once, at its end."""
        if self.env.context.get("gck_lote_id"):
            return self.with_context(mail_auto_subscribe_no_notify=True)
        return self

    @api.model
    def _gck_bulk_finished(self, lote):
        if lote.method == "_bulk_reassign":
            self._bulk_notify_reassigned(lote, **lote.params)
        return super()._gck_bulk_finished(lote)

    @api.model
    def _bulk_notify_reassigned(self, lote, vals, note=None):
        """Tell whoever was given the actions of a job: one message for all."""
        # sudo: what was done is read, nothing else.
        done = (
            self.env["gck.lote.linea"]
            .sudo()
            .search_fetch(
                [("lote_id", "=", lote.id), ("state", "=", "done")],
                ["res_id"],
                limit=NAMES_SHOWN,
            )
        )
        given = self.browse(done.mapped("res_id")).exists()
        user = self._bulk_get_given(vals)
        if not given or not user.active or user == self.env.user:
            return
        recipient = given.with_context(lang=user.lang or self.env.lang)
        subject = recipient.env._(
            "You have been given %(count)s actions, among them %(names)s",
            count=lote.done_count,
            names="%s",
        )
        recipient._accion_notify_in_language(user.partner_id, subject, note)

    @api.model
    def _bulk_get_given(self, vals):
        """Return who is told that the actions are theirs: the person, or the head.

        :param dict vals: ``user_id``, ``department_id``
        """
        # sudo: whom to tell is read, nothing else.
        department = self.env["hr.department"].sudo().browse(vals.get("department_id"))
        user = self.env["res.users"].sudo().browse(vals.get("user_id") or None)
        return user or department.manager_id.user_id
