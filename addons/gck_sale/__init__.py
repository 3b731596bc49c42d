from . import models

# Odoo 19.0.0 lost a quote in the Spanish subject of the mail of quotations, so that
# no quotation could be mailed in Spanish. Later catalogues are right.
BROKEN_STATES = "('draft, 'sent')"
RIGHT_STATES = "('draft', 'sent')"


def post_init_hook(env):
    """Mend the subject of the mail of quotations where it cannot be rendered."""
    template = env.ref("sale.email_template_edi_sale", raise_if_not_found=False)
    if not template:
        return
    for lang, _name in env["res.lang"].get_installed():
        localized = template.with_context(lang=lang)
        if BROKEN_STATES in (localized.subject or ""):
            localized.subject = localized.subject.replace(BROKEN_STATES, RIGHT_STATES)
