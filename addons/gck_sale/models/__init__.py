from . import gck_vinculo
from . import res_company
from . import gck_parametros
from . import sale_order
