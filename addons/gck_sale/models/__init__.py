from . import gck_vinculo
from . import sale_order
