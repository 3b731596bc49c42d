from . import account_move
from . import gck_reclamacion
from . import res_partner
from . import sale_order
from . import sale_order_line
