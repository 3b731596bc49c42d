from . import account_move
from . import account_move_line
from . import gck_reclamacion
from . import gck_reclamacion_coste
from . import gck_vinculo
