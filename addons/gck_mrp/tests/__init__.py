from . import test_fabricacion
