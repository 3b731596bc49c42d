from odoo import api, models


class GckCacheadaMixin(models.AbstractModel):
    """A small table that is read from the cache: a change of it empties the cache."""

    _name = "gck.cacheada.mixin"
    _description = "GCK table kept in the cache"

    @api.model_create_multi
    def create(self, vals_list):
        """Create rows; the table is read again."""
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        """Write values; the table is read again."""
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        """Delete rows; the table is read again."""
        self.env.registry.clear_cache()
        return super().unlink()
