from . import audio
from . import buzon
