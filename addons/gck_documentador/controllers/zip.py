from odoo import http
from odoo.http import content_disposition, request


def make_zip_response(documentos, name, root=None):
    """Return the response that streams a zip of documents.

    :param root: the folder below which the tree is kept
    """
    entries = documentos._prepare_zip(root)
    return request.make_response(
        documentos._stream_zip(entries),
        headers=[
            ("Content-Type", "application/zip"),
            ("Content-Disposition", content_disposition(f"{name}.zip")),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "private, no-store"),
        ],
    )


class ZipController(http.Controller):
    """Folders and selections of documents as zips."""

    @http.route("/gck/documento/zip", type="http", auth="user", methods=["GET"])
    def download_zip(self, carpeta_id="", ids="", **kwargs):
        """Stream a zip of a folder, or of some documents.

        :param str carpeta_id: id of the folder
        :param str ids: ids of documents, separated by commas
        """
        env = request.env
        if carpeta_id.isdigit():
            folder = env["gck.carpeta"].browse(int(carpeta_id)).exists()
            if not folder:
                raise request.not_found()
            folder.check_access("read")
            return make_zip_response(folder._get_tree_documentos(), folder.name, folder)
        wanted = [int(part) for part in ids.split(",") if part.isdigit()]
        documentos = env["gck.documento"].search([("id", "in", wanted)])
        if not documentos:
            raise request.not_found()
        return make_zip_response(documentos, env._("Documents"))
