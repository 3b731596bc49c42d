from . import gck_reclamacion_reports
