from . import test_caso_kriter
