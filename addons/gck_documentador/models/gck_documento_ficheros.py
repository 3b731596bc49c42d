import hashlib
import mimetypes

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL
from odoo.tools.mimetypes import guess_mimetype
from odoo.tools.misc import clean_context

from ..tools.names import clean_filename, clean_title, get_extension
from .gck_documento import SYSTEM_FIELDS


class GckDocumento(models.Model):
    """How files come into the store."""

    _name = "gck.documento"
    _inherit = ["gck.documento"]

    @api.model
    def _store_files(self, files, keep_duplicates=False, **vals):
        """Store files, each as a document of its own.

        :param list files: of dicts with ``name`` and either ``raw`` or ``attachment``
            (or ``attachment_id``), an attachment that nothing owns yet; optionally
            ``records``, a list of recordsets to link, ``reason``, and values of the
            document
        :param bool keep_duplicates: store what its folder has already once more
        :param vals: values of all the documents
        :return: the documents in the order of the files; where the folder has the same
            content already, the document that has it
        """
        return self._store_files_report(files, keep_duplicates, **vals)[0]

    @api.model
    def _store_files_report(self, files, keep_duplicates=False, **vals):
        """Store files and tell which of them the folder had already.

        :return: the documents as ``_store_files`` does, and ``{position: document}`` of
            the files that were not stored because the folder has their content
        :raises ConcurrencyError: when somebody else stores the same content in the
            same folder at this moment; the transaction is tried again by itself
        """
        prepared = [self._prepare_file(file) for file in files]
        vals_list = [self._prepare_documento_vals(file, vals) for file in files]
        positions, duplicates = {}, {}
        if keep_duplicates:
            new = range(len(files))
            for documento_vals in vals_list:
                documento_vals["content_key"] = False
        else:
            known = self._get_known_contents(vals_list, prepared)
            new, first = [], {}
            for position, (documento_vals, content) in enumerate(
                zip(vals_list, prepared, strict=True)
            ):
                place = documento_vals["carpeta_id"], content["sha256"]
                if place in known:
                    duplicates[position] = known[place]
                elif place in first:
                    duplicates[position] = first[place]
                else:
                    first[place] = position
                    documento_vals["content_key"] = content["sha256"]
                    new.append(position)
        try:
            with self.env.cr.savepoint():
                documentos = (
                    self._with_transition()
                    .create([vals_list[position] for position in new])
                    .with_env(self.env)
                )
                documentos.flush_recordset(["content_key"])
        except UniqueViolation as error:
            if error.diag.constraint_name != "gck_documento__content_uniq":
                raise
            raise ConcurrencyError(str(error)) from error
        documentos._create_versions([prepared[position] for position in new])
        positions = dict(zip(new, documentos, strict=True))
        for position, found in duplicates.items():
            if isinstance(found, int):
                found = duplicates[position] = positions[found]
            positions[position] = found
        self._link_stored(files, positions)
        result = self.browse(positions[position].id for position in range(len(files)))
        return result, duplicates

    @api.model
    def _prepare_documento_vals(self, file, vals):
        """Return the values of the document of a file."""
        own = {
            name: value
            for name, value in {**vals, **file}.items()
            if name in self._fields and name not in SYSTEM_FIELDS
        }
        title = file.get("title")
        own["name"] = clean_title(title) if title else clean_filename(file["name"])
        if not own.get("carpeta_id"):
            own["carpeta_id"] = self.default_get(["carpeta_id"])["carpeta_id"]
        return own

    @api.model
    def _prepare_file(self, file):
        """Return what is known of a file before it is stored.

        :return: ``filename``, ``mimetype``, ``file_size``, ``sha256``, ``reason``, and
            one of ``raw``, ``attachment`` and ``copy_of`` (a version)
        """
        filename = clean_filename(file["name"])
        attachment = file.get("attachment") or self.env["ir.attachment"].browse(
            file.get("attachment_id")
        )
        result = {"filename": filename, "reason": file.get("reason") or False}
        version = file.get("version")
        if version:
            return {
                **result,
                "copy_of": version,
                **{name: version[name] for name in ("file_size", "sha256", "mimetype")},
            }
        if attachment:
            attachment.check_access("write")
            # sudo: the attachment is the user's, as was just checked.
            attachment = attachment.sudo()
            if attachment.res_id:
                raise UserError(
                    self.env._("«%s» belongs to another record already.", filename)
                )
            return {
                **result,
                "attachment": attachment,
                "file_size": attachment.file_size,
                "sha256": self.env["gck.documento.version"]._get_sha256(attachment),
                "mimetype": self._guess_mimetype(filename) or attachment.mimetype,
            }
        raw = file.get("raw") or b""
        return {
            **result,
            "raw": raw,
            "file_size": len(raw),
            "sha256": hashlib.sha256(raw).hexdigest(),
            "mimetype": self._guess_mimetype(filename) or guess_mimetype(raw),
        }

    @api.model
    def _guess_mimetype(self, filename):
        if filename.lower().endswith(".msg"):
            return "application/vnd.ms-outlook"
        return mimetypes.guess_type(filename)[0]

    @api.model
    def _get_known_contents(self, vals_list, contents):
        """Return ``{(folder id, sha256): document}`` of what folders have already."""
        pairs = {
            (vals["carpeta_id"], content["sha256"])
            for vals, content in zip(vals_list, contents, strict=True)
        }
        if not pairs:
            return {}
        folder_ids, keys = map(set, zip(*pairs, strict=True))
        found = self.search_fetch(
            [("carpeta_id", "in", folder_ids), ("content_key", "in", keys)],
            ["carpeta_id", "content_key"],
        )
        return {(d.carpeta_id.id, d.content_key): d for d in found}

    @api.model
    def _link_stored(self, files, positions):
        """Link each document with the records that came with its file."""
        pairs_by_model = {}
        for position, file in enumerate(files):
            for records in file.get("records") or ():
                pairs_by_model.setdefault(records._name, []).extend(
                    (positions[position], record) for record in records
                )
        for pairs in pairs_by_model.values():
            self.env["gck.vinculo"]._link_pairs(pairs)

    @api.model
    def _load_demo(self, rows):
        """Store the documents of the demo, and read what they say.

        :param list rows: of folder (XML id), file name, text, values of the document
        """
        for folder, name, text, vals in rows:
            documento = self._store_files(
                [{"name": name, "raw": text.encode()}],
                carpeta_id=self.env.ref(f"gck_documentador.{folder}").id,
                **vals,
            )
            if documento.partner_id:
                documento._link_records(documento.partner_id)
        # What they say is known, so that nothing has to be read first.
        for version in self.env["gck.documento.texto"]._claim(len(rows)):
            version._index_text()

    # ------------------------------------------------------------
    # Versions
    # ------------------------------------------------------------

    def _add_version(
        self, filename, raw=None, attachment=None, reason="", version=None
    ):
        """Store a new content of the document; the ones before are kept.

        :param str filename: its name, the current one's without it
        :param bytes raw: the content, or
        :param attachment: an attachment that nothing owns yet, or
        :param version: a version whose content is taken
        :param str reason: why it changed
        :return: the new ``gck.documento.version``
        :raises UserError: when somebody else has the document checked out
        """
        self.ensure_one()
        self.check_access("write")
        self._check_not_locked()
        # Who comes second waits here, and is tried again with the number after.
        self.env.execute_query(
            SQL("SELECT id FROM gck_documento WHERE id = %s FOR UPDATE", self.id)
        )
        content = self._prepare_file(
            {
                "name": filename or self.filename or self.name,
                "raw": raw,
                "attachment": attachment,
                "version": version,
                "reason": reason,
            }
        )
        versions = self._create_versions([content])
        self._claim_content_keys()
        return versions

    def _create_versions(self, contents):
        """Store one new version of each document and make it the current one.

        :param list contents: from ``_prepare_file``, one for each document
        :return: the new ``gck.documento.version``
        """
        now = fields.Datetime.now()
        numbers = {}
        if any(documento.version_id for documento in self):
            numbers = dict(
                self.env["gck.documento.version"]._read_group(
                    [("documento_id", "in", self.ids)],
                    ["documento_id"],
                    ["number:max"],
                )
            )
        # sudo: nobody creates versions but by storing a file, lest they own what is not
        # their user's. Both callers checked the right on the document; defaults of the
        # client have no say.
        Version = (
            self.env["gck.documento.version"]
            .sudo()
            .with_context({}, **clean_context(self.env.context))
        )
        versions = Version.create(
            [
                {
                    "documento_id": documento.id,
                    "number": numbers.get(documento, 0) + 1,
                    "user_id": self.env.uid,
                    "date": now,
                    **{
                        name: content[name]
                        for name in (
                            "filename",
                            "file_size",
                            "sha256",
                            "mimetype",
                            "reason",
                        )
                    },
                }
                for documento, content in zip(self, contents, strict=True)
            ]
        ).with_env(self.env)
        versions._store_contents(contents)
        # sudo: what the document says of its current version follows from the version,
        # which was stored for the user.
        documentos = self.sudo().with_context(tracking_disable=True)
        for documento, version in zip(documentos, versions.sudo(), strict=True):
            documento.write(documento._prepare_current_vals(version))
        # The newest comes first.
        self.invalidate_recordset(["version_ids"], flush=False)
        return versions

    def _prepare_current_vals(self, version):
        """Return what the document says of its current version."""
        return {
            "version_id": version.id,
            "version_number": version.number,
            "filename": version.filename,
            "extension": get_extension(version.filename),
            "mimetype": version.mimetype,
            "file_size": version.file_size,
            "sha256": version.sha256,
        }

    def _claim_content_keys(self):
        """Let each document be known as the one with its content in its folder.

        Unless another document of the folder is known so already.
        """
        # sudo: another document of the folder, which may be out of reach, counts too.
        documentos = self.sudo()
        documentos.content_key = False
        documentos.flush_recordset(["content_key", "carpeta_id", "sha256"])
        taken = {
            (documento.carpeta_id, documento.content_key)
            for documento in documentos.search(
                [
                    ("carpeta_id", "in", documentos.carpeta_id.ids),
                    ("content_key", "in", documentos.mapped("sha256")),
                ]
            )
        }
        for documento in documentos:
            place = (documento.carpeta_id, documento.sha256)
            if documento.sha256 and documento.active and place not in taken:
                taken.add(place)
                documento.content_key = documento.sha256


class GckDocumentoVersion(models.Model):
    """How the content of a version is kept."""

    _name = "gck.documento.version"
    _inherit = ["gck.documento.version"]

    def _store_contents(self, contents):
        """Keep the contents in attachments, of which equal ones share one file.

        :param list contents: from ``_prepare_file``, one for each version
        """
        # sudo: who stores the versions that own the attachments was checked. Images
        # stay as they are, and what a browser would run is kept as plain text.
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .with_context(
                image_no_postprocess=True,
                attachments_mime_plainxml=True,
                gck_no_index=True,
            )
        )
        raw = [
            (version, content)
            for version, content in zip(self, contents, strict=True)
            if not content.get("attachment")
        ]
        created = attachments.create(
            [
                {
                    "name": content["filename"],
                    "raw": content.get("raw", b""),
                    "mimetype": content["mimetype"],
                    **version._prepare_owner_vals(),
                }
                for version, content in raw
            ]
        )
        owned = {
            version: attachment
            for (version, _content), attachment in zip(raw, created, strict=True)
        }
        for version, content in zip(self, contents, strict=True):
            attachment = content.get("attachment")
            if attachment:
                attachment.with_env(attachments.env).write(
                    {
                        "name": content["filename"],
                        "mimetype": content["mimetype"],
                        **version._prepare_owner_vals(),
                    }
                )
                owned[version] = attachment
            if content.get("copy_of"):
                owned[version]._gck_copy_content(
                    # sudo: the user could read the version that is copied.
                    content["copy_of"].sudo().attachment_id
                )
        # sudo: as above; the version is told where its content is.
        for version in self.sudo():
            version.write(
                {
                    "attachment_id": owned[version].id,
                    "checksum": owned[version].checksum,
                }
            )

    def _prepare_owner_vals(self):
        return {
            "res_model": self._name,
            "res_id": self.id,
            "res_field": "content",
            "company_id": self.documento_id.company_id.id,
        }
