from . import test_combinacion
from . import test_escrito
from . import test_correo
