"""Made-up applications on their way: one maker, told only what matters to who asks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from forms.envelope import Envelope, new_id

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
NAME = "渡邉　一郎"


def envelope(number: int, device: str = "K01", **more: Any) -> Envelope:
    """The application of that number; ids run backwards, so whoever sorts by them is found out."""
    plain = Envelope(
        id=new_id(NOW - timedelta(hours=number), number.to_bytes(10, "big")),
        form="juminhyo",
        version="2026-11",
        receipt=f"{device}-{number:06d}",
        device=device,
        sequence=number,
        channel="kiosk",
        submitted=NOW,
        applicant={"申請者": {"氏名": NAME}, "本人確認": "card"},
        content={"通数": 1},
        facts=({"name": "name", "value": NAME, "source": "card", "at": NOW.isoformat()},),
        fee=300,
        wants_certificate=True,
        parent=None,
    )
    return replace(plain, **more)
