import contextlib
import fcntl
import os
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError
from odoo.tools import human_size

from ..tools.names import clean_filename, get_name_key

# Sessions that nobody finishes go after this.
KEEP_DAYS = 2
# What a browser sends at once; far below what servers and proxies refuse.
CHUNK_BYTES = 4 << 20
FILES_MAX = 2000
PIECE = 1 << 16
FOLDER = "gck_subida"


class GckDocumentoSubida(models.Model):
    """A file on its way into the store, in pieces.

    The pieces are appended to a file next to the file store, whose size says where to
    go on after an interruption. When it is complete, it becomes a document, or a new
    version of one, in one transaction of its own.
    """

    _name = "gck.documento.subida"
    _description = "Upload of a document"
    _order = "id desc"
    _rec_name = "filename"

    user_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        index=True,
        ondelete="cascade",
    )
    filename = fields.Char(required=True)
    file_size = fields.Float(digits=(16, 0), string="Size", required=True)
    last_modified = fields.Char(help="As the browser says it, to know the file again.")
    carpeta_id = fields.Many2one("gck.carpeta", string="Folder", ondelete="cascade")
    documento_id = fields.Many2one(
        "gck.documento",
        string="Document",
        ondelete="cascade",
        help="The document of which the file is a new version.",
    )
    reason = fields.Char()
    res_model = fields.Char(string="Linked model")
    res_id = fields.Many2oneReference(string="Linked record", model_field="res_model")
    stored_id = fields.Many2one(
        "gck.documento", string="Stored as", readonly=True, ondelete="cascade"
    )
    is_duplicate = fields.Boolean(readonly=True)

    # ------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------

    @api.model
    def open_sessions(self, files, target=None):
        """Begin the upload of some files.

        :param list files: of dicts ``name``, ``size``, ``modified`` and ``path``, the
            folders that lead to it below the target, separated by slashes
        :param dict target: ``carpeta_id``, or ``documento_id`` and ``reason`` for a new
            version, and ``res_model`` and ``res_id`` of a record to link with
        :return: one dict for each file: ``id``, ``offset`` and ``chunk``, or ``error``
        """
        target = target or {}
        if len(files) > FILES_MAX:
            raise UserError(
                self.env._(
                    "%(count)s files at once are too many: upload %(max)s at most.",
                    count=len(files),
                    max=FILES_MAX,
                )
            )
        common = self._prepare_target(target, len(files))
        folders = {}
        if not common["documento_id"]:
            parent = self.env["gck.carpeta"].browse(common["carpeta_id"])
            folders = parent._ensure_tree({file.get("path") or "" for file in files})
        results = [{} for _file in files]
        vals_by_position = {}
        for position, file in enumerate(files):
            error = self._get_refusal(file)
            if error:
                results[position] = {"error": error}
                continue
            folder = folders.get(file.get("path") or "")
            vals_by_position[position] = {
                **common,
                "filename": clean_filename(file["name"]),
                "file_size": file["size"],
                "last_modified": str(file.get("modified") or ""),
                "carpeta_id": folder.id if folder else common["carpeta_id"],
            }
        for position, session in self._find_or_create(vals_by_position).items():
            results[position] = {
                "id": session.id,
                "offset": session._get_offset(),
                "chunk": CHUNK_BYTES,
            }
        return results

    @api.model
    def _prepare_target(self, target, count):
        """Check where files are to go, and return the values of their sessions."""
        Documento = self.env["gck.documento"]
        Documento.check_access("create")
        vals = {
            "carpeta_id": False,
            "documento_id": False,
            "reason": target.get("reason") or False,
            "res_model": False,
            "res_id": False,
        }
        if target.get("documento_id"):
            documento = Documento.browse(target["documento_id"])
            documento.check_access("write")
            documento._check_not_locked()
            if count > 1:
                raise UserError(
                    self.env._(
                        "A new version is one file: drop only one on a document."
                    )
                )
            return {**vals, "documento_id": documento.id}
        Carpeta = self.env["gck.carpeta"]
        folder = Carpeta.browse(target.get("carpeta_id") or [])
        if not folder:
            folder = Carpeta._get_system("inbox")
        folder._check_level("write")
        vals["carpeta_id"] = folder.id
        if target.get("res_model"):
            record = self.env[target["res_model"]].browse(target["res_id"])
            record.check_access("read")
            vals.update(res_model=record._name, res_id=record.id)
        return vals

    @api.model
    def _get_refusal(self, file):
        """Return why a file cannot be taken, empty when it can."""
        limit = self.env.company.gck_upload_max_mb
        if limit and file["size"] > limit << 20:
            return self.env._(
                "It has %(size)s, and %(limit)s MB is the most that is taken. Reduce "
                "it, or ask for the limit to be raised in the parameters.",
                size=human_size(file["size"]),
                limit=limit,
            )
        return ""

    @api.model
    def _find_or_create(self, vals_by_position):
        """Return the sessions of some values: one that was interrupted goes on."""
        names = ["filename", "file_size", "last_modified", "carpeta_id"]
        names += ["documento_id", "res_model", "res_id"]
        open_sessions = {}
        for session in self.search(
            [("user_id", "=", self.env.uid), ("stored_id", "=", False)]
        ):
            values = session._convert_to_write({n: session[n] for n in names})
            key = tuple(values[name] or False for name in names)
            open_sessions.setdefault(key, session)
        result, missing = {}, {}
        for position, vals in vals_by_position.items():
            key = tuple(vals[name] or False for name in names)
            session = vals["last_modified"] and open_sessions.pop(key, None)
            if session:
                result[position] = session
            else:
                missing[position] = vals
        created = self.create(list(missing.values()))
        for session in created:
            session._remove_file()
        return {**result, **dict(zip(missing, created, strict=True))}

    # ------------------------------------------------------------
    # Pieces
    # ------------------------------------------------------------

    def _get_path(self):
        self.ensure_one()
        folder = os.path.join(self.env["ir.attachment"]._filestore(), FOLDER)
        os.makedirs(folder, exist_ok=True)
        return os.path.join(folder, f"{self.id}.part")

    def _get_offset(self):
        """Return how much of the file has come."""
        try:
            return os.path.getsize(self._get_path())
        except FileNotFoundError:
            return 0

    def _remove_file(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._get_path())

    def _append(self, stream, offset):
        """Append what comes to the file, which is never held in memory.

        :param stream: from which the piece is read
        :param int offset: where the piece belongs
        :return: how much of the file has come; less or more than expected when another
            piece came first, or less came than was announced
        """
        self.ensure_one()
        limit = int(self.file_size)
        with open(self._get_path(), "ab") as file:
            # Two tabs, or a piece that is sent again while the first one still comes.
            fcntl.flock(file, fcntl.LOCK_EX)
            size = os.fstat(file.fileno()).st_size
            if size != offset:
                return size
            while piece := stream.read(PIECE):
                if size + len(piece) > limit:
                    raise UserError(
                        self.env._(
                            "«%s» is larger than announced: it changed while it was "
                            "uploaded. Try again.",
                            self.filename,
                        )
                    )
                file.write(piece)
                size += len(piece)
            return size

    # ------------------------------------------------------------
    # End
    # ------------------------------------------------------------

    def action_finish(self):
        """Store the complete file.

        :return: dict with ``documento_id``, ``name`` and ``duplicate``, whether the
            folder had the content already
        """
        self.ensure_one()
        self.check_access("write")
        if not self.exists():
            raise MissingError(self.env._("The upload was given up. Start it again."))
        if not self.stored_id:
            documento, duplicate = self._store()
            self.write({"stored_id": documento.id, "is_duplicate": duplicate})
            path = self._get_path()

            @self.env.cr.postcommit.add
            def remove():
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(path)

        return {
            "documento_id": self.stored_id.id,
            "name": self.stored_id.name,
            "duplicate": self.is_duplicate,
        }

    def _store(self):
        """Make a document, or a version, of the file.

        :return: the document, and whether the folder had it already
        """
        size = self._get_offset()
        error = self._get_refusal({"size": size})
        if not error and size != int(self.file_size):
            error = self.env._("The file is not complete yet. Try again.")
        if error:
            raise UserError(error)
        Documento = self.env["gck.documento"]
        path = self._get_path()
        if not size:
            # Nothing came: a file may be empty.
            open(path, "ab").close()
        mail = Documento._read_mail_vals(path, self.filename)
        attachment = self.env["ir.attachment"]._gck_create_from_file(
            path, self.filename, Documento._guess_mimetype(self.filename)
        )
        if self.documento_id:
            self.documento_id._add_version(
                self.filename, attachment=attachment, reason=self.reason or ""
            )
            return self.documento_id, False
        file = {"name": self.filename, "attachment": attachment, **mail}
        if self.res_model:
            record = self.env[self.res_model].browse(self.res_id)
            file["records"] = [record]
            partner = self.env["gck.accion"]._get_partner(record)
            if partner:
                file["partner_id"] = partner.commercial_partner_id.id
        documentos, duplicates = Documento._store_files_report(
            [file], carpeta_id=self.carpeta_id.id
        )
        if duplicates:
            # The store has its bytes already.
            # sudo: it is this user's, and nothing owns it.
            attachment.sudo().unlink()
        return documentos, bool(duplicates)

    def action_cancel(self):
        """Give uploads up, with what came of them."""
        self.check_access("unlink")
        for session in self:
            session._remove_file()
        self.unlink()
        return True

    @api.autovacuum
    def _gc_abandoned(self):
        """Remove uploads that nobody finished, and what is left of them on the disk."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.search([("write_date", "<", limit)]).action_cancel()
        folder = os.path.join(self.env["ir.attachment"]._filestore(), FOLDER)
        if not os.path.isdir(folder):
            return
        for entry in os.scandir(folder):
            if entry.stat().st_mtime < limit.timestamp():
                os.unlink(entry.path)


class GckCarpeta(models.Model):
    """Folders that come with their files."""

    _name = "gck.carpeta"
    _inherit = ["gck.carpeta"]

    def _ensure_tree(self, paths):
        """Return the folders of some paths below this one, made where missing.

        :param paths: names separated by slashes; the empty one is this folder
        :return: ``{path: gck.carpeta}``
        """
        self.ensure_one()
        result = {"": self}
        parts_by_path = {
            path: [clean_filename(p) for p in path.split("/") if p.strip(" .")]
            for path in paths
        }
        depth = max(map(len, parts_by_path.values()), default=0)
        known = {(): self}
        for level in range(1, depth + 1):
            wanted = dict.fromkeys(
                tuple(parts[:level])
                for parts in parts_by_path.values()
                if len(parts) >= level
            )
            # One query and one creation for each level, not for each folder.
            parents = self.browse(known[place[:-1]].id for place in wanted)
            existing = {
                (folder.parent_id.id, folder.name_key): folder
                for folder in self.search([("parent_id", "in", parents.ids)])
            }
            missing = {}
            for place in wanted:
                key = (known[place[:-1]].id, get_name_key(place[-1]))
                if key in existing:
                    known[place] = existing[key]
                else:
                    missing.setdefault(key, []).append(place)
            created = self.create(
                [
                    {"name": places[0][-1], "parent_id": parent_id}
                    for (parent_id, _name), places in missing.items()
                ]
            )
            for folder, places in zip(created, missing.values(), strict=True):
                known.update(dict.fromkeys(places, folder))
        for path, parts in parts_by_path.items():
            result[path] = known[tuple(parts)]
        return result
