"""The office over HTTP."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

import requests

from forms.envelope import digest
from kiosk.adapters.devicekeys import DeviceKeys
from kiosk.adapters.handed import body_of, declined_of, lies_of, may_have_arrived, outcome_of
from kiosk.adapters.passes import Pass
from kiosk.adapters.web import is_ready, json_of, web_session
from kiosk.domain.agreement import Word
from kiosk.errors import NotIssuableHere, OfficeUnreachable
from kiosk.ports.consents import ConsentRecord, StandingThere
from kiosk.ports.journal import Anew
from kiosk.ports.office import CertificateRequest, Heard, Later, Lies, Outcome, Refused
from kiosk.ports.reseeds import Declined

_PATIENCE = (3.05, 10.0)
_MOST_PAGES = 500  # of 200 numbers each: more than a city issues in a day
_MOST_ANCHORS = 10_000  # of 500 each
_TRY_AGAIN = {401, 408, 425, 429}  # 401: not known now; the promise stays
_EVERYBODYS = {401, 429, 502, 503, 504}  # whatever was asked, it would have been this


class HttpOffice:
    """Speaks the office's API; every answer becomes a value or a fault of ours."""

    def __init__(
        self, url: str, device: str = "", keys: DeviceKeys | None = None, ca: str = ""
    ) -> None:
        self._url = url.rstrip("/")
        self._session, self._device = web_session(ca), device
        self.known_by = Pass(device, keys, self.ask)

    def ready(self) -> None:
        """It answers, and can store."""
        if not is_ready(self._sent("GET", "/readyz")):
            raise OfficeUnreachable("not ready")

    def put(self, submission: str, body: bytes) -> Outcome:
        """Hand in the frozen bytes."""
        path, headers = f"/v1/submissions/{submission}", {"Content-Type": "application/json"}
        return outcome_of(self._known("PUT", path, data=body, headers=headers), digest(body))

    def submission(self, submission: str) -> Mapping[str, Any] | None:
        """What became of it, after an answer that was lost."""
        answer = self._call("GET", f"/v1/submissions/{submission}")
        if answer.status_code == requests.codes.not_found:
            return None
        if answer.status_code != requests.codes.ok:
            raise OfficeUnreachable(_words(answer))
        return _object(answer)

    def attach(
        self, submission: str, sha256: str, start: int, piece: bytes
    ) -> Lies | Refused | Later:
        """Hand in a piece of a photo or file."""
        path = f"/v1/submissions/{submission}/attachments/{sha256}"
        headers = {"Content-Type": "application/octet-stream"}
        params = {"start": str(start)}
        return lies_of(self._known("PUT", path, params=params, data=piece, headers=headers))

    def certificate(self, request: CertificateRequest, key: str) -> dict[str, Any]:
        """The numbered certificate, the same one for the same key."""
        answer = self._call(
            "POST",
            "/v1/certificates",
            headers={"Idempotency-Key": key},
            json={
                "submission": request.submission,
                "type": request.type,
                "subject": {
                    "name": request.name,
                    "birth": request.birth.isoformat(),
                    "address": request.address,
                },
                "options": dict(request.options),
            },
        )
        if not answer.ok:
            raise NotIssuableHere(_words(answer))
        return _object(answer)

    def outcome(self, number: str, outcome: str, remark: str = "") -> str | None:
        """What became of the paper: noted, refused with words, or not heard (OfficeUnreachable)."""
        path = f"/v1/certificates/{quote(number, safe='')}/outcome"
        answer = self._call("POST", path, json={"outcome": outcome, "remark": remark})
        return _noted(answer, "number", number)

    def standing(self, number: str) -> Mapping[str, Any] | None:
        """Whether the paper with this number is good."""
        answer = self._call("GET", f"/v1/certificates/{quote(number, safe='')}")
        if answer.status_code == requests.codes.not_found:
            return None
        if not answer.ok:
            raise OfficeUnreachable(_words(answer))
        return _object(answer)

    def trust(self) -> bytes:
        """The city's public keys, as the office hands them to anybody; who verifies reads them."""
        answer = self._heard(self._sent("GET", "/v1/trust"))
        if not answer.ok:
            raise OfficeUnreachable(_words(answer))
        return answer.content

    def reseed_key(self) -> bytes:
        """The key that slips are sealed to, as the office hands it to anybody."""
        answer = self._heard(self._sent("GET", "/v1/reseed-key"))
        if not answer.ok:
            raise OfficeUnreachable(_words(answer))
        return answer.content

    def slip(self, sealed: bytes) -> Mapping[str, Any] | Declined:
        """Whose slip it is; nothing is taken in."""
        answer = self._shown("/v1/reseeds/look", sealed)
        return _object(answer) if answer.ok else declined_of(answer)

    def reseed(self, sealed: bytes) -> Mapping[str, Any] | Declined:
        """Bring in what a slip carries."""
        answer = self._shown("/v1/reseeds", sealed)
        fresh = answer.status_code == requests.codes.created
        return {**_object(answer), "fresh": fresh} if answer.ok else declined_of(answer)

    def _shown(self, path: str, sealed: bytes) -> requests.Response:
        headers = {"Content-Type": "application/octet-stream"}
        return self._call("POST", path, data=sealed, headers=headers)

    def day(self, day: date) -> Sequence[Mapping[str, Any]]:
        """Every page of a day's numbers."""
        rows: list[Mapping[str, Any]] = []
        cursor = "0"
        for _ in range(_MOST_PAGES):
            params = {"day": day.isoformat(), "after": cursor}
            items, following = self._page("/v1/certificates", params)
            rows += items
            if following is None:
                return rows
            cursor = following
        raise OfficeUnreachable("the list has no end")

    def submissions(self, after: str | None) -> tuple[Sequence[dict[str, Any]], str | None]:
        """One page of what arrived."""
        return self._page("/v1/submissions", {"after": after} if after else {})

    def anchor(self, place: int, link: str) -> str | None:
        """The journal ends here: noted, refused with words, or not heard (OfficeUnreachable)."""
        answer = self._call("PUT", "/v1/journal/anchor", json={"entry": place, "hash": link})
        return _noted(answer, "hash", link)

    def anew(self) -> Anew | None:
        """Since when and why the ends of this device's journal are counted anew."""
        answer = self._call("GET", "/v1/journal/anchor")
        if not answer.ok and answer.status_code != requests.codes.not_found:
            raise OfficeUnreachable(_words(answer))
        told = _object(answer).get("anew")
        return Anew(str(told.get("at")), str(told.get("why"))) if isinstance(told, dict) else None

    def anchors(self) -> Mapping[int, str]:
        """Every page of the ends that this device's journal had."""
        told: dict[int, str] = {}
        after = "0"
        for _ in range(_MOST_ANCHORS):
            items, following = self._page("/v1/journal/anchors", {"after": after})
            try:
                told |= {int(each["entry"]): str(each["hash"]) for each in items}
            except (LookupError, TypeError, ValueError) as fault:
                raise OfficeUnreachable("no list of ends") from fault
            if following is None:
                return told
            after = following
        raise OfficeUnreachable("the list has no end")

    def report(self, said: Mapping[str, Any]) -> Heard:
        """How this device is; the answer brings what every terminal should know."""
        answer = self._call("PUT", "/v1/devices/self/report", json=said)
        told = _object(answer) if answer.ok else {}
        notices, restored = told.get("notices"), told.get("restored", [])
        if not isinstance(notices, list) or not isinstance(restored, list):
            raise OfficeUnreachable(_words(answer))
        return Heard(notices, restored)

    def consent(self, record: ConsentRecord) -> str | None:
        """Hand in one word; the same one again is the same."""
        answer = self._call(
            "PUT",
            f"/v1/consents/{record.id}",
            json={
                "person": record.person,
                "purpose": record.purpose,
                "notice": record.notice,
                "state": record.word,
                "at": record.at.isoformat(),
            },
        )
        return _noted(answer, "id", record.id)

    def consents(self, person: str) -> Sequence[StandingThere]:
        """How every purpose stands for this person today."""
        answer = self._call("GET", f"/v1/persons/{person}/consents")
        if not answer.ok:
            raise OfficeUnreachable(_words(answer))
        try:
            return [_standing(each) for each in _object(answer)["standing"]]
        except (KeyError, TypeError, ValueError) as fault:
            raise OfficeUnreachable("no list of consents") from fault

    def held(self, person: str) -> dict[str, Any]:
        """Everything that the office holds on this person."""
        answer = self._call("GET", f"/v1/persons/{person}")
        if not answer.ok:
            raise NotIssuableHere(_words(answer))
        return _object(answer)

    def replace_key(self, body: Mapping[str, str]) -> str | None:
        """Another key for this device: done, refused with words, or not heard."""
        answer = self._call("POST", "/v1/devices/self/key", json=body)
        return _noted(answer, "device", self._device)

    def close(self) -> None:
        """Let go of the line to the office."""
        self._session.close()

    def _page(
        self, path: str, params: Mapping[str, str]
    ) -> tuple[Sequence[dict[str, Any]], str | None]:
        answer = self._call("GET", path, params=params)
        if not answer.ok:
            raise OfficeUnreachable(_words(answer))
        page = _object(answer)
        items, following = page.get("items"), page.get("next")
        if not isinstance(items, list) or not (following is None or isinstance(following, str)):
            raise OfficeUnreachable("no page of a list")
        return items, following

    def ask(
        self, method: str, path: str, body: Mapping[str, str] | None
    ) -> tuple[int, dict[str, Any]]:
        """What anybody may ask: the status and its body, before we are known."""
        answer = self._sent(method, path, json=body)
        return answer.status_code, _object(answer)

    def _call(self, method: str, path: str, **arguments: Any) -> requests.Response:
        return self._heard(self._known(method, path, **arguments))

    def _known(self, method: str, path: str, **arguments: Any) -> requests.Response:
        """As this device; where its session ended early, once more under a new one."""
        given = arguments.pop("headers", {})
        token = self.known_by.token()
        answer = self._sent(method, path, headers={**given, **_bearer(token)}, **arguments)
        if answer.status_code == requests.codes.unauthorized:
            token = self.known_by.token(instead_of=token)
            answer = self._sent(method, path, headers={**given, **_bearer(token)}, **arguments)
        return answer

    def _sent(self, method: str, path: str, **arguments: Any) -> requests.Response:
        try:
            return self._session.request(
                method, self._url + path, timeout=_PATIENCE, allow_redirects=False, **arguments
            )
        except requests.RequestException as fault:
            doubtful = may_have_arrived(fault)
            raise OfficeUnreachable(type(fault).__name__, doubtful=doubtful) from fault

    def _heard(self, answer: requests.Response) -> requests.Response:
        """An answer to what was asked, not to the hour or the line."""
        if answer.status_code in _TRY_AGAIN or answer.status_code >= requests.codes.server_error:
            strange = answer.status_code not in _EVERYBODYS
            raise OfficeUnreachable(f"HTTP {answer.status_code}", strange=strange)
        return answer


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _standing(raw: Mapping[str, Any]) -> StandingThere:
    until = raw["until"] and date.fromisoformat(raw["until"])
    at = datetime.fromisoformat(raw["at"])
    return StandingThere(raw["purpose"], raw["state"] == Word.GIVEN, at, until)


def _object(answer: requests.Response) -> dict[str, Any]:
    body = json_of(answer)
    if not isinstance(body, dict):
        raise OfficeUnreachable("no JSON object", strange=True)
    return body


def _noted(answer: requests.Response, key: str, value: str) -> str | None:
    """None only where the office says back what it noted; its words where it refuses."""
    told = body_of(answer)
    refused = answer.status_code >= requests.codes.bad_request and told.get("title")
    if not refused and (not answer.ok or told.get(key) != value):
        raise OfficeUnreachable("no office answers there", doubtful=True, strange=True)
    return str(refused) if refused else None


def _words(answer: requests.Response) -> str:
    problem = body_of(answer)
    return str(problem.get("title") or problem.get("detail") or f"HTTP {answer.status_code}")
