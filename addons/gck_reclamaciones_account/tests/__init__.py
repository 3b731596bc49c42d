from . import test_abono
from . import test_account_move
