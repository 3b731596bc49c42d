from . import firma
