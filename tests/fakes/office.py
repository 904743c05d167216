"""An office that does what the test tells it, and remembers what it was asked."""

import json
from datetime import date

from forms.envelope import digest
from kiosk.errors import NotIssuableHere, OfficeUnreachable
from kiosk.ports.office import Delivered, Lies, Refused


class ToldOffice:
    """Its certificates show whoever was asked for, so that a mix-up shows on paper."""

    def __init__(self) -> None:
        self.away = self.refuses_papers = False
        self.refusal: str | None = None
        self.odd: dict[str, object] = {}
        self.handed_in: dict[str, dict] = {}
        self.bodies: dict[str, bytes] = {}
        self.pieces: dict[str, bytearray] = {}
        self.asked: dict[str, object] = {}
        self.numbers: dict[str, list[str]] = {}
        self.remarks: dict[str, str] = {}
        self.outcomes: list[tuple[str, str]] = []
        self.refused_reports: dict[str, str] = {}
        self.pages: dict[str | None, tuple[list[dict], str | None]] = {None: ([], None)}

    def ready(self) -> None:
        self._answer()

    def put(self, submission: str, body: bytes):
        self._answer()
        if self.refusal is not None:
            return Refused(self.refusal)
        self.handed_in[submission] = json.loads(body)
        self.bodies[submission] = body
        return Delivered()

    def submission(self, submission: str):
        self._answer()
        body = self.bodies.get(submission)
        return body and {"id": submission, "sha256": digest(body), "state": "received"}

    def attach(self, submission: str, sha256: str, start: int, piece: bytes):
        self._answer()
        there = self.pieces.setdefault(sha256, bytearray())
        if start == len(there):
            there += piece
        return Lies(len(there), whole=digest(bytes(there)) == sha256)

    def certificate(self, request, key: str) -> dict:
        self._answer()
        if self.refuses_papers:
            raise NotIssuableHere
        self.asked[key] = request
        options = dict(request.options)
        shown = {"relationship": "世帯主"} if options.get("relationship") else {}
        if options.get("domicile"):
            shown |= {"domicile": "本籍地", "head_of_domicile": "筆頭者"}
        resident = {
            "name": request.name,
            "kana": "カナ",
            "birth": request.birth.isoformat(),
            "sex": "2",
            "became_resident": "2019-05-01",
        }
        first = len(self.numbers) + 1
        numbers = self.numbers.setdefault(
            key, [f"X-{first:06d}-{copy + 1}" for copy in range(int(options.get("copies", 1)))]
        )
        content = {
            "type": "juminhyo",
            "kind": options["kind"],
            "address": request.address,
            "head": request.name if options.get("relationship") else None,
            "residents": [resident | shown | self.odd],
        }
        return {
            "number": numbers[0],
            "numbers": numbers,
            "city": {"code": "000000", "name": "書蒼市", "mayor_title": "書蒼市長　文字　守"},
            "issued": "2026-11-21",
            "papers": [{"content": content, "numbers": numbers}],
        }

    def outcome(self, number: str, outcome: str, remark: str = "") -> str | None:
        self._answer()
        self.outcomes.append((number, outcome))
        self.remarks[number] = remark
        return self.refused_reports.get(number)

    def standing(self, number: str) -> dict | None:
        self._answer()
        if not any(number in given for given in self.numbers.values()):
            return None
        state = dict(self.outcomes).get(number, "issued")
        known = {"number": number, "type": "juminhyo", "issued": "2026-11-21", "state": state}
        return {**known, "stands": state in ("issued", "printed")}

    def day(self, day: date) -> list[dict]:
        given = (number for numbers in self.numbers.values() for number in numbers)
        rows = [self.standing(number) for number in given]
        more = {"device": "K01", "at": "2026-11-21T10:00:00+09:00", "told": None}
        return [
            {**row, **more, "outcome": row["state"]}
            for row in rows
            if row["issued"] == day.isoformat()
        ]

    def submissions(self, after: str | None):
        self._answer()
        return self.pages[after]

    def _answer(self) -> None:
        if self.away:
            raise OfficeUnreachable("ConnectTimeout")
