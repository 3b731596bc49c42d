from . import gck_llamada_campana_generar
from . import gck_llamada_identificar
from . import gck_aviso_remitente
