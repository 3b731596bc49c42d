from . import test_presupuesto
