from . import gck_esfuerzo
