from . import mail_group
from . import mail_group_message
from . import mail_thread
