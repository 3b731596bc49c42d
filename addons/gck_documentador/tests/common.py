from odoo.addons.gck_avisos.tests.common import AvisosCase

USER = "gck_documentador.group_gck_documento_user"
ALL = "gck_documentador.group_gck_documento_all"
MANAGER = "gck_documentador.group_gck_documento_manager"


class DocumentosCase(AvisosCase):
    """A company with some folders."""

    @classmethod
    def setup_people(cls):
        result = super().setup_people()
        cls.reader = cls.new_user("reader", ALL, "Raquel Reader")
        cls.keeper = cls.new_user("keeper", MANAGER, "Marta Manager")
        return result

    @classmethod
    def setup_tables(cls):
        result = super().setup_tables()
        cls.folder = cls.new_folder("Proyectos")
        return result

    @classmethod
    def new_folder(cls, name, parent=None, **vals):
        """Create a folder, as the superuser."""
        return cls.env["gck.carpeta"].create(
            {"name": name, "parent_id": parent.id if parent else False, **vals}
        )

    @classmethod
    def store(cls, name="plano.txt", raw=b"contenido", user=None, **vals):
        """Store one file as a person, an ordinary user unless told."""
        Documento = cls.env["gck.documento"].with_user(user or cls.own)
        vals.setdefault("carpeta_id", cls.folder.id)
        return Documento._store_files([{"name": name, "raw": raw}], **vals)
