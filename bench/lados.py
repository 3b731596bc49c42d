"""What the makers of a kind of record have alike: created in bulk, listed, read."""

import harness
import rivales
from lxml import etree

MANY = 1000
ONE_BY_ONE = 100
# The client counts no further, and shows «10000+».
COUNT_LIMIT = 10001
NAME = {"fields": {"display_name": {}}}
# Measured of every kind: ``(what is said of it, method)``.
READINGS = (
    ("{}: first 80 in default order", "first_page"),
    ("{} of a partner, first 80", "of_partner"),
    ("{} by text in the name", "by_text"),
    ("{} counted by state", "by_state"),
    ("form of one of the {}", "form"),
)


def compare(meter, what, writers, readers, writings):
    """Measure what several sides do with records of a kind.

    :param Meter meter: measures and prints
    :param str what: the kind, as the names of the operations call it
    :param writers: the ``Side`` that write, ours first
    :param readers: those that read
    :param writings: ``(name of the operation, method, how many records)``
    """
    for name, method, rows in writings:
        contestants = [getattr(side, method)() for side in writers]
        meter.compare(name, contestants, rows, harness.WRITE_RUNS)
    for name, method in READINGS:
        contestants = [getattr(side, method)() for side in readers]
        meter.compare(name.format(what), contestants, readers[0].total)


class Side:
    """One maker's records of a kind; each method returns what is measured."""

    # What the record is about, and what it is grouped by.
    text_field = "name"
    state = "state"

    def __init__(self, impl, env, model_name, columns, order=None):
        """Look at the records of a model.

        :param str impl: who made it
        :param env: the environment of the person who works with it
        :param dict columns: what its list shows, as the client asks for it
        :param str order: the order of its list, the model's own without it
        """
        self.impl, self.env = impl, env
        self.model = env[model_name]
        self.table = self.model._table
        self.columns = columns
        self.total = self.model.search_count([])
        self.order = order or self.model._order
        self.partners = env["res.partner"].search(
            [("name", "=like", "Cliente %")], limit=50
        )

    def contestant(self, operation, **options):
        """Return an operation of this maker."""
        return harness.Contestant(self.impl, self.env, operation, **options)

    def get_one(self, index, partner):
        """Return the values of a new record: what the others' have too."""
        raise NotImplementedError

    def get_vals(self, count):
        """Return the values of some records."""
        return [
            self.get_one(index, self.partners[index % len(self.partners)])
            for index in range(count)
        ]

    def create_many(self):
        """Create a thousand in one call."""
        return self.contestant(self.model.create, prepare=lambda: self.get_vals(MANY))

    def create_each(self):
        """Create a hundred, each in a call of its own."""

        def create(vals_list):
            for vals in vals_list:
                self.model.create(vals)

        return self.contestant(create, prepare=lambda: self.get_vals(ONE_BY_ONE))

    def page(self, domain, where):
        """Read the first page of a list with all that it shows, as the client."""
        return self.contestant(
            lambda: self.model.web_search_read(
                domain,
                self.columns,
                limit=80,
                order=self.order,
                count_limit=COUNT_LIMIT,
            ),
            plain=f"SELECT * FROM {self.table} WHERE {where}"
            f" ORDER BY {self.order} LIMIT 80",
        )

    def first_page(self):
        """Read the first page of all records."""
        return self.page([], "true")

    def of_partner(self):
        """Read the records of one partner."""
        partner = self.partners[3]
        return self.page(
            [("partner_id", "=", partner.id)], f"partner_id = {partner.id}"
        )

    def by_text(self):
        """Read the records whose name holds a text."""
        name = self.text_field
        return self.page([(name, "ilike", "7531")], f"{name} ILIKE '%7531%'")

    def by_state(self):
        """Count the records of each state, as the list grouped by it does."""
        return self.contestant(
            lambda: self.model.formatted_read_group([], [self.state], ["__count"]),
            plain=f"SELECT {self.state}, count(*) FROM {self.table}"
            f" GROUP BY {self.state}",
        )

    def form(self):
        """Read what a form shows of one record, as the client asks for it."""
        views = self.model.get_views([(False, "form")])
        arch = etree.fromstring(views["views"]["form"]["arch"])
        shown = self.get_specification(self.model._name, arch, views["models"])
        record = self.model.search([], limit=1, offset=17, order="id")
        return self.contestant(
            lambda: self.model.browse(record.id).web_read(shown),
            plain=f"SELECT * FROM {self.table} WHERE id = {record.id}",
        )

    def get_specification(self, model_name, arch, models):
        """Return what the client reads for a form, or for a list in it."""
        fields = models[model_name]["fields"]
        specification = {}
        for node in arch.xpath(".//field[not(ancestor::field)]"):
            field = fields[node.get("name")]
            hidden = "1" in (node.get("invisible"), node.get("column_invisible"))
            hidden |= "True" in (node.get("invisible"), node.get("column_invisible"))
            spec = specification.setdefault(node.get("name"), {})
            if field["type"] == "many2one":
                spec.setdefault("fields", {}).update({} if hidden else NAME["fields"])
            elif field["type"] in ("one2many", "many2many") and not hidden:
                spec.setdefault("fields", {}).update(
                    {
                        name: value
                        for lines in node
                        for name, value in self.get_specification(
                            field["relation"], lines, models
                        ).items()
                    }
                )
        return specification


class Peer(Side):
    """A peer's, as a person with all rights there."""

    def __init__(self, env, model_name, columns, order=None):
        self.user = env["res.users"].search([("login", "=", "bench")])
        super().__init__(
            model_name, env(user=self.user.id, su=False), model_name, columns, order
        )

    def get_one(self, index, partner):
        """Return what a record needs to exist."""
        values = rivales.get_values(self.env, partner, self.user)
        return {**values[self.model._name], "name": f"Asunto {index}"}
