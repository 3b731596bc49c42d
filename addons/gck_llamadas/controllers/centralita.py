import json
import logging
import random
import re
import time

from psycopg2 import IntegrityError
from werkzeug.exceptions import HTTPException, NotFound, RequestEntityTooLarge

from odoo import SUPERUSER_ID, http
from odoo.exceptions import ConcurrencyError
from odoo.http import request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..models.gck_centralita import BODY_LIMIT_MAX

_logger = logging.getLogger(__name__)

# Two events of one call at once: the second waits a moment and is done again.
TRIES = 8
RETRY_AFTER_SECONDS = 60
BEARER = re.compile(r"Bearer +(\S+)", re.IGNORECASE)


def refuse_constant(name):
    """Refuse NaN and the infinities, which Python reads and JSON does not know."""
    raise ValueError(name)


class Centralita(http.Controller):
    """Where telephone exchanges tell of calls, and where recordings are opened."""

    # ------------------------------------------------------------
    # Events
    # ------------------------------------------------------------

    @http.route(
        "/gck/llamadas/evento",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=BODY_LIMIT_MAX,
    )
    def evento(self, **_params):
        """Take note of an event of an exchange, which shows its own key (O-47).

        The body is a JSON object, see ``docs/centralita.md``. The answer is always
        JSON: 200 with the call's number, 400 with what is wrong, 401 without a valid
        key, 413 too large, 429 too many, 503 to be sent again.
        """
        # The key says for whom it is; no person is logged in. What is written is the
        # log of calls of the company that the key belongs to.
        request.update_env(user=SUPERUSER_ID, context={"lang": "en_US"})
        for attempt in range(TRIES):
            try:
                answer = self._answer()
                request.env.cr.flush()
                return answer
            except HTTPException:
                raise
            except (
                *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
                ConcurrencyError,
                IntegrityError,
            ) as error:
                _logger.info("Event of an exchange, try %s: %s", attempt + 1, error)
                self._forget()
                time.sleep(random.uniform(0, 0.02 * 2**attempt))
            except Exception:
                _logger.exception("Event of an exchange")
                self._forget()
                return self._refuse(500, "internal")
        return self._refuse(503, "busy", {"Retry-After": "1"})

    def _forget(self):
        """Take back what the transaction did."""
        request.env.cr.rollback()
        request.env.transaction.reset()
        request.env.registry.reset_changes()

    def _answer(self):
        """Return the response to the request, as the first try or the next one."""
        centralita = self._get_centralita()
        if not centralita:
            bearer = {"WWW-Authenticate": 'Bearer realm="gck"'}
            return self._refuse(401, "wrong_key", bearer)
        centralita = centralita.with_company(centralita.company_id)
        if centralita._is_over_rate():
            later = {"Retry-After": str(RETRY_AFTER_SECONDS)}
            return self._refuse(429, "too_many", later, centralita)
        body = self._read_body(centralita.body_limit)
        if body is None:
            return self._refuse(413, "too_large", None, centralita)
        try:
            data = json.loads(body, parse_constant=refuse_constant)
        except (ValueError, RecursionError):
            return self._refuse(400, "not_json", None, centralita, body)
        status, answer = centralita._receive(data, body)
        return request.make_json_response(answer, status=status)

    def _get_centralita(self):
        """Return the exchange whose key the request shows, or none."""
        header = request.httprequest.headers.get("Authorization", "")
        match = BEARER.fullmatch(header.strip())
        Centralita = request.env["gck.centralita"]
        return Centralita._find_by_key(match[1]) if match else Centralita

    def _read_body(self, limit):
        """Return the body as a text, None when it is over the limit.

        :param int limit: in bytes
        """
        length = request.httprequest.content_length
        if length and length > limit:
            return None
        try:
            body = request.httprequest.get_data()
        except RequestEntityTooLarge:
            return None
        return body.decode("utf-8", "replace") if len(body) <= limit else None

    def _refuse(self, status, code, headers=None, centralita=None, body=None):
        """Return a refusal, kept in the log of events where it concerns the exchange.

        :param int status: of HTTP
        :param str code: stable, for programs
        :param dict headers: more headers
        :param centralita: the exchange, where it is known
        :param str body: what it sent, where that is to be looked into
        """
        Centralita = request.env["gck.centralita"] if centralita is None else centralita
        message = Centralita._get_refusal_text(code)
        if body is not None:
            request.env["gck.centralita.evento"].create(
                {
                    "centralita_id": centralita.id,
                    "company_id": centralita.company_id.id,
                    "payload": centralita._clean_payload(body),
                    "status": "refused",
                    "message": message,
                }
            )
        return request.make_json_response(
            {"error": code, "field": None, "message": message},
            headers=headers,
            status=status,
        )

    # ------------------------------------------------------------
    # Recordings
    # ------------------------------------------------------------

    @http.route(
        "/gck/llamadas/grabacion/<int:llamada_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def grabacion(self, llamada_id):
        """Lead to the recording of a call whoever may read the call.

        :raises NotFound: for anybody else, and for a host that is not configured
        """
        llamada = request.env["gck.llamada"].browse(llamada_id).exists()
        if not llamada or not llamada.has_access("read"):
            raise NotFound()
        # sudo: the link and the hosts of the exchange are read, for somebody who may
        # read the call.
        trusted = llamada.sudo()
        url = trusted.recording_url
        if not url or not trusted.centralita_id._is_recording_allowed(url):
            raise NotFound()
        response = request.redirect(url, code=303, local=False)
        # The address may hold a token of the exchange: it is told to nobody else.
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response
