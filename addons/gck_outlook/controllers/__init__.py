from . import gck_outlook
from . import mail_plugin
