from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import groupby

from odoo.addons.gck_avisos.models.gck_accion_mixin import _TRANSITION

# From the least advanced to the most.
STAGES = ("draft", "open", "evaluated")
# Messages that people wrote; what the system noted stays where it happened.
CONVERSATION = ("comment", "email", "email_outgoing", "auto_comment", "sms")


class GckReclamacion(models.Model):
    """Several claims about the same problem become one."""

    _name = "gck.reclamacion"
    _inherit = ["gck.reclamacion"]

    def action_merge(self):
        """Open the dialog that merges these claims into one of them.

        :return: a window action
        :raises UserError: saying why they cannot be merged
        """
        self._check_mergeable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge claims"),
            "res_model": "gck.reclamacion.fusionar",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_reclamacion_ids": self.ids,
                "default_dest_id": self._get_merge_dest().id,
            },
        }

    def _get_merge_dest(self):
        """Return which of these claims is proposed to stay: the most advanced."""
        return self.sorted(lambda r: (-STAGES.index(r.state), r.date, r.id))[:1]

    def _check_mergeable(self):
        """Refuse to merge what is not one problem of one partner.

        :raises AccessError: unless the user manages their direction, or is of Quality
        :raises UserError: naming what keeps them apart
        """
        if len(self) < 2:
            raise UserError(self.env._("Choose at least two claims to merge."))
        self.check_access("write")
        if not (
            set(self.mapped("direction")) <= self._get_managed_directions()
            or self.env.user.has_group("gck_reclamaciones.group_gck_reclamacion_all")
        ):
            raise AccessError(
                self.env._(
                    "Only managers of claims and Quality may merge them. Ask one of "
                    "them to do it."
                )
            )
        self._check_not_locked()
        for values, message in (
            (self.company_id, self.env._("These claims are of different companies.")),
            (
                set(self.mapped("direction")),
                self.env._(
                    "Claims of customers, to vendors and internal ones are not merged "
                    "with each other."
                ),
            ),
            (
                {reclamacion.commercial_partner_id for reclamacion in self},
                self.env._(
                    "These claims are of different customers or vendors: %s.",
                    ", ".join(
                        dict.fromkeys(
                            reclamacion.commercial_partner_id.name
                            or self.env._("nobody")
                            for reclamacion in self
                        )
                    ),
                ),
            ),
        ):
            if len(values) > 1:
                raise UserError(message)

    def _merge_into(self, dest, reason=None):
        """Merge these claims into another one, which gets all that they have.

        Lines, actions, tasks, costs, documents, files, followers and what people wrote
        go to it; what the system noted stays. These end rejected, with a link to it.

        :param dest: the claim that stays
        :param str reason: what the person gave as reason
        :raises UserError: when they are not one problem of one partner
        """
        others = self - dest
        every = others | dest
        every._check_mergeable()
        every._lock_for_change()
        # Somebody may have ended one of them meanwhile.
        every.invalidate_recordset(["state", "accion_state", "merged_into_id"])
        every._check_not_locked()
        if STAGES.index(dest.state) < max(STAGES.index(r.state) for r in others):
            raise UserError(
                self.env._(
                    "%s is behind the others. Choose the claim that is most advanced.",
                    dest.name,
                )
            )
        # sudo: what the user may not see of the claims, which they may merge, must
        # not be left behind in one that has ended.
        trusted = others.sudo().with_context(
            active_test=False,
            gck_transition=_TRANSITION,
            mail_notrack=True,
            mail_auto_subscribe_no_notify=True,
        )
        target = trusted.browse(dest.id)
        target._merge_values(trusted)
        trusted._merge_links(target)
        trusted._merge_thread(target)
        trusted._merge_records(target)
        text = self.env._("Merged into %s.", dest.display_name)
        if reason:
            text += f" {reason}"
        others._accion_transition(
            "rejected",
            {**others._accion_finish_values(text), "merged_into_id": dest.id},
            text,
        )
        dest._message_log(
            body=Markup("<b>%s</b><br/>%s%s")
            % (
                self.env._("Merged into this claim:"),
                Markup("<br/>").join(
                    other._get_html_link(title=other.display_name) for other in others
                ),
                Markup("<p>%s</p>") % reason if reason else "",
            )
        )

    def _merge_values(self, others):
        """Take from the other claims what this one lacks; the most serious prevails."""
        self.ensure_one()
        every = self | others.sorted("date")
        opened = [moment for moment in every.mapped("date_open") if moment]
        vals = {
            "date": min(every.mapped("date")),
            "priority": max(r.priority or "0" for r in every),
            "severity": max(
                every.mapped("severity"),
                key=("minor", "major", "critical").index,
            ),
            "tag_ids": [Command.link(tag.id) for tag in others.tag_ids],
            "team_ids": [Command.link(user.id) for user in others.team_ids],
            "causa_ids": [Command.link(causa.id) for causa in others.causa_ids],
        }
        if self.date_open and opened:
            vals["date_open"] = min(opened)
        if self.parent_id in others:
            vals["parent_id"] = False
        for names in (
            ("partner_ref",),
            ("categoria_id",),
            ("causa_id",),
            ("documento_model", "documento_id"),
        ):
            giver = next((r for r in every if all(r[name] for name in names)), None)
            if giver and giver != self and not self[names[-1]]:
                for name in names:
                    field = self._fields[name]
                    vals[name] = field.convert_to_write(giver[name], giver)
        self.write(vals)

    def _merge_links(self, dest):
        """Link the documents of these claims to another one."""
        Vinculo = self.env["gck.vinculo"]
        links = Vinculo.search(
            [("origin_model", "=", self._name), ("origin_id", "in", self.ids)]
        )
        for (res_model, relation), group in groupby(
            links, lambda link: (link.res_model, link.relation)
        ):
            if res_model in self.env:
                documents = self.env[res_model].browse({link.res_id for link in group})
                if res_model == self._name:
                    documents -= dest | self
                Vinculo._link(dest, documents.exists(), relation)

    def _merge_thread(self, dest):
        """Hand files, followers, activities and what people wrote to another claim."""
        mine = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        self.env["ir.attachment"].search([*mine, ("res_field", "=", False)]).write(
            {"res_id": dest.id}
        )
        self.env["mail.activity"].search(mine).write({"res_id": dest.id})
        dest.message_subscribe(partner_ids=self.message_partner_ids.ids)
        for reclamacion in self:
            for message in reclamacion.message_ids:
                if message.message_type in CONVERSATION:
                    message.write(
                        {
                            "res_id": dest.id,
                            "subject": message.subject or reclamacion.display_name,
                        }
                    )

    def _merge_records(self, dest):
        """Hang from another claim all that hangs from these, whatever it is.

        Also what other addons hang from claims: every stored many2one to them.
        """
        self._merge_hours(dest)
        documents = {(c.res_model, c.res_id) for c in dest.coste_ids if c.res_id}
        for coste in self.coste_ids.filtered("res_id"):
            # A document counts once in a claim.
            if (coste.res_model, coste.res_id) in documents:
                coste.unlink()
            else:
                documents.add((coste.res_model, coste.res_id))
        for model_name, name in self._get_merge_fields():
            records = self.env[model_name].search([(name, "in", self.ids)])
            records -= dest if model_name == self._name else records.browse()
            if records:
                records.write({name: dest.id})

    def _merge_hours(self, dest):
        """Join the hours charged in these claims and in another one into one line.

        Their tasks go there, so that charging again brings that line up to date.
        """
        charged = (dest | self).coste_ids.filtered("is_hours")
        if not charged - dest.coste_ids:
            return
        line, hours, amount = (
            charged[:1],
            sum(charged.mapped("quantity")),
            sum(charged.mapped("amount")),
        )
        (charged - line).unlink()
        line.write(
            {
                "reclamacion_id": dest.id,
                "res_id": dest.id,
                "quantity": hours,
                "price_unit": amount / hours if hours else line.price_unit,
            }
        )

    @api.model
    def _get_merge_fields(self):
        """Return the fields that hang records from a claim: (model, field) pairs."""
        return [
            (model_name, field.name)
            for model_name, model in sorted(self.env.items())
            if model._auto and not model._abstract and not model._transient
            for field in model._fields.values()
            if field.type == "many2one"
            and field.comodel_name == self._name
            and field.store
            and not field.related
        ]
