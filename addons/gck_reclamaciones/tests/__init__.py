from . import test_reclamacion
