from . import descarga
from . import portal
from . import subida
from . import zip
