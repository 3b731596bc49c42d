from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.consulta import JOINTS, get_prefix_query, to_plural, to_singular

# More documents than this are not put in order of how well they match, but by date:
# a word that is everywhere ranks nothing.
RANKED = 1000
# Of a text, where the words found are looked for to be shown.
SNIPPET_CHARS = 60_000
# Characters that no text has, around what was found.
START, STOP = "\x02", "\x03"


class GckDocumento(models.Model):
    """Finding documents by what they say, in Spanish, accents or not (K-28)."""

    _name = "gck.documento"
    _inherit = ["gck.documento"]

    texto_id = fields.Many2one(
        "gck.documento.texto", readonly=True, copy=False, index="btree_not_null"
    )
    content_search = fields.Char(
        string="Content",
        compute="_compute_content_search",
        search="_search_content_search",
    )
    snippet = fields.Html(
        string="Where it says so", compute="_compute_snippet", sanitize=False
    )

    def init(self):
        """Index the words of the names."""
        result = super().init()
        self.env.cr.execute(
            SQL(
                "CREATE INDEX IF NOT EXISTS gck_documento_name_words"
                " ON gck_documento USING gin (%s)",
                self._get_name_words(SQL.identifier("name")),
            )
        )
        return result

    @api.model
    def _get_name_words(self, name):
        """Return the words of names in SQL, as the index has them."""
        return SQL(
            r"to_tsvector('%(config)s',"
            r" regexp_replace(translate(%(name)s, '._/', '   '),"
            r" '(\w[cs])i[oó]n\M', '\1iones', 'gi'))",
            config=SQL(self.env["gck.documento.texto"]._get_configuration()),
            name=name,
        )

    @api.model
    def _get_query(self, text):
        """Return what somebody looks for as a query of PostgreSQL, in SQL."""
        config = self.env["gck.documento.texto"]._get_configuration()
        text = JOINTS.sub(" ", text or "")
        prefix = get_prefix_query(to_plural(text))
        if prefix:
            # An unfinished word is looked for as it stands, too.
            return SQL(
                "(to_tsquery(%(config)s, %(plural)s)"
                " || to_tsquery(%(config)s, %(own)s))",
                config=config,
                plural=prefix,
                own=get_prefix_query(text),
            )
        return SQL("websearch_to_tsquery(%s, %s)", config, to_plural(text))

    def _compute_content_search(self):
        self.content_search = False

    @api.model
    def _search_content_search(self, operator, value):
        """Find the documents whose name or text has the words."""
        if operator not in ("ilike", "=", "in") or not value:
            return NotImplemented
        values = [value] if isinstance(value, str) else value
        return Domain.OR(
            Domain("id", "in", self._get_found(text)) for text in values if text
        )

    @api.model
    def _get_found(self, text):
        """Return the ids of what has the words in its name or text, in SQL."""
        # The documents that it finds are filtered by the rights of the user.
        self.flush_model(["name", "texto_id"])
        return SQL(
            "(SELECT doc.id FROM gck_documento doc WHERE %(names)s @@ %(query)s"
            " UNION ALL"
            " SELECT doc.id FROM gck_documento_texto text"
            " JOIN gck_documento doc ON doc.texto_id = text.id"
            " WHERE text.words @@ %(query)s)",
            names=self._get_name_words(SQL("doc.name")),
            query=self._get_query(text),
        )

    @api.model
    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        active_test=True,
        bypass_access=False,
    ):
        """Put what was found by its content in order of how well it matches."""
        query = super()._search(
            domain,
            offset,
            limit,
            order,
            active_test=active_test,
            bypass_access=bypass_access,
        )
        text = self.env.context.get("gck_content_search")
        if text and limit and order in (None, self._order) and not query.is_empty():
            self._rank(query, str(text))
        return query

    @api.model
    def _rank(self, query, text):
        """Order a query by rank, if what it finds is few enough to be ranked."""
        words = self._get_query(text)
        found = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM (%s LIMIT %s) found",
                self._get_found(text),
                RANKED,
            )
        )[0][0]
        if found >= RANKED:
            query.order = SQL("gck_documento.date DESC, gck_documento.id DESC")
            return
        alias = query.make_alias("gck_documento", "texto")
        query.add_join(
            "LEFT JOIN",
            alias,
            "gck_documento_texto",
            SQL(
                "%s = %s",
                SQL.identifier("gck_documento", "texto_id"),
                SQL.identifier(alias, "id"),
            ),
        )
        query.order = SQL(
            "COALESCE(ts_rank(%(text)s, %(query)s), 0)"
            " + 2 * ts_rank(%(name)s, %(query)s) DESC,"
            " gck_documento.date DESC, gck_documento.id DESC",
            text=SQL.identifier(alias, "words"),
            name=self._get_name_words(SQL("gck_documento.name")),
            query=words,
        )

    @api.depends_context("gck_content_search")
    def _compute_snippet(self):
        """Show the passage in which the words stand, with the words marked."""
        text = self.env.context.get("gck_content_search")
        self.snippet = False
        ids = [documento.id for documento in self if documento.id]
        if not text or not ids:
            return
        config = self.env["gck.documento.texto"]._get_configuration()
        queries = SQL(" || ").join(
            SQL("websearch_to_tsquery(%s, %s)", config, variant)
            for variant in dict.fromkeys(
                (str(text), to_plural(str(text)), to_singular(str(text)))
            )
        )
        if prefix := get_prefix_query(str(text)):
            queries = SQL("%s || to_tsquery(%s, %s)", queries, config, prefix)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT doc.id,
                       ts_headline(
                           %(config)s, left(text.content, %(chars)s), %(queries)s,
                           %(options)s
                       )
                  FROM gck_documento doc
                  JOIN gck_documento_texto text ON text.id = doc.texto_id
                 WHERE doc.id IN %(ids)s
                """,
                config=config,
                chars=SNIPPET_CHARS,
                queries=queries,
                options=f"StartSel={START}, StopSel={STOP}, MaxWords=24, MinWords=12,"
                " MaxFragments=2, FragmentDelimiter= … ",
                ids=tuple(ids),
            )
        )
        for documento_id, headline in rows:
            if START in headline:
                self.browse(documento_id).snippet = self._mark(headline)

    @api.model
    def _mark(self, headline):
        """Return a passage as HTML, with what was found marked and the rest escaped."""
        html = escape(" ".join(headline.split()))
        return Markup(str(html).replace(START, "<mark>").replace(STOP, "</mark>"))

    def _prepare_current_vals(self, version):
        """Take the text of the version too, where its content has been read already."""
        return {
            **super()._prepare_current_vals(version),
            "texto_id": version.texto_id.id,
        }
