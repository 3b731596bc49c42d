import filecmp
import hashlib
import os
import shutil

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

CHUNK = 1 << 20
HEAD = 1 << 12


class IrAttachment(models.Model):
    """Attachments of files that are on the disk already."""

    _name = "ir.attachment"
    _inherit = ["ir.attachment"]

    @api.model
    def _gck_create_from_file(self, path, name, mimetype=False):
        """Create an attachment of a file without loading it.

        The file becomes one of the file store as it is; where contents are kept in the
        database, they are read, as Odoo can put them there in no other way.

        :param str path: a file, which stays where it is
        :param str name: its name
        :return: an attachment that nothing owns yet
        """
        # What a browser would run is kept as plain text, images stay as they are.
        attachments = self.with_context(
            image_no_postprocess=True,
            attachments_mime_plainxml=True,
            gck_no_index=True,
        )
        with open(path, "rb") as content:
            mimetype = mimetype or guess_mimetype(content.read(HEAD))
            vals = {"name": name, "mimetype": mimetype}
            if self._storage() == "db" or not os.path.getsize(path):
                content.seek(0)
                return attachments.create({**vals, "raw": content.read()})
            content.seek(0)
            digest = hashlib.sha1()
            while chunk := content.read(CHUNK):
                digest.update(chunk)
        checksum = digest.hexdigest()
        fname = f"{checksum[:2]}/{checksum}"
        attachment = attachments.create(vals)
        # sudo: as Odoo itself writes what follows from a content. Its own write drops
        # these values, which only the content may say.
        models.BaseModel.write(
            attachment.sudo(),
            {
                "store_fname": fname,
                "checksum": checksum,
                "file_size": os.path.getsize(path),
            },
        )
        # The row first: the garbage collector waits for this transaction to end.
        attachment.flush_recordset()
        self._gck_adopt_file(path, fname)
        return attachment

    @api.model
    def _gck_adopt_file(self, path, fname):
        """Put a file into the file store, where an equal one may be already."""
        target = self._full_path(fname)
        if os.path.isfile(target):
            if not filecmp.cmp(path, target, shallow=False):
                raise UserError(
                    self.env._("The attachment collides with an existing file.")
                )
            return
        os.makedirs(os.path.dirname(target), exist_ok=True)
        # Should the transaction fail, nothing refers to the file.
        self._mark_for_gc(fname)
        try:
            os.link(path, target)
        except FileExistsError:
            return
        except OSError:
            # A file system without links.
            partial = f"{target}.{os.getpid()}"
            shutil.copyfile(path, partial)
            os.replace(partial, target)
