from . import crm_lead, gck_esfuerzo, sale_order
