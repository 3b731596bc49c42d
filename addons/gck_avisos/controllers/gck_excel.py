import json
import logging

from werkzeug.exceptions import InternalServerError

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request
from odoo.tools import osutil

from ..tools.excel import ExcelList, make_excel

_logger = logging.getLogger(__name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class GckExcel(http.Controller):
    """Lists of the suite as workbooks, in one click (W-16)."""

    @http.route("/gck/excel", type="http", auth="user", methods=["POST"])
    def gck_excel(self, data):
        """Return the list that the browser shows as an .xlsx file.

        :param str data: JSON of ``{model, columns, domain, ids, groupby, order,
            context, title}``; see :class:`..tools.excel.ExcelList`
        """
        try:
            return self._make_response(json.loads(data))
        except Exception as error:
            if not isinstance(error, UserError):
                _logger.exception("A list could not be exported.")
            # As Odoo's own exports do: the client shows it as any other error.
            payload = json.dumps(
                {
                    "code": 0,
                    "message": "Odoo Server Error",
                    "data": http.serialize_exception(error),
                }
            )
            raise InternalServerError(payload) from error

    def _make_response(self, params):
        env = request.env
        if not env.user.has_group("base.group_allow_export"):
            raise AccessError(env._("You are not allowed to export data."))
        model = env[params["model"]].with_context(**params.get("context", {}))
        model.check_access("read")
        excel_list = ExcelList(
            model,
            params["columns"],
            domain=params.get("domain"),
            ids=params.get("ids"),
            groupby=params.get("groupby"),
            order=params.get("order"),
        )
        content = make_excel(excel_list)
        _logger.info(
            "User %d exported %d rows of %s from %s: %s",
            env.uid,
            len(excel_list.rows),
            model._name,
            request.httprequest.environ.get("REMOTE_ADDR"),
            params.get("ids") and "selected" or params.get("domain"),
        )
        # sudo: what a model is called is no secret
        title = params.get("title") or env["ir.model"].sudo()._get(model._name).name
        filename = osutil.clean_filename(f"{title}.xlsx")
        return request.make_response(
            content,
            headers=[
                ("Content-Disposition", content_disposition(filename)),
                ("Content-Type", XLSX),
            ],
        )
