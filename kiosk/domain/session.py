"""A resident's turn as one pure function: read this first.

`advance` says where a turn stands after an event. An event that does not fit changes nothing,
so an answer that comes late, twice or from nowhere is harmless by construction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from msgspec.structs import replace

from forms.answers import Answers, Problem, check, start
from forms.definition import Channel
from forms.facts import Facts
from forms.form import Form
from forms.purposes import Purposes
from forms.questions import Question, Standing
from forms.scope import Occasion
from forms.words import FormWords
from kiosk.domain.answering import answered
from kiosk.domain.consent import oversee, say, to_ask, unsay
from kiosk.domain.events import (
    Answered,
    AskedToLeave,
    CardPlaced,
    CardRead,
    CardRemoved,
    ChangeAsked,
    CodePartRead,
    CodeRead,
    Confirmed,
    ConsentAnswered,
    ConsentsWanted,
    Continued,
    Event,
    FactsConfirmed,
    Failed,
    GrewQuiet,
    Issued,
    Kept,
    LanguageChosen,
    LastTryAgreed,
    Left,
    LeftWithUs,
    LineChanged,
    Paid,
    PayPressed,
    PinEntered,
    PinRefused,
    ProcedureChosen,
    Ready,
    Started,
    Submitted,
    TimedOut,
    Unsettled,
    WentBack,
)
from kiosk.domain.leaving import fail, leave
from kiosk.domain.states import (
    Apologising,
    Blocked,
    Case,
    Choosing,
    Closed,
    Consenting,
    Deferring,
    Ending,
    EnteringPin,
    Filling,
    Greeting,
    Hesitating,
    Identifying,
    Identity,
    Idle,
    Issuing,
    Overseeing,
    Parting,
    Paying,
    Reading,
    Recalling,
    Reviewing,
    Revoking,
    State,
    Submitting,
)
from kiosk.domain.subject import only_printed, printed_here


@dataclass(frozen=True)
class Journey:
    """What the turn may know besides its state: the procedures of this city, and the day.

    `up`: the office can be reached, so far as is known.
    """

    forms: Mapping[str, Form]
    today: Callable[[], date]
    words: Mapping[str, FormWords] = field(default_factory=dict, repr=False)
    purposes: Purposes = field(default_factory=Purposes, repr=False)
    up: bool = True

    def advance(self, state: State, event: Event) -> State:
        """Where the turn stands after the event."""
        match state, event:
            case (
                (Paying(taking=True) | Submitting() | Issuing()),
                (Left() | TimedOut() | CardRemoved() | AskedToLeave() | GrewQuiet()),
            ):
                return state  # finish first: nobody loses money or paper
            case Revoking(), (Left() | TimedOut() | CardRemoved()):
                return replace(state, leaving=True)
            case Revoking(), (AskedToLeave() | GrewQuiet()):
                return state
            case _, (Left() | TimedOut() | CardRemoved() | AskedToLeave() | GrewQuiet()):
                return leave(state, event)
            case ((Idle() | Closed()), Unsettled(papers)):
                return Closed(papers) if papers else Idle()
            case Closed(), _:
                return state
            case Hesitating(before=before), Continued():
                return before
            case Hesitating(), _:
                return state
            case _, Failed(code=code):
                return fail(state, code)
            case (
                (Idle() | Greeting() | Choosing() | Identifying() | EnteringPin() | Reading()),
                _,
            ):
                return self._identify(state, event)
            case ((Filling() | Blocked() | Reviewing() | Consenting()), _):
                return self._fill(state, event)
            case _ if isinstance(state, Overseeing):
                return oversee(state, event)
        return self._finish(state, event)

    def offered(self) -> tuple[str, ...]:
        """The procedures that residents may choose here."""
        return tuple(
            form.id for form in self.forms.values() if Channel.KIOSK in form.definition.channels
        )

    def cannot(self, form: str) -> bool:
        """Whether there is no use in beginning it now: a paper, and nobody to issue it."""
        return not self.up and only_printed(self.forms[form])

    def occasion(self) -> Occasion:
        """Today, at this terminal."""
        return Occasion(self.today(), Channel.KIOSK)

    def stand(self, case: Case) -> Standing:
        """What is asked with these answers, and what they come to."""
        return self.forms[case.form].stand(case.answers.values, self.occasion())

    def questions(self, case: Case) -> tuple[str, ...]:
        """The questions that this resident still has to be asked, in order."""
        return tuple(
            question.path
            for question in self.stand(case).questions
            if not _is_known(question, case.facts)
        )

    def problems(self, case: Case) -> tuple[Problem, ...]:
        """What keeps this case from being submitted."""
        return check(self.forms[case.form], case.answers, self.occasion())

    def blocked(self, case: Case) -> str | None:
        """The rule by which these answers end here, if they do."""
        found = self.forms[case.form].verdicts.blocked(self.stand(case))
        return found.reason if found else None

    def _identify(self, state: State, event: Event) -> State:
        match state, event:
            case Idle(), Started():
                return Greeting()
            case ((Greeting() | Choosing()), LanguageChosen(language)):
                return Choosing(language)
            case Choosing(), LineChanged(up=True):
                return replace(state, away=None)
            case Choosing(), ProcedureChosen(form) if form in self.offered() and self.cannot(form):
                return replace(state, away=form)
            case Choosing(language), ProcedureChosen(form) if form in self.offered():
                if self.forms[form].definition.anonymous:
                    return self._begin(Case(language, form, Identity.NOBODY, Facts(), Answers()))
                return Identifying(language, form)
            case Choosing(), WentBack():
                return Greeting()
            case Choosing(language), ConsentsWanted() if self.purposes.every:
                return Identifying(language, None)
            case Identifying(language), WentBack():
                return Choosing(language)
            case Identifying(language, form), CardPlaced(attempts):
                if not attempts:
                    return Apologising(language, "pin-blocked", card_inside=True)
                return EnteringPin(language, form, attempts)
            case Identifying(form=str()), CodePartRead(have, of):
                return replace(state, have=have, of=of)
            case Identifying(language, str()), CodeRead(form, facts, answers, submission):
                case_ = Case(language, form, Identity.CODE, facts, answers, submission)
                return Filling(case_) if form in self.offered() else state
            case EnteringPin(asks_first=True), LastTryAgreed():
                return replace(state, agreed=True)
            case EnteringPin(language, form, agreed=yes, asks_first=False), PinEntered(pin):
                return Reading(language, form, pin, yes)
            case Reading(language, form), PinRefused(left) if left:
                return EnteringPin(language, form, left, refused=True)
            case Reading(language), PinRefused():
                return Apologising(language, "pin-blocked", card_inside=True)
            case Reading(language, None), CardRead(facts):
                return Recalling(language, facts)
            case Reading(language, str() as form), CardRead(facts, answers):
                return Filling(Case(language, form, Identity.CARD, facts, answers))
        return state

    def _fill(self, state: State, event: Event) -> State:
        match state, event:
            case Filling(case, None), FactsConfirmed() if self.blocked(case):
                return Blocked(case, None)
            case Filling(case, None), FactsConfirmed():
                return self._next(case, after=None) if self.problems(case) else Reviewing(case)
            case Filling(case, question, returning), Answered(field, value) if field == question:
                answered = self._answer(case, field, value)
                if answered is None:
                    return state
                if self.blocked(answered):
                    return Blocked(answered, field)
                if wrong := self._wrong(answered, field):
                    return Filling(answered, field, returning, wrong)
                if returning and not self.problems(answered):
                    return Reviewing(answered)
                return self._next(answered, after=field)
            case Blocked(case, question), WentBack():
                return Filling(case, question)
            case Filling(case, question, returning), WentBack():
                return Reviewing(case) if returning else self._previous(case, question, state)
            case Reviewing(case), ChangeAsked(field) if field in self.questions(case):
                return Filling(case, field, returning=True)
            case Reviewing(case), WentBack():
                return self._previous(case, None, state, from_end=True)
            case Reviewing(case), Confirmed() if self.blocked(case):
                return Blocked(case, None)
            case Reviewing(case), Confirmed() if self.problems(case):
                return self._mend(case) or state
            case Reviewing(case), Confirmed():
                return self._agree(replace(case, said=()))
            case Consenting(case, purpose), ConsentAnswered(asked, agrees) if asked == purpose:
                told = self.purposes.named(purpose)
                return self._agree(say(case, told, agrees=agrees)) if told else state
            case Consenting(case), WentBack():
                return self._agree(unsay(case)) if case.said else Reviewing(case)
        return state

    def _finish(self, state: State, event: Event) -> State:
        match state, event:
            case Paying(case, taking=False), WentBack():
                return Reviewing(case)
            case Paying(ready=False), Ready():
                return replace(state, ready=True)
            case Paying(ready=True, taking=False), PayPressed():
                return replace(state, taking=True)
            case Paying(case, taking=True), Paid(reference):
                return Submitting(case, reference)
            case Deferring(case), LeftWithUs():
                return Submitting(case, wants_paper=False)
            case Deferring(case), WentBack():
                return Reviewing(case)
            case Submitting(kept=None), Kept():
                return replace(state, kept=event)
            case Submitting(case, payment, wants_paper, Kept() as kept), Submitted(delivered):
                if wants_paper and delivered:
                    return Issuing(case, payment, kept)
                ending = Ending.HANDED_IN if delivered else Ending.KEPT_WAITING
                return Parting(
                    case.language, ending, case.has_card, kept.receipt, status=kept.status
                )
            case Issuing(case, kept=kept), Issued(copies=copies):
                return Parting(
                    case.language, Ending.ISSUED, case.has_card, kept.receipt, copies, kept.status
                )
        return state

    def _begin(self, case: Case) -> State:
        """The first page of a form that asks for no card."""
        answers = start(self.forms[case.form], case.facts, self.occasion())
        return self._next(replace(case, answers=answers), after=None)

    def _wrong(self, case: Case, path: str) -> str | None:
        """Why the answer to this question does not do, if a rule says so."""
        here = (path, path.rpartition(".")[2])
        return next((each.reason for each in self.problems(case) if each.field in here), None)

    def _mend(self, case: Case) -> Filling | None:
        """The first question that keeps the case from being submitted, asked again."""
        questions = self.questions(case)
        for problem in self.problems(case):
            path = next((q for q in questions if q.endswith(problem.field)), None)
            if path is not None:
                return Filling(case, path, returning=True, wrong=problem.reason)
        return None

    def _answer(self, case: Case, path: str, value: object) -> Case | None:
        return answered(self.forms[case.form], self.stand(case), case, path, value)

    def _next(self, case: Case, after: str | None) -> State:
        questions = self.questions(case)
        place = questions.index(after) + 1 if after in questions else 0
        return Filling(case, questions[place]) if place < len(questions) else Reviewing(case)

    def _previous(
        self, case: Case, question: str | None, state: State, *, from_end: bool = False
    ) -> State:
        questions = self.questions(case)
        if from_end:
            return Filling(case, questions[-1] if questions else None)
        if question is None:
            return state
        place = questions.index(question) if question in questions else 0
        return Filling(case, questions[place - 1] if place else None)

    def _agree(self, case: Case) -> State:
        """Every purpose of this form by itself, then on with the application."""
        purpose = to_ask(case, self.purposes)
        return Consenting(case, purpose.id) if purpose else self._price(case)

    def _price(self, case: Case) -> State:
        """A card pays and prints here; everything else is handed in for the counter."""
        form, here = self.forms[case.form], self.occasion()
        if case.identity is not Identity.CARD or not printed_here(form, case, here):
            return Submitting(case, wants_paper=False)
        if not self.up:
            return Deferring(case)
        return Paying(case, form.quote(case.answers.values, here))


def _is_known(question: Question, facts: Facts) -> bool:
    """Nobody is asked what is known; what two sources say differently is asked."""
    name = question.field.fact
    return question.row is None and bool(name) and facts.about(name or "") is not None
