from . import gck_llamada_tipo
from . import gck_llamada_resultado
from . import gck_llamada
from . import gck_llamada_ciclo
from . import gck_vinculo
from . import res_company
from . import gck_parametros
