import hmac
import secrets
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# Of a key, what is stored in clear and indexed: the rest is known by its digest only.
KEY_PREFIX_LENGTH = 12
KEY_BYTES = 32
BODY_LIMIT_MAX = 1024 * 1024
DEFAULT_TZ = "Europe/Madrid"


class GckCentralita(models.Model):
    """A telephone exchange that tells of every call (O-47).

    It shows its own key, which opens nothing but the log of calls of its company: no
    person's login is kept in a telephone exchange.
    """

    _name = "gck.centralita"
    _description = "Telephone exchange"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True,
        tracking=True,
        help="The key of an archived exchange opens nothing.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    tipo_id = fields.Many2one(
        "gck.llamada.tipo",
        string="Type of its calls",
        check_company=True,
        help="Given to every call that the exchange tells of.",
    )
    tz = fields.Selection(
        selection="_get_timezones",
        string="Time zone",
        required=True,
        default=lambda self: self._get_default_tz(),
        help="Of the moments that come without one, as in the files of calls.",
    )
    outside_prefix = fields.Char(
        string="Prefix of outside lines",
        help="Dialled before a number to get an outside line, as 0 or 9. It is left "
        "out of the numbers of outgoing calls.",
    )
    recording_hosts = fields.Text(
        string="Hosts of recordings",
        help="Where recordings may be: one host a line, as records.example.com. Links "
        "to other hosts, and those without https, are not kept.",
    )
    screen_pop = fields.Boolean(
        string="Show who is calling",
        default=True,
        help="When an extension rings, its user sees who it is and what is pending.",
    )
    close_returned = fields.Boolean(
        string="Close calls that were returned",
        default=True,
        help="A missed call is marked as made once somebody has spoken with that "
        "number.",
    )
    rate_limit = fields.Integer(
        string="Events per minute",
        default=600,
        required=True,
        help="More are refused; the exchange is asked to send them later.",
    )
    body_limit = fields.Integer(
        string="Size of an event",
        default=16384,
        required=True,
        help="In bytes. Larger ones are refused.",
    )
    max_age_days = fields.Integer(
        string="Days to tell of a call",
        default=30,
        required=True,
        help="An older call that is not known yet is refused: import it as a file.",
    )
    event_days = fields.Integer(
        string="Days that events are kept",
        default=30,
        required=True,
        help="What the exchange sent is kept so long, to find out what went wrong. "
        "The calls stay.",
    )
    key_prefix = fields.Char(string="Key", readonly=True, copy=False)
    key_date = fields.Datetime(string="Key created on", readonly=True, copy=False)
    key_hash = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    extension_ids = fields.One2many(
        "gck.extension", "centralita_id", string="Extensions"
    )
    llamada_count = fields.Integer(string="Calls", compute="_compute_llamada_count")
    unknown_count = fields.Integer(
        string="Unknown extensions", compute="_compute_llamada_count"
    )
    date_last_event = fields.Datetime(
        string="Last event", compute="_compute_date_last_event"
    )

    _key_prefix_uniq = models.UniqueIndex(
        "(key_prefix) WHERE key_prefix IS NOT NULL", "Create the key once more."
    )
    _name_company_uniq = models.UniqueIndex(
        "(name, company_id)", "There is an exchange with this name already."
    )
    _limits = models.Constraint(
        "CHECK (rate_limit BETWEEN 1 AND 100000"
        f" AND body_limit BETWEEN 512 AND {BODY_LIMIT_MAX}"
        " AND max_age_days BETWEEN 1 AND 3650 AND event_days BETWEEN 1 AND 3650)",
        "From 1 to 100,000 events per minute, of 512 bytes to 1 MB; from 1 to 3,650 "
        "days.",
    )

    # ------------------------------------------------------------
    # Defaults and computes
    # ------------------------------------------------------------

    @api.model
    def _get_timezones(self):
        return [(name, name) for name in pytz.common_timezones]

    @api.model
    def _get_default_tz(self):
        """Return the zone of the company's working hours."""
        tz = self.env.company.resource_calendar_id.tz or self.env.user.tz
        return tz if tz in pytz.common_timezones_set else DEFAULT_TZ

    def _compute_llamada_count(self):
        Llamada = self.env["gck.llamada"]
        domain = [("centralita_id", "in", self.ids)]
        total = dict(Llamada._read_group(domain, ["centralita_id"], ["__count"]))
        domain += [("extension_unknown", "=", True)]
        unknown = dict(Llamada._read_group(domain, ["centralita_id"], ["__count"]))
        for centralita in self:
            centralita.llamada_count = total.get(centralita, 0)
            centralita.unknown_count = unknown.get(centralita, 0)

    def _compute_date_last_event(self):
        """Read it from the log: on the exchange itself every call would wait for it."""
        groups = self.env["gck.centralita.evento"]._read_group(
            [("centralita_id", "in", self.ids)], ["centralita_id"], ["date:max"]
        )
        last = dict(groups)
        for centralita in self:
            centralita.date_last_event = last.get(centralita, False)

    @api.constrains("recording_hosts")
    def _check_recording_hosts(self):
        """Refuse what is no host, which would never match."""
        for centralita in self:
            for host in centralita._get_recording_hosts():
                if urlsplit(f"//{host}").netloc != host or "@" in host:
                    raise ValidationError(
                        self.env._(
                            "«%s» is no host: write only its name, without https:// "
                            "and without a path.",
                            host,
                        )
                    )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    def copy_data(self, default=None):
        """Copy exchanges; the name is that of one only."""
        vals_list = super().copy_data(default)
        if "name" not in (default or {}):
            for centralita, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", centralita.name)
        return vals_list

    def write(self, vals):
        """Write values; the company is that of the calls there are."""
        # sudo: calls of every user count, whoever may read them.
        if "company_id" in vals and any(
            centralita.llamada_count
            for centralita in self.sudo()
            if centralita.company_id.id != vals["company_id"]
        ):
            raise UserError(
                self.env._(
                    "The company of an exchange that has calls cannot be changed. "
                    "Create another exchange."
                )
            )
        return super().write(vals)

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_new_key(self):
        """Create the key of the exchange and show it, this once.

        A former key opens nothing from now on.

        :return: the dialog that shows the key
        """
        self.ensure_one()
        self.check_access("write")
        key = secrets.token_urlsafe(KEY_BYTES)
        # sudo: nobody reads or writes the digest; the user may write the exchange.
        self.sudo().write(
            {
                "key_prefix": key[:KEY_PREFIX_LENGTH],
                "key_hash": self._hash_key(key),
                "key_date": fields.Datetime.now(),
            }
        )
        self._message_log(body=self.env._("A new key was created."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Key of %s", self.name),
            "res_model": "gck.centralita.clave",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_key": key},
        }

    def action_view_llamadas(self):
        """List the calls that the exchange told of."""
        return self._get_llamadas_action(self.env._("Calls of %s", self.name))

    def action_view_unknown(self):
        """List the calls of extensions that are nobody's yet."""
        domain = [("extension_unknown", "=", True)]
        return self._get_llamadas_action(self.env._("Unknown extensions"), domain)

    def _get_llamadas_action(self, name, domain=()):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "gck_llamadas.action_gck_llamada"
            ),
            "name": name,
            "domain": [("centralita_id", "=", self.id), *domain],
            "context": {},
        }

    def action_view_eventos(self):
        """List what the exchange sent."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "gck_llamadas.action_gck_centralita_evento"
            ),
            "domain": [("centralita_id", "=", self.id)],
        }

    # ------------------------------------------------------------
    # Key and limits
    # ------------------------------------------------------------

    @api.model
    def _hash_key(self, key):
        """Return the digest of a key; 256 random bits need no slow one."""
        return sha256(key.encode()).hexdigest()

    @api.model
    def _find_by_key(self, key):
        """Return the exchange that a key belongs to, or none.

        :param str key: as the exchange sends it
        """
        if not key or not key.isascii() or "\0" in key:
            return self.browse()
        centralita = self.search([("key_prefix", "=", key[:KEY_PREFIX_LENGTH])])
        # Compared in the same time whatever is wrong with it.
        if hmac.compare_digest(centralita.key_hash or "", self._hash_key(key)):
            return centralita
        return self.browse()

    def _is_over_rate(self):
        """Tell whether the exchange sent as many events as it may within a minute.

        They are counted in the log: a counter would make calls wait for each other.
        """
        self.ensure_one()
        since = fields.Datetime.now() - timedelta(minutes=1)
        sent = self.env["gck.centralita.evento"].search_count(
            [("centralita_id", "=", self.id), ("date", ">=", since)],
            limit=self.rate_limit,
        )
        return sent >= self.rate_limit

    # ------------------------------------------------------------
    # Recordings and extensions
    # ------------------------------------------------------------

    def _get_recording_hosts(self):
        """Return the hosts where recordings may be, as a set of lower case names."""
        return set((self.recording_hosts or "").lower().split())

    def _is_recording_allowed(self, url):
        """Tell whether a link leads to a recording that may be opened.

        :param str url: as the exchange gave it
        """
        self.ensure_one()
        if not url.isprintable() or "\\" in url or " " in url:
            return False
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return False
        if parts.scheme != "https" or parts.username is not None or not parts.hostname:
            return False
        name = parts.hostname
        allowed = {name, f"{name}:443"} if port in (None, 443) else {f"{name}:{port}"}
        return bool(allowed & self._get_recording_hosts())

    def _get_extensions(self, numbers):
        """Return the extensions of some numbers, in one query.

        :return: ``{number: gck.extension}``
        """
        self.ensure_one()
        found = self.env["gck.extension"].search(
            [("centralita_id", "=", self.id), ("number", "in", list(numbers))]
        )
        return {extension.number: extension for extension in found}
