from . import (
    crm_lead,
    crm_lead_propuesta,
    gck_cliente_clase,
    gck_parametros,
    gck_propuesta_documento,
    res_company,
    res_partner,
)
