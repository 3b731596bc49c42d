from odoo import http
from odoo.http import request


class DescargaController(http.Controller):
    """Files of the store, as they were stored."""

    @http.route(
        [
            "/gck/documento/<int:version_id>",
            "/gck/documento/<int:version_id>/<path:filename>",
        ],
        type="http",
        auth="user",
        methods=["GET", "HEAD"],
    )
    def download(self, version_id, filename=None, **kwargs):
        """Download a version; nothing of it is ever shown by this address."""
        return self._get_version(version_id)._get_file_response()

    @http.route(
        "/gck/documento/vista/<int:version_id>/<string:kind>",
        type="http",
        auth="user",
        methods=["GET", "HEAD"],
    )
    def preview(self, version_id, kind, **kwargs):
        """Show a version in a frame, an image or a player of a page of Odoo.

        :param str kind: what the page takes it for; anything else than what the version
            is shown as is refused
        """
        version = self._get_version(version_id)
        response = version._get_preview_response(kind)
        if response is None:
            raise request.not_found()
        return response

    @http.route(
        "/gck/documento/correo/<int:version_id>/cuerpo",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def mail_body(self, version_id, images="", **kwargs):
        """Show the text of an e-mail, cleaned, in a frame without rights."""
        version = self._get_version(version_id)
        body = version._get_mail_page()
        if body is None:
            raise request.not_found()
        # Pictures from elsewhere would tell their sender that the mail was read.
        sources = "data: https: http:" if images == "1" else "data:"
        return request.make_response(
            body,
            headers=[
                ("Content-Type", "text/html; charset=utf-8"),
                (
                    "Content-Security-Policy",
                    f"default-src 'none'; img-src {sources}; "
                    "style-src 'unsafe-inline'; sandbox allow-popups "
                    "allow-popups-to-escape-sandbox; frame-ancestors 'self'",
                ),
                ("X-Content-Type-Options", "nosniff"),
                ("Referrer-Policy", "no-referrer"),
                ("Cache-Control", "private, no-store"),
            ],
        )

    @http.route(
        "/gck/documento/correo/<int:version_id>/<int:part>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def mail_part(self, version_id, part, **kwargs):
        """Download a file that came with an e-mail."""
        response = self._get_version(version_id)._get_mail_part_response(part)
        if response is None:
            raise request.not_found()
        return response

    def _get_version(self, version_id):
        """Return a version that the user may read."""
        version = request.env["gck.documento.version"].browse(version_id).exists()
        if not version:
            raise request.not_found()
        version.check_access("read")
        return version
