"""At the desk: an application comes back from the spare codes of its slip."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from forms.reseed import MARK, read
from forms.sealing import Symbol, Unopenable, join
from kiosk.domain.arrivals import Listing
from kiosk.domain.events import Confirmed, WentBack

NO_CODE, NO_PICTURE = "no-code", "picture"


@dataclass(frozen=True)
class SlipFound:
    """What may be told before anything happens: number and procedure, nothing of the person.

    `there`: the office has it already. `here`: it waits at this very terminal.
    """

    id: str
    receipt: str
    form: str
    photos: int = 0
    there: bool = False
    here: bool = False

    @property
    def missing(self) -> bool:
        """Whether there is anything to bring back."""
        return not self.there and not self.here


@dataclass(frozen=True)
class SlipTaken:
    """The office has it now; `fresh` if it had not before."""

    fresh: bool


@dataclass(frozen=True)
class SlipDeclined:
    """Nothing was taken, and why in one of our words."""

    reason: str


@dataclass(frozen=True)
class CodesShown:
    """Texts that a scanner read, or that stand in a picture."""

    texts: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class PicturesChosen:
    """Files with a picture of the slip."""

    names: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class ScannerHeard:
    """Whether the scanner works."""

    works: bool


@dataclass(frozen=True)
class SlipSettled:
    """Nothing is left to do with it; the next slip."""


@dataclass(frozen=True)
class SlipAway:
    """The office did not answer."""


ReseedEvent = (
    CodesShown | PicturesChosen | ScannerHeard | SlipFound | SlipTaken | SlipDeclined
) | (SlipSettled | SlipAway)


@dataclass(frozen=True)
class Reseeding:
    """Which codes were read, whose slip it is, and what came of it.

    `sealed` is the whole of it, which only the office opens; `wrong` why nothing can be done with
    what was shown. `away`: the office did not answer, and what was read is still here.
    """

    clerk: str
    symbols: tuple[Symbol, ...] = field(default=(), repr=False)
    pictures: tuple[str, ...] = field(default=(), repr=False)
    sealed: bytes = field(default=b"", repr=False)
    found: SlipFound | None = None
    taking: bool = False
    taken: SlipTaken | None = None
    wrong: str | None = None
    away: bool = False
    scans: bool = True
    before: Listing | None = field(default=None, repr=False)

    @property
    def reads(self) -> bool:
        """Whether another code may be shown now."""
        return not self.sealed and not self.pictures

    @property
    def looks(self) -> bool:
        """Whether the office is being asked whose it is."""
        return bool(self.sealed) and self.found is None and not self.away

    @property
    def waits(self) -> bool:
        """Whether something is under way that has to end first."""
        return self.taking or self.looks or bool(self.pictures)

    @property
    def asks(self) -> bool:
        """Whether it only needs a clerk's yes."""
        found = self.found is not None and self.found.missing
        return found and not self.taking and self.taken is None

    @property
    def of(self) -> int:
        """How many codes this slip has, once one of them was read."""
        return self.symbols[0].of if self.symbols else 0


def reseed(state: Reseeding, event: object) -> Reseeding:
    """Where it stands after the event; nothing is taken in without one more yes."""
    match state, event:
        case _, ScannerHeard(works):
            return replace(state, scans=works)
        case Reseeding(taking=False), SlipSettled():
            return _fresh(state)
        case Reseeding(pictures=()), PicturesChosen(names) if names and state.reads:
            return replace(state, pictures=names, wrong=None)
        case _, CodesShown(texts) if state.reads or state.pictures:
            return _shown(replace(state, pictures=(), wrong=None), texts)
        case Reseeding(sealed=bytes(), found=None), SlipFound() if state.sealed:
            return replace(state, found=event, away=False)
        case Reseeding(taking=True), SlipTaken():
            return replace(state, taking=False, taken=event, away=False)
        case _, SlipDeclined(reason) if state.pictures:
            return replace(state, pictures=(), wrong=reason)
        case _, SlipDeclined(reason) if state.waits and reason != NO_PICTURE:
            return replace(_fresh(state), wrong=reason)
        case _, SlipAway() if state.waits:
            return replace(state, taking=False, away=True)
        case Reseeding(away=True, found=None), Confirmed():
            return replace(state, away=False)
        case _, Confirmed() if state.asks:
            return replace(state, taking=True, away=False)
        case Reseeding(taking=False), WentBack():
            return _fresh(state)
    return state


def _shown(state: Reseeding, texts: Sequence[str]) -> Reseeding:
    """One code more, or several; a slip bears others too, which are passed over."""
    ours = [text.strip() for text in texts if text.strip().startswith(f"{MARK}.")]
    if not ours:
        return replace(state, wrong=NO_CODE)
    known = {each.number: each for each in state.symbols}
    try:
        for symbol in map(read, ours):
            if any((each.set, each.of) != (symbol.set, symbol.of) for each in known.values()):
                return replace(state, wrong="mixed")
            known[symbol.number] = symbol
    except Unopenable as fault:
        return replace(state, wrong=fault.reason)
    return _joined(replace(state, symbols=tuple(known[number] for number in sorted(known))))


def _joined(state: Reseeding) -> Reseeding:
    """With the last code of the set, what all of them are."""
    if len(state.symbols) < state.of:
        return state
    try:
        return replace(state, sealed=join(state.symbols))
    except Unopenable as fault:
        return replace(_fresh(state), wrong=fault.reason)


def _fresh(state: Reseeding) -> Reseeding:
    """Nothing of the last slip is left for the next."""
    return Reseeding(state.clerk, scans=state.scans, before=state.before)
