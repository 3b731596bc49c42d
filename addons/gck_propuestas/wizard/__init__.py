from . import gck_propuesta_pedir, gck_propuesta_rechazar
