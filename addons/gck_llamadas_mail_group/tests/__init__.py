from . import test_mail_group
