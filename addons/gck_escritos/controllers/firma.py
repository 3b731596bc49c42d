from odoo import http
from odoo.exceptions import UserError
from odoo.http import request


class FirmaController(http.Controller):
    """The page where somebody outside signs a contract, by the link that they got.

    The token in the address is the right to it: it is drawn at random, long, of one
    document and one person, and stops working when its date has passed.
    """

    def _get_firma(self, token):
        """Return the signature of a link, in the language of its signer."""
        firma = request.env["gck.escrito.firma"]._get_by_token(token)
        lang = firma.partner_id.lang
        if lang:
            request.update_context(lang=lang)
            firma = firma.with_context(lang=lang)
        return firma

    @http.route(
        "/gck/firma/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def page(self, token, error=None, **params):
        """Show the document with what is to be done."""
        firma = self._get_firma(token)
        if not firma:
            return request.not_found()
        values = {
            "firma": firma,
            "escrito": firma.escrito_id,
            "token": token,
            "problem": firma._get_problem(),
            "has_pdf": bool(firma._get_link_pdf()),
            "missing_reason": error == "reason",
            "page_name": "gck_firma",
            "no_breadcrumbs": True,
        }
        response = request.render("gck_escritos.portal_firma", values)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        return response

    @http.route(
        "/gck/firma/<string:token>/documento.pdf",
        type="http",
        auth="public",
        sitemap=False,
    )
    def document(self, token, download=None, **params):
        """Return the PDF: what is to be signed, or once signed, the signed one."""
        firma = self._get_firma(token)
        raw = firma._get_link_pdf() if firma else None
        if not raw:
            return request.not_found()
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Length", len(raw)),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            (
                "Content-Disposition",
                http.content_disposition(
                    firma.escrito_id.version_id.filename,
                    "attachment" if download else "inline",
                ),
            ),
        ]
        return request.make_response(raw, headers)

    @http.route("/gck/firma/<string:token>/acepto", type="jsonrpc", auth="public")
    def accept(self, token):
        """Note that the signer ticked the box."""
        return self._do(token, lambda firma: firma._accept())

    @http.route("/gck/firma/<string:token>/firmar", type="jsonrpc", auth="public")
    def sign(self, token, name=None, signature=None):
        """Sign; called by Odoo's form for signatures."""
        ip = request.httprequest.remote_addr
        result = self._do(token, lambda firma: firma._sign(name, signature, ip))
        if not result.get("error"):
            result.update(force_refresh=True, redirect_url=f"/gck/firma/{token}")
        return result

    @http.route(
        "/gck/firma/<string:token>/rechazar",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def refuse(self, token, reason=None, **params):
        """Refuse, with a reason."""
        ip = request.httprequest.remote_addr
        result = self._do(token, lambda firma: firma._refuse(reason, ip))
        error = "?error=reason" if result.get("error") else ""
        return request.redirect(f"/gck/firma/{token}{error}")

    def _do(self, token, action):
        """Do something with the signature of a link; tell what is wrong."""
        firma = self._get_firma(token)
        if not firma:
            return {"error": request.env._("This link does not exist.")}
        try:
            with request.env.cr.savepoint():
                action(firma)
        except UserError as error:
            return {"error": str(error)}
        return {}
