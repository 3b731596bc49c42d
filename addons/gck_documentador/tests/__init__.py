from . import test_busqueda
from . import test_ciclo
from . import test_documento
from . import test_extract
from . import test_permisos
from . import test_soporte
from . import test_subida
from . import test_web
