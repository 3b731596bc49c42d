from odoo import api, models
from odoo.tools import groupby

# In what the actions of a batch differ. A compute of a precomputed field depends on
# those of them that it reads; whatever else it reads, the batch is divided by it.
OWN_FIELDS = frozenset(
    {
        "name",
        "subject",
        "description",
        "partner_id",
        "contact_id",
        "lead_id",
        "caller_name",
        "phone",
        "email",
    }
)


# Lines and properties, which cannot be compared as they are.
COMMANDS = (list, tuple, dict)


class GckAccionMixin(models.AbstractModel):
    """Many new actions at once: what they have alike is computed once."""

    _name = "gck.accion.mixin"
    _inherit = ["gck.accion.mixin"]

    @api.model
    def _add_precomputed_values(self, vals_list):
        """Complete values: those that are alike but for ``OWN_FIELDS``, only once.

        Odoo makes a record in memory of each of a thousand new actions and computes
        every field of each, though the same type, people and date give the same.

        :param list vals_list: values of new actions, completed in place
        """
        if len(vals_list) < 2:
            return super()._add_precomputed_values(vals_list)
        names = [name for name, field in self._fields.items() if field.precompute]
        common, unread = self._get_precompute_inputs(names)
        alike = [
            group
            for _key, group in groupby(
                vals_list, lambda vals: self._get_vals_key(vals, unread)
            )
        ]
        first_by_key, others = {}, []
        for vals, *_rest in alike:
            key = self._get_vals_key(vals, OWN_FIELDS)
            if first_by_key.setdefault(key, vals) is not vals:
                others.append((vals, first_by_key[key]))
        super()._add_precomputed_values(list(first_by_key.values()))
        copied = [self._copy_precomputed(first, vals, common) for vals, first in others]
        super()._add_precomputed_values([vals for vals, _first in others])
        for (vals, _first), fields in zip(others, copied, strict=True):
            vals.setdefault("__precomputed__", set()).update(fields)
        for first, *rest in alike:
            for vals in rest:
                vals["__precomputed__"] = self._copy_precomputed(first, vals, names)
        return None

    @api.model
    def _get_precompute_inputs(self, names):
        """Tell on which of ``OWN_FIELDS`` precomputed fields depend.

        :param names: of the precomputed fields
        :return: the names of those that depend on none, and those of ``OWN_FIELDS``
            on which none depends
        """

        def add_inputs(name, inputs):
            for path in self.pool.field_depends[self._fields[name]]:
                read = path.partition(".")[0]
                if read not in inputs:
                    inputs.add(read)
                    add_inputs(read, inputs)
            return inputs

        inputs = {name: add_inputs(name, set()) & OWN_FIELDS for name in names}
        common = [name for name in names if not inputs[name]]
        return common, OWN_FIELDS.difference(*inputs.values())

    @api.model
    def _get_vals_key(self, vals, ignored):
        """Return what tells values apart; of some fields only whether they are given.

        :param dict vals: values of a new action
        :param ignored: the names of those fields
        """
        return frozenset(
            name
            if name in ignored
            else (name, repr(value) if isinstance(value, COMMANDS) else value)
            for name, value in vals.items()
        )

    @api.model
    def _copy_precomputed(self, source, vals, names):
        """Give values what was precomputed of others that are like them.

        :param dict source: values that are complete
        :param dict vals: those that are not
        :param names: of the precomputed fields that they have alike
        :return: the fields that were copied
        """
        missing = [name for name in names if name not in vals]
        vals.update((name, source[name]) for name in missing)
        return {self._fields[name] for name in missing}
