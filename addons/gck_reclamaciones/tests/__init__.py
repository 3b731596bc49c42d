from . import test_bulk
from . import test_concurrency
from . import test_deadlines
from . import test_escalation
from . import test_merge
from . import test_reclamacion
from . import test_volume
