"""Documents: stored, renamed, listed and found by what they say, against a peer."""

import base64
import os

import harness
import volume
from lados import COUNT_LIMIT, MANY, NAME, Side

PEER = "dms.file"
FOLDER_FILES = 10000
STORE_FILES = 60000
FILE_BYTES = 20000
FOLDERS = 500
WORDS = (
    "factura",
    "pedido",
    "albarán",
    "compresor",
    "evaporador",
    "condensador",
    "cámara",
    "frigorífica",
    "mantenimiento",
    "contrato",
    "póliza",
    "seguro",
    "cliente",
    "proveedor",
    "garantía",
    "avería",
    "tubería",
    "válvula",
    "temperatura",
    "presión",
    "refrigerante",
    "instalación",
    "presupuesto",
    "reclamación",
    "transporte",
    "entrega",
    "material",
    "obra",
    "plano",
    "sección",
    "medida",
    "técnico",
    "visita",
    "informe",
    "revisión",
    "inspección",
    "señalización",
    "facturación",
    "cobro",
    "pago",
    "banco",
    "remesa",
    "vencimiento",
)
COLUMNS = {
    "name": {},
    "tipo_id": NAME,
    "partner_id": NAME,
    "carpeta_id": NAME,
    "user_id": NAME,
    "date": {},
    "size_text": {},
    "version_number": {},
    "state": {},
    "date_expiry": {},
}


def run(meter, env, peer_env=None):
    """Measure as an ordinary person, in a store with rights on many folders.

    :param Meter meter: measures and prints
    :param env: environment of a superuser
    :param peer_env: environment of a superuser in the peers' database, if any
    """
    if "gck.documento" not in env:
        return
    sides = [OwnDocuments(env)]
    if peer_env is not None and PEER in peer_env:
        sides.append(PeerFiles(peer_env))
    for name, method, rows in (
        ("store 1,000 documents of 20 kB, half the same", "store_many", MANY),
        ("store one document in a folder of 10,000", "store_one", FOLDER_FILES),
        ("rename one document in a folder of 10,000", "rename_one", FOLDER_FILES),
        ("list a folder of 10,000 documents", "list_folder", FOLDER_FILES),
        ("form of one of the documents", "form", FOLDER_FILES),
        ("find by content in 60,000 documents", "by_content", STORE_FILES),
        ("find a frequent word in 60,000 documents", "by_frequent", STORE_FILES),
    ):
        meter.compare(
            name,
            [getattr(side, method)() for side in sides if hasattr(side, method)],
            rows,
            harness.WRITE_RUNS,
        )


def make_contents():
    """Return the contents of a thousand files, half of them the same as others."""
    different = [os.urandom(FILE_BYTES) for _n in range(MANY // 2)]
    return different + different


class OwnDocuments(Side):
    """Ours, in a folder whose rights come from one further up."""

    def __init__(self, env):
        parameter = env["ir.config_parameter"].sudo()
        user = env["res.users"].search([("login", "=", "bench7")])
        if not parameter.get_param("gck.bench.documents"):
            print("Loading documents", build(env, user), flush=True)
            parameter.set_param("gck.bench.documents", "1")
            env.cr.commit()
        env = env(user=user.id, su=False)
        super().__init__(harness.OWN, env, "gck.documento", COLUMNS)
        self.folder = env["gck.carpeta"].search([("name", "=", "Carpeta 0")])
        self.empty = env["gck.carpeta"].search([("name", "=", "Carpeta 1")])

    def store_many(self):
        """Store a thousand files in one call."""
        return self.contestant(
            lambda contents: self.model._store_files(
                [{"name": f"{n}.bin", "raw": raw} for n, raw in enumerate(contents)],
                keep_duplicates=True,
                carpeta_id=self.empty.id,
            ),
            prepare=make_contents,
        )

    def store_one(self):
        """Store one file in the large folder."""
        return self.contestant(
            lambda raw: self.model._store_files(
                [{"name": "uno.bin", "raw": raw}], carpeta_id=self.folder.id
            ),
            prepare=lambda: os.urandom(FILE_BYTES),
        )

    def rename_one(self):
        """Give a document of the large folder another name."""
        documento = self.model.search([("carpeta_id", "=", self.folder.id)], limit=1)
        return self.contestant(
            lambda _given: self.model.browse(documento.id).write({"name": "otro.txt"}),
            prepare=lambda: True,
        )

    def list_folder(self):
        """Read the first page of the large folder."""
        return self.page(
            [("carpeta_id", "=", self.folder.id)],
            f"carpeta_id = {self.folder.id} AND active IS TRUE",
        )

    def find(self, words):
        """Read the first page of what has the words, the best match first."""
        model = self.model.with_context(gck_content_search=words)
        return self.contestant(
            lambda: model.web_search_read(
                [("content_search", "ilike", words)],
                {**self.columns, "snippet": {}},
                limit=80,
                count_limit=COUNT_LIMIT,
            ),
            plain="SELECT doc.* FROM gck_documento doc"
            " JOIN gck_documento_texto text ON text.id = doc.texto_id"
            f" WHERE text.words @@ websearch_to_tsquery('spanish', '{words}')"
            " ORDER BY doc.date DESC LIMIT 80",
        )

    def by_content(self):
        """Find two words that few documents have."""
        return self.find("expediente7531")

    def by_frequent(self):
        """Find a word that very many documents have."""
        return self.find("facturacion")


class PeerFiles(Side):
    """The peer's, in files, as a person whose group has the rights on its folder."""

    def __init__(self, env):
        user = env["res.users"].search([("login", "=", "bench")])
        if not env["dms.directory"].search([("name", "=", "Grande")]):
            print("Loading the peer's files", build_peer(env, user), flush=True)
            env.cr.commit()
        env = env(user=user.id, su=False)
        columns = {"name": {}, "directory_id": NAME, "human_size": {}, "mimetype": {}}
        super().__init__(PEER, env, PEER, columns)
        directories = env["dms.directory"].sudo()
        self.folder = directories.search([("name", "=", "Grande")])
        self.empty = directories.search([("name", "=", "Vacía")])

    def get_vals_of(self, name, raw, folder):
        """Return the values of a file."""
        return {
            "name": name,
            "directory_id": folder.id,
            "content": base64.b64encode(raw),
        }

    def store_many(self):
        """Store a thousand files in one call."""
        return self.contestant(
            lambda contents: self.model.create(
                [
                    self.get_vals_of(f"{n}.bin", raw, self.empty)
                    for n, raw in enumerate(contents)
                ]
            ),
            prepare=make_contents,
        )

    def store_one(self):
        """Store one file in the large folder."""
        return self.contestant(
            lambda raw: self.model.create(
                self.get_vals_of("uno.bin", raw, self.folder)
            ),
            prepare=lambda: os.urandom(FILE_BYTES),
        )

    def rename_one(self):
        """Give a file of the large folder another name."""
        file = self.model.search([("directory_id", "=", self.folder.id)], limit=1)
        return self.contestant(
            lambda _given: self.model.browse(file.id).write({"name": "otro.txt"}),
            prepare=lambda: True,
        )

    def list_folder(self):
        """Read the first page of the large folder."""
        return self.page(
            [("directory_id", "=", self.folder.id)],
            f"directory_id = {self.folder.id}",
        )


def build(env, user):
    """Load the folders, the documents and what they say, and commit.

    :return: how many documents there are
    """
    groups = env["res.groups"].create([{"name": f"Equipo {n}"} for n in range(20)])
    groups[0].user_ids = user
    folders = env["gck.carpeta"].create(
        [{"name": f"Carpeta {n}"} for n in range(FOLDERS)]
    )
    env["gck.carpeta.permiso"].create(
        [
            {
                "carpeta_id": folder.id,
                "group_id": groups[n % len(groups)].id,
                "level": "write",
            }
            for n, folder in enumerate(folders)
            if n % 5 == 0
        ]
    )
    documento = env["gck.documento"]._store_files(
        [{"name": "modelo.txt", "raw": b"modelo"}], carpeta_id=folders[2].id
    )
    env.flush_all()
    cr = env.cr
    cr.execute("SELECT setseed(0.5)")
    words = "ARRAY[" + ", ".join(f"'{word}'" for word in WORDS) + "]"
    cr.execute(
        "INSERT INTO gck_documento_texto (sha256, content)"
        " SELECT 'bench' || i, 'Expediente' || i || ' ' || says.words"
        f" FROM generate_series(1, {STORE_FILES}) i"
        # Other words in each: it is read once for each row.
        " CROSS JOIN LATERAL ("
        f"SELECT string_agg(({words})[1 + floor(random() * {len(WORDS)})::int"
        " + 0 * (i + j)], ' ') AS words FROM generate_series(1, 180) j) says"
    )
    config = env["gck.documento.texto"]._get_configuration()
    cr.execute(
        "UPDATE gck_documento_texto SET words = to_tsvector(%s, content)"
        " WHERE sha256 LIKE 'bench%%'",
        [config],
    )
    volume.clone(
        env,
        documento,
        STORE_FILES,
        {
            "name": "'Documento ' || i || '.txt'",
            "carpeta_id": f"CASE WHEN i <= {FOLDER_FILES} THEN {folders[0].id}"
            f" ELSE {folders[0].id} + 1 + mod(i, {FOLDERS - 1}) END",
            "content_key": "NULL",
            "sha256": "'bench' || i",
            "texto_id": "(SELECT id FROM gck_documento_texto"
            " WHERE sha256 = 'bench' || i)",
            "date": "current_date - (hashint4(i) & 1023)",
        },
    )
    cr.commit()
    cr.connection.autocommit = True
    cr.execute("VACUUM ANALYZE")
    cr.connection.autocommit = False
    return env["gck.documento"].search_count([])


def build_peer(env, user):
    """Load as many files at the peer's in the large folder, and commit."""
    group = env["dms.access.group"].create(
        {
            "name": "Equipo",
            "perm_create": True,
            "perm_write": True,
            "perm_unlink": True,
            "explicit_user_ids": [(6, 0, user.ids)],
        }
    )
    user.group_ids += env.ref("dms.group_dms_user")
    storage = env["dms.storage"].create({"name": "Almacén", "save_type": "file"})
    folders = env["dms.directory"].create(
        [
            {
                "name": name,
                "is_root_directory": True,
                "storage_id": storage.id,
                "group_ids": [(6, 0, group.ids)],
            }
            for name in ("Grande", "Vacía")
        ]
    )
    file = env["dms.file"].create(
        {
            "name": "modelo.txt",
            "directory_id": folders[0].id,
            "content": base64.b64encode(b"modelo"),
        }
    )
    env.flush_all()
    volume.clone(env, file, FOLDER_FILES, {"name": "'Documento ' || i || '.txt'"})
    env.cr.commit()
    env.cr.connection.autocommit = True
    env.cr.execute("VACUUM ANALYZE")
    env.cr.connection.autocommit = False
    return FOLDER_FILES
