from . import test_escrito
