from . import test_documento
