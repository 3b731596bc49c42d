from . import gck_accion_seleccion_mixin
from . import gck_accion_transicion
from . import gck_accion_reasignar
from . import gck_accion_posponer
from . import gck_vinculo_crear
from . import gck_vinculo_accion
from . import gck_agenda_imprimir
from . import gck_aviso_remitente
