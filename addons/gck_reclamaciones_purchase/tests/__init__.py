from . import test_compras_browser
from . import test_purchase_order
