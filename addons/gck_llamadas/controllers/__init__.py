from . import centralita
from . import buzon
