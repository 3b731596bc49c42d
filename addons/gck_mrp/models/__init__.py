from . import gck_reclamable_fabricacion_mixin
from . import gck_reclamacion
from . import mrp_production
from . import mrp_workorder
