from . import recepcion
