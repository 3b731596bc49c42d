import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import config

from ..tools import cups, spool

ROOT_OPTION = "gck_spool_root"
ROOT_PARAMETER = "gck_impresion.spool_root"


class GckImpresora(models.Model):
    """Where prints go: a queue of CUPS, a watched folder, or the browser (M-3).

    Which printer a report goes to is decided in ``ir.actions.report``. What is sent
    to one becomes a ``gck.impresion.trabajo``.
    """

    _name = "gck.impresora"
    _description = "Printer"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    kind = fields.Selection(
        selection=[
            ("browser", "Browser: the PDF opens"),
            ("cups", "Printer of the server (CUPS)"),
            ("spool", "Folder of the server"),
        ],
        required=True,
        default="cups",
    )
    cups_queue = fields.Char(
        string="Queue",
        help="Name of the queue in CUPS, as lpstat shows it.",
    )
    spool_folder = fields.Char(
        string="Folder",
        help="Path below the root of the print folders, as in office/letters. It is "
        "made where it is missing.",
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Leave it empty to offer the printer in every company.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    location = fields.Char(help="Where people find it: Office, ground floor…")
    trabajo_ids = fields.One2many(
        "gck.impresion.trabajo", "impresora_id", string="Print jobs"
    )
    waiting_count = fields.Integer(
        string="Waiting prints", compute="_compute_waiting_count"
    )
    spool_root = fields.Char(
        string="Root of the print folders", compute="_compute_spool_root"
    )

    _queue_uniq = models.UniqueIndex(
        "(cups_queue, COALESCE(company_id, 0)) WHERE kind = 'cups' AND active IS TRUE",
        "There is already a printer with this queue.",
    )

    # ------------------------------------------------------------
    # Computes and constraints
    # ------------------------------------------------------------

    @api.depends("name", "location")
    def _compute_display_name(self):
        for impresora in self:
            parts = [impresora.name, impresora.location]
            impresora.display_name = " · ".join(filter(None, parts))

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_waiting_count(self):
        counts = dict(
            self.env["gck.impresion.trabajo"]._read_group(
                [
                    ("impresora_id", "in", self.ids),
                    ("state", "in", ("queued", "sending", "failed")),
                ],
                ["impresora_id"],
                ["__count"],
            )
        )
        for impresora in self:
            impresora.waiting_count = counts.get(impresora._origin, 0)

    @api.depends("kind")
    def _compute_spool_root(self):
        self.spool_root = self._get_spool_root()

    @api.constrains("kind", "cups_queue", "spool_folder")
    def _check_destination(self):
        """Refuse a queue or a folder that could not be one."""
        for impresora in self:
            if impresora.kind == "cups" and not cups.is_queue_name(
                impresora.cups_queue
            ):
                raise ValidationError(
                    self.env._(
                        "The printer %(printer)s needs the name of its queue in CUPS: "
                        "letters, digits, dots and dashes, without spaces.",
                        printer=impresora.name,
                    )
                )
            if impresora.kind == "spool":
                try:
                    spool.split_folder(impresora.spool_folder)
                except spool.SpoolError as error:
                    raise ValidationError(
                        self.env._(
                            "The printer %(printer)s needs a folder below the root of "
                            "the print folders, as in office/letters: no absolute "
                            "path, no dots alone.",
                            printer=impresora.name,
                        )
                    ) from error

    @api.ondelete(at_uninstall=False)
    def _unlink_except_waiting(self):
        waiting = self.filtered("waiting_count")
        if waiting:
            raise UserError(
                self.env._(
                    "These printers have prints that wait: %s. Cancel them, or send "
                    "them to another printer, or archive the printer.",
                    ", ".join(waiting.mapped("name")),
                )
            )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_print_test_page(self):
        """Print a page that says which printer it comes from."""
        self.ensure_one()
        report = self.env.ref("gck_impresion.action_report_gck_impresora_test")
        if self.kind == "browser":
            return report.report_action(self, config=False)
        pdf = self.env["ir.actions.report"]._render_qweb_pdf(report, self.ids)[0]
        trabajo = self._print(self.env._("Test page of %s", self.name), pdf)
        return trabajo._get_sent_action()

    def action_check(self):
        """Say whether the printer would print now.

        :raises UserError: saying what is the matter with it
        """
        self.ensure_one()
        try:
            self._check_ready()
        except (cups.CupsError, spool.SpoolError) as error:
            raise UserError(self._get_failure_message(error)) from error
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s is ready.", self.name),
            },
        }

    def action_view_trabajos(self):
        """Open the prints of the printer."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gck_impresion.action_gck_impresion_trabajo"
        )
        return {
            **action,
            "domain": [("impresora_id", "in", self.ids)],
            "context": {"search_default_waiting": 1},
        }

    # ------------------------------------------------------------
    # Printing
    # ------------------------------------------------------------

    @api.model
    def _get_spool_root(self):
        """Return the folder below which all print folders are, "" for none.

        The option of the server's configuration file comes before the parameter.
        """
        # sudo: the path is shown to whoever keeps the printers, and only used here.
        parameters = self.env["ir.config_parameter"].sudo()
        return config.get(ROOT_OPTION) or parameters.get_param(ROOT_PARAMETER) or ""

    def _print(self, name, pdf, copies=1):
        """Keep a PDF and have it sent to the printer as soon as the request ends.

        :param str name: what the document is called
        :param bytes pdf: the document
        :param int copies: how many
        :return: the ``gck.impresion.trabajo``
        """
        self.ensure_one()
        # sudo: everybody may print; the job is the user's own, and nobody makes one
        # otherwise.
        return (
            self.env["gck.impresion.trabajo"]
            .sudo()
            .create(
                {
                    "name": name,
                    "impresora_id": self.id,
                    "user_id": self.env.uid,
                    "company_id": self.company_id.id or self.env.company.id,
                    "copies": copies,
                    "document": base64.b64encode(pdf),
                }
            )
            .sudo(False)
        )

    def _check_ready(self):
        """Check that the printer would take a document now.

        :raises CupsError: when its queue does not
        :raises SpoolError: when its folder does not
        """
        if self.kind == "cups":
            cups.check_queue(self.cups_queue)
        elif self.kind == "spool":
            spool.check_folder(self._get_spool_root(), self.spool_folder)

    def _send(self, name, pdf, copies):
        """Hand a PDF over, outside of any request.

        :return: how the printer calls it: number in CUPS, or name of the file
        :raises CupsError: when its queue does not take it
        :raises SpoolError: when its folder does not
        """
        if self.kind == "spool":
            files = spool.write(
                self._get_spool_root(), self.spool_folder, name, pdf, copies
            )
            return ", ".join(files)
        return cups.send(self.cups_queue, pdf, name, copies)

    def _get_failure_message(self, error):
        """Return what to tell people about a failure, and what to do."""
        texts = {
            "missing": self.env._(
                "The programs of CUPS are not installed on the server (package "
                "cups-client)."
            ),
            "timeout": self.env._("CUPS did not answer in time."),
            "stopped": self.env._("CUPS is not running on the server."),
            "unknown": self.env._("CUPS has no queue %s.", self.cups_queue),
            "disabled": self.env._("The printer is stopped."),
            "rejecting": self.env._("The printer does not accept documents."),
            "refused": self.env._("CUPS refused the document."),
            "root": self.env._(
                "The root of the print folders is not set: the administrator names it "
                "in the server's configuration (gck_spool_root)."
            ),
            "path": self.env._("The folder is not below the root."),
            "link": self.env._("A part of the folder is a link, which is not allowed."),
            "unreachable": self.env._("The folder cannot be written to."),
        }
        text = texts.get(error.reason, error.reason)
        if error.detail and error.reason not in ("missing", "path"):
            text = f"{text} ({error.detail})"
        return f"{self.name}: {text}"
