from . import escrito
from . import firma
