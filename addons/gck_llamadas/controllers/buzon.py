from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route


class Buzon(Controller):
    """Serves the voice messages of calls to whoever may read the call (O-48)."""

    @route(
        "/gck/llamadas/audio/<int:attachment_id>",
        type="http",
        auth="user",
        readonly=True,
    )
    def audio(self, attachment_id):
        """Send a recording of a call, by parts if the player asks for parts.

        Only what is a sound by its bytes, and as the sound that it is.

        :param int attachment_id: of an ``ir.attachment`` of a call
        """
        attachment = request.env["ir.attachment"].browse(attachment_id).exists()
        if not attachment or not attachment.has_access("read"):
            raise NotFound()
        if attachment.res_model != "gck.llamada" or attachment.res_field:
            raise NotFound()
        # Of a public attachment too, the call itself must be readable.
        llamada = request.env["gck.llamada"].browse(attachment.res_id).exists()
        if not llamada or not llamada.has_access("read"):
            raise NotFound()
        mimetype = attachment._gck_get_audio_mimetype()
        if not mimetype:
            raise NotFound()
        stream = request.env["ir.binary"]._get_stream_from(
            attachment, mimetype=mimetype
        )
        return stream.get_response(as_attachment=False)
