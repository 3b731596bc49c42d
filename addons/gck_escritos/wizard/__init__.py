from . import gck_escrito_elegir
from . import gck_escrito_vista
