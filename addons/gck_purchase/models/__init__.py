from . import gck_accion
from . import gck_vinculo
from . import purchase_order
from . import res_company
from . import gck_parametros
