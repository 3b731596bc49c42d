from . import test_documento
from . import test_extract
