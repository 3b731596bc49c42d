from . import test_presupuesto
from . import test_sale_order
