from . import gck_proveedor_calidad
