from . import gck_carpeta
from . import gck_carpeta_permiso
from . import gck_documento_tipo
from . import gck_documento
from . import gck_documento_version
from . import gck_documento_ficheros
from . import gck_documento_bloqueo
from . import gck_vinculo
