"""The pages of a form: what is known, then one question a page."""

from forms.definition import Field
from kiosk.domain.events import FactsConfirmed, WentBack
from kiosk.domain.session import Journey
from kiosk.domain.states import Blocked, Case, Filling, Identity
from kiosk.ui.kit import tokens
from kiosk.ui.kit.label import Label
from kiosk.ui.kit.picture import Picture
from kiosk.ui.resident.asked import OWN_WORDS, Asking
from kiosk.ui.resident.asking import ask
from kiosk.ui.resident.page import Page
from kiosk.ui.texts import FormTexts


def fill(page: Page, state: Filling, journey: Journey) -> None:
    """The page for where the resident stands in the form."""
    if state.question is None:
        _known(page, state, journey)
        return
    case, standing = state.case, journey.stand(state.case)
    question = standing.question(state.question)
    if question is None:
        page.feet(back=True)
        return
    questions = journey.questions(case)
    at = questions.index(question.path) + 1 if question.path in questions else 1
    page.step(at, len(questions))
    form, words = journey.forms[case.form], texts_of(page, journey, case)
    page.title(words.question(question.field))
    page.line(_whose_row(words, question.path) or words.help(question.field))
    if state.wrong is not None:
        page.body.addWidget(Label(_why(page, words, state.wrong), tokens.BODY, colour=tokens.RED))
    options = form.questions.options(question, standing) if question.field.options else ()
    value = case.answers.at(question.path)
    said = case.facts.said(question.field.fact or "")
    disputed = said if case.facts.disputed(question.field.fact or "") else ()
    ask(page, Asking(question, options, value, words, disputed))
    page.feet(back=True)


def blocked(page: Page, state: Blocked, journey: Journey) -> None:
    """These answers end here: the rule's sentence, and the way back."""
    words = texts_of(page, journey, state.case)
    reason = journey.blocked(state.case) or ""
    page.heading("blocked.title")
    page.body.addStretch(1)
    page.body.addWidget(Picture("counter", 280))
    page.body.addStretch(1)
    sentence = words.name(f"rule.{reason}")
    said = page.texts("blocked.relation") if sentence == f"rule.{reason}" else sentence
    page.body.addWidget(Label(said, tokens.LEAD))
    page.body.addStretch(2)
    page.body.addWidget(page.button("blocked.change", WentBack(), height=140))
    page.feet()


def texts_of(page: Page, journey: Journey, case: Case) -> FormTexts:
    """The words of this case's form in its language."""
    return FormTexts(journey.words[case.form], page.texts)


def answer_label(page: Page, words: FormTexts, field: Field, value: object, size: int) -> Label:
    """An answer: the person's own words as they are registered, ours as any other words."""
    told = words.answer(field, value)
    own = field.kind in OWN_WORDS and value not in (None, "", [])
    return page.name(told, size) if own else Label(told, size, bold=True)


def _why(page: Page, words: FormTexts, reason: str) -> str:
    """A rule's own sentence, or what is said of any mistake of this kind."""
    rule = words.name(f"rule.{reason}")
    return page.texts(f"reason.{reason}") if rule == f"rule.{reason}" else rule


def _whose_row(words: FormTexts, path: str) -> str:
    """Which of several this question is about."""
    section, bracket, rest = path.partition("[")
    if not bracket:
        return ""
    number = int(rest.partition("]")[0]) + 1
    return f"{words.name(f'section.{section}')}　{number}"


def _known(page: Page, state: Filling, journey: Journey) -> None:
    """Facts of the card, to be agreed with, not typed."""
    page.heading("known.title")
    if not page.shape.portrait:
        page.body.setSpacing(12)
    card = state.case.identity is Identity.CARD
    page.say("known.card" if card else "known.prefill")
    page.body.addSpacing(tokens.GAP)
    form, words = journey.forms[state.case.form], texts_of(page, journey, state.case)
    for field in form.fields:
        fact = state.case.facts.about(field.fact) if field.fact else None
        if fact is not None and form.questions.rows_of(field.id) is None:
            name = Label(words.name(f"field.{field.id}"), tokens.SMALLEST, colour=tokens.GRAY_600)
            page.body.addWidget(name)
            page.body.addWidget(answer_label(page, words, field, fact.value, tokens.LEAD))
    page.body.addStretch(1)
    tall = 140 if page.shape.portrait else tokens.TARGET
    yes = page.button("known.yes", FactsConfirmed(), symbol="check", height=tall)
    page.body.addWidget(yes)
    page.feet()
