from . import test_llamada
from . import test_cdr_importacion
from . import test_centralita
from . import test_centralita_grabado
from . import test_centralita_http
from . import test_centralita_pantalla
from . import test_centralita_procesos
from . import test_centralita_accesos
