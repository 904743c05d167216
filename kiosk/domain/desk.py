"""A clerk's desk as one pure function: the same idea as the resident's turn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from forms.answers import Answers, Problem, check, start, taught
from forms.definition import Channel
from forms.facts import Fact, Facts, Source
from forms.form import Form
from forms.purposes import Purposes
from forms.scope import Occasion
from kiosk.domain.agreeing import agree, ask
from kiosk.domain.arrivals import Listing
from kiosk.domain.consulting import Consulting, consult
from kiosk.domain.counter import (
    NOTHING_HEARD,
    Agreeing,
    BegunNew,
    Brought,
    Closed,
    ConsentsOpened,
    DeskEvent,
    DeskState,
    Done,
    Editing,
    HandedIn,
    Handled,
    Handling,
    Heard,
    IdentityChecked,
    KeptHere,
    Missing,
    Opened,
    QueueOpened,
    Refreshed,
    ReseedOpened,
    Settled,
    SignedIn,
    SignedOff,
    SignedOut,
    SignInRefused,
    SubstitutesAgreed,
    Substituting,
    Typed,
)
from kiosk.domain.events import Kept
from kiosk.domain.reseeding import Reseeding, SlipDeclined, reseed
from kiosk.domain.sheets import Agreed
from kiosk.domain.states import Case, Identity
from kiosk.domain.subject import said_to_clerk
from kiosk.domain.tending import Looked, Pending, Tending, tend

BLOCKED = "blocked"
UNPRINTABLE = "unprintable-name"


@dataclass(frozen=True)
class Desk:
    """What a desk may know besides its state."""

    forms: Mapping[str, Form]
    now: Callable[[], datetime]
    purposes: Purposes = field(default_factory=Purposes, repr=False)

    def advance(self, state: DeskState, event: DeskEvent) -> DeskState:
        """Where the desk stands after the event; what does not fit changes nothing."""
        match state, event:
            case SignedOut(), SignedIn(clerk):
                return Listing(clerk)
            case SignedOut(), SignInRefused():
                return SignedOut(refused=True)
            case (
                (Listing() | Editing() | Substituting() | Handled() | Consulting() | Tending())
                | (Agreeing() | Reseeding(taking=False)),
                SignedOff(),
            ):
                return SignedOut()
            case Listing(), Refreshed(None):
                return replace(state, away=True)
            case Listing(), Refreshed(arrivals) if arrivals is not None:
                return replace(state, arrivals=arrivals, away=False)
            case Listing(clerk, arrivals), Opened(chosen):
                found = next((a for a in arrivals if a.id == chosen), None)
                if found is None or found.form not in self.forms:
                    return state
                opened = Editing(clerk, found.form, found.answers, found.id, state)
                return self._begin(opened, found.facts)
            case Listing(clerk, arrivals), ConsentsOpened(chosen):
                facts = next((a.facts for a in arrivals if a.id == chosen), Facts())
                return Consulting(clerk, facts, before=state)
            case Consulting(clerk, revoking=False), Closed():
                return state.before or Listing(clerk)
            case Consulting(), Done(None, fault):
                return replace(state, revoking=False, fault=fault)
            case Consulting(), _:
                return consult(state, event)
            case Listing(), Looked(Pending() as pending):
                return replace(state, asking=pending.asking)
            case Listing(clerk, away=away), QueueOpened():
                return Tending(clerk, away=away, before=state)
            case Tending(clerk, pending, doing=False), Closed():
                before = state.before or Listing(clerk)
                asking = pending.asking if pending else before.asking
                return replace(before, away=state.away, asking=asking)
            case Tending(clerk, away=away, before=before, act=None), ReseedOpened():
                return Reseeding(clerk, before=before or Listing(clerk, away=away))
            case Reseeding(clerk, before=before, taking=False), Closed():
                return Tending(clerk, away=bool(before and before.away), before=before)
            case Reseeding(), Done(None, str() as fault):
                return reseed(state, SlipDeclined(fault))
            case Reseeding(), _:
                return reseed(state, event)
            case Tending(), Done(None, fault):
                return replace(state, doing=False, fault=fault)
            case Tending(), _:
                return tend(state, event)
            case Listing(clerk), BegunNew(form) if form in self.forms:
                return self._begin(Editing(clerk, form, Answers(), None, state), Facts())
            case Handled(clerk, before=before), BegunNew(form) if form in self.forms:
                fresh = Editing(clerk, form, Answers(), None, before, state.identity_checked)
                return self._begin(fresh, state.facts)
        return self._edit(state, event)

    def _edit(self, state: DeskState, event: DeskEvent) -> DeskState:
        match state, event:
            case Editing(), Typed(field_id, value):
                return self._again(replace(state, answers=state.answers.answer(field_id, value)))
            case Editing(), Brought(attachment):
                return replace(state, files=(*state.files, attachment))
            case Editing(), Settled(fact):
                return self._settle(state, fact)
            case Editing(), IdentityChecked(checked):
                return self._again(replace(state, identity_checked=checked))
            case Editing(before=before), Closed():
                return before
            case Editing(), HandedIn():
                problems = self.problems(state)
                return replace(state, problems=problems) if problems else self._ask(state)
            case Agreeing(), _:
                return agree(state, event)
            case Handling(kept=None), KeptHere(kept):
                return replace(state, kept=kept)
            case Handling(_, Kept()), Done(None, missing=missing) if missing:
                return Substituting(state, missing)
            case Handling(editing, kept), Done(number, fault):
                return self._handled(editing, kept, number, fault, state.heard)
            case Substituting(handling, missing), SubstitutesAgreed(pairs):
                if not _answers(missing, pairs):
                    return state
                return replace(handling, agreed=Agreed(pairs, handling.editing.clerk))
            case Substituting(Handling(editing, kept, heard=heard)), Closed():
                return self._handled(editing, kept, None, UNPRINTABLE, heard)
            case Handled(before=before), Closed():
                return before
        return state

    def _settle(self, state: Editing, fact: Fact) -> Editing:
        """The fact and every answer that takes it."""
        facts, form, answers = state.facts.settle(fact), self.forms[state.form], state.answers
        known = start(form, facts, self.occasion()).values
        taking = {item.id: item.fact for item in form.fields if form.questions.knows(item.id)}
        taking |= {section.id: section.fact for section in form.questions.repeated()}
        for name, wanted in taking.items():
            if wanted == fact.name and name in known:
                answers = answers.answer(name, known[name])
        return self._again(replace(state, answers=answers, facts=facts))

    def _again(self, state: Editing) -> Editing:
        """Problems that were told are told anew with every answer, so that they go away."""
        return replace(state, problems=self.problems(state)) if state.problems else state

    def occasion(self) -> Occasion:
        """Today, at the counter."""
        return Occasion(self.now().date(), Channel.COUNTER)

    def problems(self, state: Editing) -> tuple[Problem, ...]:
        """What keeps the form from being submitted: mistakes, a stop, no identity check."""
        form = self.forms[state.form]
        found = check(form, state.answers, self.occasion())
        blocked = form.verdicts.blocked(form.stand(state.answers.values, self.occasion()))
        if blocked is not None:
            found = (*found, Problem(BLOCKED, blocked.reason))
        if not state.identity_checked and self.asks_identity(form):
            found = (*found, Problem("identity", "required"))
        return found

    @staticmethod
    def asks_identity(form: Form) -> bool:
        """Whether the clerk has to say that they saw who it is, because the form does not ask."""
        asked = any(item.id == "identity_method" for item in form.fields)
        return not asked and not form.definition.anonymous

    def _begin(self, fresh: Editing, facts: Facts) -> Editing:
        """A form with everything that this visit knows already in it."""
        form, now = self.forms[fresh.form], self.now()
        here = {"clerk": fresh.clerk, "clock": f"{now:%H:%M}"}
        known = Facts(facts.known, facts.settled).learn(
            Fact(name, value, Source.SAID, now) for name, value in here.items()
        )
        begun = start(form, known, self.occasion())
        for name, value in fresh.answers.values.items():
            begun = begun.answer(name, value)
        return replace(fresh, answers=begun, facts=known)

    def _ask(self, state: Editing) -> Agreeing | Handling:
        """What somebody may agree to is asked of them before the form goes in."""
        form, occasion = self.forms[state.form], self.occasion()
        said = said_to_clerk(form, self.case(state), occasion)
        return ask(state, said, self.purposes.of(state.form))

    def case(self, editing: Editing, heard: Heard = NOTHING_HEARD) -> Case:
        """What was done here, as it is kept."""
        form, occasion = self.forms[editing.form], self.occasion()
        answers = start(form, editing.facts, occasion)
        for name, value in editing.answers.values.items():
            answers = answers.answer(name, value)
        own = ("ja", editing.form, Identity.CLERK, editing.facts, answers)
        return Case(*own, said=heard.said, seen=heard.seen)

    def _handled(
        self,
        editing: Editing,
        kept: Kept | None,
        number: str | None,
        fault: str | None,
        heard: Heard,
    ) -> Handled:
        """What was done, what else is necessary, and what the visit knows by now."""
        form, occasion = self.forms[editing.form], self.occasion()
        said = taught(form, editing.answers, occasion, Source.SAID, self.now()) if kept else ()
        facts = editing.facts.learn(said)
        for fact in said:  # the clerk and the visitor have just agreed on it
            facts = facts.settle(fact)
        return Handled(
            editing.clerk,
            kept.receipt if kept else None,
            number,
            fault,
            editing.before,
            form.verdicts.next(form.stand(editing.answers.values, occasion)) if kept else (),
            facts,
            editing.identity_checked,
            heard.unasked if kept else None,
        )


def _answers(missing: tuple[Missing, ...], pairs: tuple[tuple[str, str], ...]) -> bool:
    """Every character has one of its own proposals, and nothing else is agreed to."""
    asked = {each.character: each.instead for each in missing}
    said = dict(pairs)
    return said.keys() == asked.keys() and all(said[each] in asked[each] for each in asked)
