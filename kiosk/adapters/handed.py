"""What the office's answer means to something handed in: taken, refused, later, or nobody there."""

from email.utils import parsedate_to_datetime
from typing import Any

import requests
from requests.exceptions import ConnectTimeout, InvalidSchema, InvalidURL, MissingSchema
from urllib3.exceptions import MaxRetryError, NewConnectionError

from kiosk.adapters.web import json_of
from kiosk.errors import OfficeUnreachable
from kiosk.ports.office import Delivered, Later, Lies, Outcome, Refused
from kiosk.ports.reseeds import Declined

_OURSELVES = (401, 403)  # not this submission, but this device: a session that ended, a lock
_GATEWAY = (502, 503, 504)
_THIS_ONE_LATER = (408, 425, 429)
_CONFLICT = 409
_STRANGE = (*range(200, 400), 403)  # what a portal says, or a guard that dislikes one body
_NOBODY = "no office answers there"
_LARGEST, _DIGITS = 2**31, 9
_NEVER_SENT = (ConnectTimeout, InvalidSchema, InvalidURL, MissingSchema)


def outcome_of(answer: requests.Response, sha256: str) -> Outcome:
    """Delivered only where the office itself says back what it has; a portal's page is nobody."""
    if answer.status_code in (200, 201):
        if body_of(answer).get("sha256") != sha256:
            raise OfficeUnreachable(_NOBODY, doubtful=True, strange=True)
        return Delivered()
    return trouble_of(answer)


def lies_of(answer: requests.Response) -> Lies | Refused | Later:
    """How much of an attachment is there; one that arrived damaged begins anew, later."""
    told = body_of(answer)
    if answer.status_code in (200, 201) or (answer.status_code == _CONFLICT and "have" in told):
        have = told.get("have")
        if type(have) is not int or not 0 <= have <= _LARGEST:
            raise OfficeUnreachable(_NOBODY, doubtful=True, strange=True)
        return Lies(have, told.get("whole") is True)
    if answer.status_code == requests.codes.unprocessable and "have" in told:
        return Later("damaged on its way")
    return trouble_of(answer)


def declined_of(answer: requests.Response) -> Declined:
    """Why a slip is not taken; whoever names no reason is not the office."""
    told = body_of(answer)
    kind = str(told.get("type", "")).rpartition(":")[2]
    if answer.ok or not kind:
        raise OfficeUnreachable(_NOBODY, doubtful=True, strange=True)
    return Declined(kind, str(told.get("title") or kind))


def trouble_of(answer: requests.Response) -> Refused | Later:
    """What troubles this submission alone; OfficeUnreachable where it would trouble any."""
    status, seconds = answer.status_code, _asked(answer)
    words = f"HTTP {status}"
    if status in _THIS_ONE_LATER:
        return Later(words, seconds)
    title = body_of(answer).get("title")
    if status in _OURSELVES or status in _GATEWAY or status < 400:
        doubtful, strange = status not in _OURSELVES, status in _STRANGE and not title
        raise OfficeUnreachable(words, doubtful=doubtful, seconds=seconds, strange=strange)
    if status >= 500:
        return Later(words, seconds, doubtful=True)
    if not title:
        raise OfficeUnreachable(_NOBODY, strange=True)
    return Refused(str(title))


def body_of(answer: requests.Response) -> dict[str, Any]:
    """The JSON object in it; an empty one where there is none."""
    body = json_of(answer)
    return body if isinstance(body, dict) else {}


def may_have_arrived(fault: requests.RequestException) -> bool:
    """False where no connection was ever made."""
    if isinstance(fault, _NEVER_SENT):
        return False
    cause = fault.args[0] if fault.args else None
    return not (isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError))


def _asked(answer: requests.Response) -> float | None:
    """How long it asks us to wait; a moment is read by its own clock, not by ours."""
    told = answer.headers.get("Retry-After", "")
    if told.isascii() and told.isdigit():
        return float(told[:_DIGITS])
    try:
        moment = parsedate_to_datetime(told) - parsedate_to_datetime(answer.headers["Date"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return max(moment.total_seconds(), 0.0)
