from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, groupby, is_html_empty

from odoo.addons.gck_avisos.models.gck_accion_mixin import _TRANSITION

# A PDF takes a tenth of a second: so many are made while somebody waits.
ISSUE_AT_ONCE = 20


class GckEscrito(models.Model):
    """The life of a written document: draft, issued, sent, cancelled.

    A class takes part by extending ``_get_issue_problems``, ``_prepare_issue_vals``,
    ``_do_after_issue`` and ``_check_send``, for the documents of its class.
    """

    _name = "gck.escrito"
    _inherit = ["gck.escrito"]

    _gck_bulk_methods = ("_bulk_issue",)

    envio_id = fields.Many2one(
        "gck.escrito.envio",
        string="Bulk letters",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    def write(self, vals):
        """Write values; the class is that of the creation."""
        if "clase" in vals and any(doc.clase != vals["clase"] for doc in self):
            raise UserError(
                self.env._("The class of a document is chosen when it is created.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        issued = self.filtered("date_issued")
        if issued:
            raise UserError(
                self.env._(
                    "What was issued stays on record, cancelled too, and cannot be "
                    "deleted: %s.",
                    self._accion_join_names(issued),
                )
            )

    def _accion_may_set_state(self):
        """Let transitions and data files write the state; not who imports.

        What was issued is fixed for managers too.
        """
        context = self.env.context
        if context.get("gck_transition") is _TRANSITION:
            return True
        return bool(self.env.su and context.get("install_mode"))

    def _accion_check_create(self, vals_list):
        """Refuse documents that would be born as anything but drafts."""
        if any(vals.get("state", "draft") != "draft" for vals in vals_list):
            raise UserError(self._get_state_refusal())
        return super()._accion_check_create(vals_list)

    def _check_fixed(self, name, value):
        """Let the issue, and nothing else, give the final number."""
        if self.env.context.get("gck_transition") is _TRANSITION:
            return None
        return super()._check_fixed(name, value)

    def _get_state_refusal(self):
        return self.env._(
            "The state is changed with the buttons, not written: use Issue, Send or "
            "Cancel."
        )

    def _get_locked_refusal(self, locked):
        return self.env._(
            "These were issued or cancelled and cannot be changed: %s. Make a new "
            "version of them instead.",
            self._accion_join_names(locked),
        )

    # ------------------------------------------------------------
    # Issue
    # ------------------------------------------------------------

    def action_issue(self):
        """Number the drafts and fix them for good (M-55, M-57).

        :raises UserError: naming what each of them lacks
        """
        drafts = self._lock_drafts()
        drafts._check_issue()
        for (company, clase), group in groupby(
            drafts, lambda doc: (doc.company_id, doc.clase)
        ):
            numbers = self._draw_numeros(company, clase, len(group))
            for escrito, number in zip(group, numbers, strict=True):
                # The text may tell the number.
                numbered = escrito.with_context(gck_issue_number=number)
                vals = {**numbered._prepare_issue_vals(), "name": number}
                escrito._accion_transition("issued", vals, logged=False)
        drafts._do_after_issue()
        drafts._message_log_batch(
            {doc.id: self.env._("Issued as %s", doc.name) for doc in drafts}
        )
        return True

    def action_issue_selected(self):
        """Issue the drafts of a selection: a few now, many in the background."""
        drafts = self.filtered(lambda doc: doc.state == "draft")
        if not drafts:
            raise UserError(self.env._("None of these is a draft."))
        return drafts._gck_bulk_possible(
            "_bulk_issue",
            self.env._("Issue"),
            self.env._("%s documents are being issued in the background."),
            self.env._("%s documents were issued."),
        )

    @api.model
    def _gck_bulk_limit(self):
        """Make fewer PDFs than what else is done while a person waits."""
        return min(super()._gck_bulk_limit(), ISSUE_AT_ONCE)

    def _gck_create_lote(self, method, params, title):
        lote = super()._gck_create_lote(method, params, title)
        if method == "_bulk_issue":
            # sudo: nobody writes on jobs; this one was created just now.
            lote.sudo().chunk_size = ISSUE_AT_ONCE
        return lote

    def _bulk_issue(self):
        """Issue those that lack nothing.

        :return: ``{document: what it lacks}``
        """
        left = {}
        for escrito in self.filtered(lambda doc: doc.state == "draft"):
            problems = escrito._get_issue_problems()
            if problems:
                left[escrito] = " ".join(problems)
        self.filtered(lambda doc: doc not in left).action_issue()
        return left

    def _lock_drafts(self):
        """Return those of these that are drafts, held until the transaction ends.

        Who issues the same at once waits, and finds it issued.
        """
        self.check_access("write")
        if self.ids:
            self.flush_recordset()
            self.env.execute_query(
                SQL(
                    "SELECT id FROM gck_escrito WHERE id IN %s ORDER BY id FOR UPDATE",
                    tuple(self.ids),
                )
            )
            self.invalidate_recordset(["state", "accion_state", "name"], flush=False)
        return self.filtered(lambda doc: doc.state == "draft")

    def _check_issue(self):
        """:raises UserError: naming what these documents lack"""
        lines = [
            self.env._("%(document)s: %(problem)s", document=doc.name, problem=problem)
            for doc in self
            for problem in doc._get_issue_problems()
        ]
        if lines:
            raise UserError("\n".join(lines))

    def _get_issue_problems(self):
        """Return what this document lacks to be issued, as sentences."""
        self.ensure_one()
        problems = []
        if is_html_empty(self.body):
            problems.append(self.env._("It has no text. Write it or choose one."))
        if not self.user_id:
            problems.append(self.env._("It has no sender. Choose who signs it."))
        return problems

    def _prepare_issue_vals(self):
        """Return what the issue writes on this document, besides its number."""
        self.ensure_one()
        return {**self._accion_finish_values(), "date_issued": fields.Datetime.now()}

    def _do_after_issue(self):
        """Do what a class does once its documents are issued."""

    # ------------------------------------------------------------
    # Sent and cancelled
    # ------------------------------------------------------------

    def action_sent(self):
        """Take note that issued documents were sent."""
        issued = self.filtered(lambda doc: doc.state == "issued")
        issued._check_send()
        issued._accion_transition("sent", {"date_sent": fields.Datetime.now()})
        return True

    def _check_send(self):
        """:raises UserError: when a class cannot send these documents"""
        self.check_access("write")

    def action_cancel(self):
        """Ask why, and cancel; what was issued stays as it is."""
        return self._accion_ask("cancel")

    def _do_cancel(self, text=None):
        """Cancel with a reason; the frozen document is kept (K-41)."""
        self.check_access("write")
        pending = self.filtered(lambda doc: doc.state != "cancel")
        pending._accion_transition(
            "cancel", self._accion_finish_values(text), reason=text
        )

    def action_draft(self):
        """Bring cancelled documents that were never issued back to draft."""
        self.check_access("write")
        never = self.filtered(lambda doc: doc.state == "cancel" and not doc.date_issued)
        never._accion_transition("draft", self._accion_reopen_values())
        return True
