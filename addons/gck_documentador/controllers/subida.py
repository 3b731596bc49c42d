import io

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.gck_documento_subida import CHUNK_BYTES


class SubidaController(http.Controller):
    """Files that come into the store piece by piece."""

    @http.route(
        "/gck/documento/subida/<int:session_id>",
        type="http",
        auth="user",
        methods=["POST"],
        max_content_length=CHUNK_BYTES * 2,
    )
    def upload_chunk(self, session_id, offset="0", **kwargs):
        """Append the body of the request to a file.

        :param str offset: where in the file the piece belongs
        :return: JSON with ``offset``, how much of the file has come: with status 409
            when the piece belongs elsewhere
        """
        session = request.env["gck.documento.subida"].browse(session_id).exists()
        if not session or not offset.isdigit():
            raise request.not_found()
        session.check_access("write")
        if session.user_id != request.env.user:
            raise request.not_found()
        length = request.httprequest.content_length or 0
        # One piece, which the limit of the route bounds.
        stream = io.BytesIO(request.httprequest.get_data(cache=False))
        try:
            size = session._append(stream, int(offset))
        except UserError as error:
            return request.make_json_response({"error": str(error)}, status=422)
        complete = size == int(offset) + length
        return request.make_json_response(
            {"offset": size}, status=200 if complete else 409
        )
