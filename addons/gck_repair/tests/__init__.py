from . import test_reparacion
from . import test_reparacion_coste
