from odoo import api, models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        """Load the core's terms with those of an area that comes after it.

        The kinds of the area inherit selections whose labels the core translates, and
        which were not there yet when its own terms were loaded.
        """
        names = set(modules)
        areas = {name for name in names if name.startswith("gck_")} - {"gck_impresion"}
        if areas and "gck_avisos" not in names:
            super()._load_module_terms(["gck_avisos"], langs, overwrite=False)
        return super()._load_module_terms(modules, langs, overwrite=overwrite)
