from . import gck_accion_transicion
from . import gck_reclamacion_eficacia
from . import gck_reclamacion_fusionar
from . import gck_aviso_remitente
