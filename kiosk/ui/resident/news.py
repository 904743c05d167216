"""What the city tells everybody, as strips for the page that nobody has touched yet."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk.domain.notices import Kind, Notice
from kiosk.ui.resident.strip import Strip, Tone
from kiosk.ui.texts import Texts

MOST = 2
_LOOKS = {
    Kind.ALERT: (Tone.WARNING, "warning"),
    Kind.CLOSURE: (Tone.NOTICE, "clock"),
    Kind.NOTICE: (Tone.CALM, "notice"),
}
_FOREIGN, _HERE = "en", ZoneInfo("Asia/Tokyo")


def told(texts: Texts, notices: Sequence[Notice]) -> list[Strip]:
    """One strip each: the page's language first, and the foreign one below where there is room."""
    return [_strip(texts, notice) for notice in notices]


def _strip(texts: Texts, notice: Notice) -> Strip:
    tone, symbol = _LOOKS[notice.kind]
    said, foreign = notice.said(texts.language), notice.words.get(_FOREIGN)
    if texts.language == _FOREIGN:
        foreign = None
    other = ": ".join(filter(None, (foreign.title, foreign.text))) if foreign else ""
    if notice.kind is Kind.CLOSURE and (when := _term(texts, notice)):
        return Strip(tone, symbol, said.title, when, other or said.text)
    return Strip(tone, symbol, said.title, said.text, other)


def _term(texts: Texts, notice: Notice) -> str:
    """From when to when it is closed, as the wall clock says it."""
    begins, ends = (_shown(texts, each) for each in (notice.begins, notice.ends))
    if begins and ends:
        return texts("notice.term", begins=begins, ends=ends)
    return texts("notice.from", begins=begins) if begins else ""


def _shown(texts: Texts, moment: datetime | None) -> str:
    if moment is None:
        return ""
    here = moment.astimezone(_HERE)
    clock = f"{here.hour}:{here:%M}"
    return texts("notice.moment", month=here.month, day=here.day, clock=clock)
