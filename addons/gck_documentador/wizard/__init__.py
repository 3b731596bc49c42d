from . import gck_carpeta_acceso
from . import gck_documento_comparar
from . import gck_documento_prestar
