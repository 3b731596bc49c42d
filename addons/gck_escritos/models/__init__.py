from . import gck_texto
from . import gck_escrito
from . import gck_escrito_ciclo
from . import gck_escrito_destinatario
from . import gck_escrito_correo
from . import ir_mail_server
