from . import test_client
from . import test_document
from . import test_http
from . import test_impresora
from . import test_layout
from . import test_rendering
from . import test_resources
