import zipfile

from odoo import api, models
from odoo.exceptions import UserError
from odoo.modules.registry import Registry

# More at once than this is a job for whoever keeps the server.
FILES_MAX = 20_000
CHUNK = 1 << 18
# What is compressed already only costs time to compress again.
PACKED = frozenset(
    [
        "zip",
        "7z",
        "rar",
        "gz",
        "bz2",
        "xz",
        "docx",
        "xlsx",
        "pptx",
        "odt",
        "ods",
        "odp",
        "jpg",
        "jpeg",
        "png",
        "gif",
        "webp",
        "mp3",
        "mp4",
        "mov",
        "avi",
        "mkv",
        "webm",
        "pdf",
        "ogg",
    ]
)


class Buffer:
    """Where the zip is written, from which it is taken away at once."""

    def __init__(self):
        self.pieces = []
        self.position = 0

    def write(self, data):  # pylint: disable=method-required-super
        """Take a piece."""
        self.pieces.append(bytes(data))
        self.position += len(data)
        return len(data)

    def tell(self):
        """Return how much was written."""
        return self.position

    def flush(self):
        """Do nothing: what is here is taken by ``take``."""

    def take(self):
        """Return what was written since the last time."""
        pieces, self.pieces = self.pieces, []
        return b"".join(pieces)


def stream_zip(entries, read):
    """Yield a zip piece by piece; neither it nor a file of it is ever held whole.

    :param entries: list of ``(name in the zip, date, source)``
    :param read: function that yields the pieces of a source
    """
    buffer = Buffer()
    with zipfile.ZipFile(buffer, "w", allowZip64=True) as archive:
        for name, date, source in entries:
            info = zipfile.ZipInfo(name, date_time=date)
            packed = name.rpartition(".")[2].lower() in PACKED
            info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with archive.open(info, "w", force_zip64=True) as entry:
                for piece in read(source):
                    entry.write(piece)
                    if data := buffer.take():
                        yield data
            if data := buffer.take():
                yield data
    yield buffer.take()


class GckDocumento(models.Model):
    """Export of documents as a zip."""

    _name = "gck.documento"
    _inherit = ["gck.documento"]

    def action_export_zip(self):
        """Download the files of the documents as a zip.

        :return: the action that opens its address
        """
        self.check_access("read")
        if not any(self.mapped("version_id")):
            raise UserError(self.env._("None of these documents has a file."))
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/gck/documento/zip?ids={ids}",
            "target": "download",
        }

    def _prepare_zip(self, root=None):
        """Return the entries of a zip with the files of the documents.

        :param root: ``gck.carpeta`` below which the tree is kept, none for a flat zip
        :return: list for :func:`stream_zip`, with paths or attachment ids as sources
        """
        documentos = self.filtered("version_id")
        if len(documentos) > FILES_MAX:
            raise UserError(
                self.env._(
                    "%(count)s files are too many for one zip: export the subfolders "
                    "one by one, %(max)s files at most.",
                    count=len(documentos),
                    max=FILES_MAX,
                )
            )
        documentos._log_reads("zip")
        folders = documentos.carpeta_id._get_zip_paths(root) if root else {}
        entries, taken = [], set()
        # sudo: the contents of documents that the user may read.
        for documento in documentos.sudo():
            version = documento.version_id
            attachment = version.attachment_id
            folder = folders.get(documento.carpeta_id.id, "")
            name = self._get_free_entry(folder, version.filename, taken)
            date = (version.date or documento.create_date).timetuple()[:6]
            source = attachment.id
            if attachment.store_fname:
                source = attachment._full_path(attachment.store_fname)
            entries.append((name, date, source))
        return entries

    @api.model
    def _get_free_entry(self, folder, filename, taken):
        """Return the name of a file in a zip, numbered where it is taken."""
        stem, dot, extension = filename.rpartition(".")
        if not stem:
            stem, dot, extension = filename, "", ""
        number, name = 1, f"{folder}{filename}"
        while name.casefold() in taken:
            number += 1
            name = f"{folder}{stem} ({number}){dot}{extension}"
        taken.add(name.casefold())
        return name

    @api.model
    def _stream_zip(self, entries):
        """Yield the zip of some entries, after this transaction has ended."""
        registry_name = self.env.cr.dbname

        def read(source):
            if isinstance(source, str):
                with open(source, "rb") as content:
                    while chunk := content.read(CHUNK):
                        yield chunk
                return
            with Registry(registry_name).cursor(readonly=True) as cr:
                cr.execute("SELECT db_datas FROM ir_attachment WHERE id = %s", [source])
                row = cr.fetchone()
            if row and row[0]:
                yield bytes(row[0])

        return stream_zip(entries, read)


class GckCarpeta(models.Model):
    """Export of a folder as a zip."""

    _name = "gck.carpeta"
    _inherit = ["gck.carpeta"]

    def action_export_zip(self):
        """Download what is in the folder and below it as a zip.

        :return: the action that opens its address
        """
        self.ensure_one()
        self.check_access("read")
        if not self._get_tree_documentos():
            raise UserError(
                self.env._("There is no file in «%s» that you may read.", self.name)
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/gck/documento/zip?carpeta_id={self.id}",
            "target": "download",
        }

    def _get_tree_documentos(self):
        """Return the documents with a file in the folder and below, by their rights."""
        return self.env["gck.documento"].search(
            [("carpeta_id", "child_of", self.id), ("version_id", "!=", False)],
            order="carpeta_id, name, id",
        )

    def _get_zip_paths(self, root):
        """Return ``{folder id: path below a folder, with a slash at its end}``."""
        # sudo: the names of the folders on the way, which the user may not open.
        folders = self.sudo()
        above = {
            int(part)
            for folder in folders
            for part in folder.parent_path.split("/")[:-1]
        }
        names = {f.id: f.name for f in folders.browse(sorted(above))}
        depth = root.sudo().parent_path.count("/")
        return {
            folder.id: "".join(
                f"{names[int(part)]}/"
                for part in folder.parent_path.split("/")[depth:-1]
            )
            for folder in folders
        }
