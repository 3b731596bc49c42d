from odoo import models

from ..tools import audio


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _gck_get_audio_mimetype(self):
        """Return what kind of sound the file is, by its first bytes (O-48).

        The name and type that came with it say nothing: a page may call itself WAV.

        :return: a MIME type; None when it is no sound that the server keeps
        """
        self.ensure_one()
        if self.type != "binary":
            return None
        if self.store_fname:
            try:
                with open(self._full_path(self.store_fname), "rb") as file:
                    return audio.sniff(file.read(audio.HEAD_SIZE))
            except OSError:
                return None
        # A form asks for sizes, which is no reason to take them for the content.
        content = self.with_context(bin_size=False).raw or b""
        return audio.sniff(content[: audio.HEAD_SIZE])
