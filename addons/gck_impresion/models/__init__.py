from . import gck_impresora
from . import gck_impresion_trabajo
from . import ir_actions_report
from . import ir_actions_report_impresora
from . import res_company
from . import res_users
