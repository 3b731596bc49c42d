from . import correo
from . import outlook
from . import rtf
from . import excel
