from . import test_access, test_checklist, test_esfuerzo, test_propuesta
