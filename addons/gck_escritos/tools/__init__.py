from . import campos
