from . import account_move
from . import gck_reclamacion
from . import purchase_order
from . import purchase_order_line
from . import res_partner
