from . import gck_parametros
from . import gck_reclamacion
from . import gck_reclamacion_linea
from . import repair_order
from . import res_company
from . import stock_move_line
