from . import test_account_move
