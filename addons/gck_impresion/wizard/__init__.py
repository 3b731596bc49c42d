from . import gck_impresora_buscar
