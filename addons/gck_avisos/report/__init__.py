from . import gck_accion_list_report
