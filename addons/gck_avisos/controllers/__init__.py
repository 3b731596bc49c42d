from . import recepcion
from . import gck_excel
from . import reunion
