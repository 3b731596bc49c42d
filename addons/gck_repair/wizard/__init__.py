from . import gck_reclamacion_reparar
