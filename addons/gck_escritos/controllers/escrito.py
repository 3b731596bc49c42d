from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request


class EscritoController(http.Controller):
    """The issued PDF of a written document, for whoever may read the document."""

    @http.route("/gck/escrito/<int:escrito_id>/documento.pdf", type="http", auth="user")
    def document(self, escrito_id, **params):
        """Return the PDF as it was issued, whatever the rights of its folder are."""
        escrito = request.env["gck.escrito"].browse(escrito_id)
        try:
            escrito.check_access("read")
            if not escrito.version_id:
                return request.not_found()
            raw = escrito._get_pdf()
        except (AccessError, MissingError):
            return request.not_found()
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Length", len(raw)),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            (
                "Content-Disposition",
                http.content_disposition(escrito._get_pdf_name(), "inline"),
            ),
        ]
        return request.make_response(raw, headers)
