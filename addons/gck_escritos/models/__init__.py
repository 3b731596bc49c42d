from . import gck_texto
from . import gck_escrito
from . import gck_escrito_ciclo
