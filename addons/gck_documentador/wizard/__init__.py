from . import gck_carpeta_acceso
