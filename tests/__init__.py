from . import test_caso_kriter
from . import test_requirements
from . import test_screens
from . import test_translations
