from functools import partial

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

    _newest_idx = models.Index("(date DESC, id DESC) WHERE active IS TRUE")

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
        # The index is of one configuration, which has to be there before.
        self.env["gck.documento.texto"]._make_configuration()
        self.env.cr.execute(
            SQL(
                "CREATE INDEX IF NOT EXISTS gck_documento_name_text"
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
        return Domain.OR(self._get_found_domain(text) for text in values if text)

    @api.model
    def _get_found_domain(self, text):
        """Return the domain of what has the words, whoever may read it.

        The few that a rare word is in are named; of a frequent one PostgreSQL, which
        cannot know how many it will find, compares text by text.
        """
        found = self._find(text)
        if found is None:
            return Domain.custom(to_sql=partial(self._get_found_condition, text))
        documento_ids, texto_ids = found
        return Domain("id", "in", documento_ids) | Domain("texto_id", "in", texto_ids)

    @api.model
    def _find(self, text):
        """Return the documents and the texts that have some words.

        :return: ids of ``gck.documento`` by their name and of ``gck.documento.texto``;
            None when they are too many to be ranked
        """
        self.flush_model(["name"])
        query = self._get_query(text)
        rows = self.env.execute_query(
            SQL(
                """
                (SELECT TRUE, id FROM gck_documento WHERE %(names)s @@ %(query)s
                  LIMIT %(limit)s)
                UNION ALL
                (SELECT FALSE, id FROM gck_documento_texto WHERE words @@ %(query)s
                  LIMIT %(limit)s)
                """,
                names=self._get_name_words(SQL.identifier("name")),
                query=query,
                limit=RANKED + 1,
            )
        )
        if len(rows) > RANKED:
            return None
        return (
            [record_id for by_name, record_id in rows if by_name],
            [record_id for by_name, record_id in rows if not by_name],
        )

    @api.model
    def _get_found_condition(self, text, model, alias, query):
        """Return the condition that a document has the words of a text, in SQL."""
        model.flush_model(["name", "texto_id"])
        return SQL(
            "(EXISTS (SELECT 1 FROM gck_documento_texto text WHERE text.id = %(text)s"
            " AND text.words @@ %(query)s) OR %(names)s @@ %(query)s)",
            text=SQL.identifier(alias, "texto_id"),
            names=self._get_name_words(SQL.identifier(alias, "name")),
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
        if self._find(text) is None:
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
