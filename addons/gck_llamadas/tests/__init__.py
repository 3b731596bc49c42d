from . import test_llamada
