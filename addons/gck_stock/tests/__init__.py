from . import test_devoluciones
from . import test_proveedor_calidad
from . import test_transferencias
