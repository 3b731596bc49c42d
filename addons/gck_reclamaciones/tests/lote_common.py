from odoo.addons.gck_avisos.tests.lote_common import LotesCase

from .common import ReclamacionesCase


class ReclamacionesLotesCase(ReclamacionesCase, LotesCase):
    """Claims in bulk, with workers and crons that commit within the test."""
