from odoo import http
from odoo.http import request


class RecepcionController(http.Controller):
    """Files that are dropped on Reception."""

    @http.route(
        "/gck_avisos/recepcion/fichero", type="http", auth="user", methods=["POST"]
    )
    def import_file(self, ufile, company_id=None, **kwargs):
        """Make a notice of one uploaded file (K-8, K-9).

        One at a time, so that each is a transaction of its own and none is larger than
        what the server takes; Odoo's limit of uploads applies before this is called.

        :param ufile: the uploaded file
        :param str company_id: id of the company on top of the user's screen
        :return: JSON, see ``gck.aviso._import_file``
        """
        Aviso = request.env["gck.aviso"]
        if company_id and company_id.isdigit():
            company = request.env.user.company_ids.filtered(
                lambda company: company.id == int(company_id)
            )
            if company:
                Aviso = Aviso.with_context(allowed_company_ids=company.ids)
        result = Aviso._import_file(ufile.filename or "", ufile.read())
        return request.make_json_response(result)
