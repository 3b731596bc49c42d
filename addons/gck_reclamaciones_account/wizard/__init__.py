from . import account_move_reversal
from . import gck_reclamacion_abono
