import re

from markupsafe import Markup, escape

from odoo import models
from odoo.tools import html2plaintext, is_html_empty

DEFAULT_COLOR = "#0F766E"

# Contrast that WCAG asks of normal text; of white paper here.
TEXT_CONTRAST = 4.5


def _luminance(rgb):
    """Return the relative luminance of a colour, as WCAG defines it."""
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in rgb)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _mix(rgb, other, share):
    return tuple(round(a + (b - a) * share) for a, b in zip(rgb, other, strict=True))


def _hex(rgb):
    return "#{:02X}{:02X}{:02X}".format(*rgb)


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_print_palette(self):
        """Return the colours of the company's prints.

        :return: dict of CSS colours: ``accent`` for lines and marks, ``text`` a shade
            of it that is readable on white paper, ``soft`` a background
        """
        self.ensure_one()
        color = (self.primary_color or "").strip()
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
            color = DEFAULT_COLOR
        rgb = tuple(int(color[i : i + 2], 16) for i in (1, 3, 5))
        text, share = rgb, 0
        while 1.05 / (_luminance(text) + 0.05) < TEXT_CONTRAST:
            share += 0.05
            text = _mix(rgb, (0, 0, 0), share)
        return {
            "accent": color.upper(),
            "text": _hex(text),
            "soft": _hex(_mix(rgb, (255, 255, 255), 0.92)),
        }

    def _get_print_contact_lines(self):
        """Return the lines of the company's address block, as texts.

        Used when the company has no *Company Details* of its own.
        """
        self.ensure_one()
        lines = self._get_print_address_lines(self.partner_id, home_country=True)
        lines.append(" · ".join(part for part in (self.phone, self.email) if part))
        lines.append(re.sub(r"^https?://|/$", "", self.website or ""))
        return [line for line in lines if line]

    def _get_print_address_lines(self, partner, home_country=False):
        """Return the lines of the address of ``partner``, without its name.

        :param bool home_country: name the country even if it is the company's own,
            which a letter within the country does not need
        """
        self.ensure_one()
        address = partner._display_address(without_company=True)
        lines = [line.strip() for line in address.splitlines() if line.strip()]
        country = partner.country_id
        if (
            not home_country
            and country == self.country_id
            and lines[-1:] == [country.name]
        ):
            lines.pop()
        return lines

    def _get_print_vat(self, partner):
        """Return the VAT number of ``partner`` after the name it has there."""
        country = partner.country_id or self.country_id
        label = country.vat_label or self.env._("VAT")
        return f"{label} {partner.vat}"

    def _get_print_plain_text(self, *parts):
        """Return the text of what a template has set, in one line.

        :param parts: values set in a template: texts, HTML or nothing
        """
        parts = [escape(part) for part in parts if part]
        return Markup(" ").join(parts).striptags()

    def _get_print_footer(self, html=None, doc=None):
        """Return the footer of a document, as HTML; an empty text if it has none.

        :param html: the document's own; None for the company's report footer
        :param doc: the record that is printed, if it is one
        """
        self.ensure_one()
        html = escape(self._get_default_footer(doc) if html is None else html)
        return Markup() if is_html_empty(html) else html

    def _get_default_footer(self, doc=None):
        """Return the footer of the documents that have none of their own.

        :param doc: the record that is printed, if it is one
        """
        return self.report_footer or ""

    def _get_print_legal_line(self, footer=""):
        """Return the line with the company's name, VAT and registry.

        :param footer: HTML of the footer above it; what it says already is left out
        """
        self.ensure_one()
        said = html2plaintext(footer) if footer else ""
        registry = self.company_registry
        parts = [
            (self.name, self.name),
            (self.vat, self.vat and self._get_print_vat(self.partner_id)),
            (registry if registry != self.vat else "", registry),
        ]
        parts = [text for value, text in parts if value and value not in said]
        # the name alone says nothing that the header does not
        return " · ".join(parts) if len(parts) > 1 or not said else ""
