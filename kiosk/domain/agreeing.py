"""Consent at the desk: a clerk asks whom they have seen, one purpose after another."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from forms.facts import Facts, Source
from forms.person import PARTS
from forms.purposes import Purpose
from kiosk.domain.agreement import Said
from kiosk.domain.consulting import PersonAsked
from kiosk.domain.counter import (
    Agreeing,
    AskingSkipped,
    Editing,
    Handling,
    Heard,
    PurposeAnswered,
)
from kiosk.domain.events import WentBack
from kiosk.domain.subject import line, same

NOT_SHOWN, PROXY, INTERVIEW = "not-shown", "proxy", "interview"
_THEMSELVES = (None, "self", "household")


def ask(
    editing: Editing, said: Mapping[str, Any], purposes: tuple[Purpose, ...]
) -> Agreeing | Handling:
    """What is asked before this form goes in; `said` is what stands on it.

    Only of who came, for themselves, and showed who they are: others have no mark of their own.
    """
    if not purposes:
        return Handling(editing)
    if said.get("relation") not in _THEMSELVES:
        return Handling(editing, heard=Heard(unasked=PROXY))
    if said.get("identity_method") == "interview":
        return Handling(editing, heard=Heard(unasked=INTERVIEW))
    shown, written = _shown(editing.facts), {part: line(said.get(part)) for part in PARTS}
    if not _fits(written, shown):
        return Agreeing(editing, purposes, written)
    whole = all(map(shown.get, PARTS))
    return Agreeing(editing, purposes, {**written, **shown}, shown if whole else None)


def agree(state: Agreeing, event: object) -> Agreeing | Handling | Editing:
    """Where it stands after the event; nothing is taken for a yes but a yes."""
    match state, event:
        case Agreeing(seen=None), PersonAsked(said, identity_checked=True):
            if not all(map(said.get, PARTS)):
                return state
            if not _fits(state.known, said):
                return replace(state, stranger=True)
            return replace(state, seen=dict(said), stranger=False)
        case Agreeing(editing, seen=None), AskingSkipped():
            return Handling(editing, heard=Heard(unasked=NOT_SHOWN))
        case Agreeing(seen=dict()), PurposeAnswered(name, word) if name == state.purpose.id:
            answer = Said(name, state.purpose.notice, word) if word else None
            return _onward(replace(state, said=(*state.said, answer)))
        case Agreeing(said=(*before, _)), WentBack():
            return replace(state, said=tuple(before))
        case Agreeing(editing), WentBack():
            return editing
    return state


def _onward(state: Agreeing) -> Agreeing | Handling:
    """The next purpose; after the last, what was said goes in with the form."""
    if len(state.said) < len(state.purposes):
        return state
    said = tuple(each for each in state.said if each is not None)
    return Handling(state.editing, heard=Heard(state.seen, said))


def _shown(facts: Facts) -> dict[str, str]:
    """What a card said to a terminal in this visit."""
    card = (fact for fact in facts.known if fact.source is Source.CARD and fact.name in PARTS)
    return {fact.name: str(fact.value) for fact in card}


def _fits(written: Mapping[str, str], card: Mapping[str, str]) -> bool:
    """Whether the card is that of whoever this form is from."""
    return same(written["name"], card.get("name", "")) and written["birth"] == card.get("birth")
