from . import gck_aviso
