from . import centralita
