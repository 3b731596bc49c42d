from . import controllers
from . import models
from . import models, wizard
from . import tools
from . import wizard
