from . import gck_escrito_elegir
from . import gck_escrito_vista
from . import gck_escrito_imprimir
from . import gck_escrito_motivo
from . import gck_escrito_firmar
