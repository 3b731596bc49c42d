from . import test_combinacion
from . import test_escrito
from . import test_impresion
from . import test_correo
from . import test_firma
from . import test_memo
from . import test_procedimiento
