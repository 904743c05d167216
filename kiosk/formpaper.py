"""`kakanai paper form`: any procedure's application form, filled in or blank, on paper.

What the paper shows is what its codes carry: a sheet filled in at a branch is taken over here
without typing.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from forms.answers import Answers, content
from forms.definition import Channel, Fee, Field, FormDefinition
from forms.definition import Option as Choice
from forms.definition import Section as Asked
from forms.era import show_known
from forms.form import Form
from forms.prefill import Prefill, seal
from forms.questions import Question, Standing
from forms.scope import Occasion
from forms.words import FormWords
from kiosk.formentries import FEW_OPTIONS, NEED_NOT, blank, filled, label, when_words
from printing.applications.form import Entry, FormPress, PaperForm, Section

BLANK_MARK = "KKNF"
BLANK_ROWS, COLUMNS = 4, 6
STAMPS = ("受付", "入力", "照合")
SEALED, BLANK = "記入内容のコード（職員が読み取ります）", "様式コード"
NO_DAY = "　　　　年　　　月　　　日"
MORE_SHEETS = "2つ目からは、この用紙をもう1枚お使いください。"
LATER = "（後日でもかまいません）"
RESIDENTS = (Channel.WEB, Channel.KIOSK)
Prices = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class Wanted:
    """Which form, for whom; without answers it is blank."""

    form: Form
    words: FormWords
    answers: Answers | None
    occasion: Occasion
    city: str
    made: datetime
    practice: bool = False


def print_form(wanted: Wanted, city: EllipticCurvePublicKey, press: FormPress) -> bytes:
    """The PDF; its codes give the terminal's key holder back exactly what stands on it."""
    if wanted.answers is None:
        codes: tuple[str, ...] = (blank_code(wanted.form),)
    else:
        kept = carried(wanted.form, wanted.answers, wanted.occasion)
        made = wanted.made.isoformat(timespec="seconds")
        prefill = Prefill(wanted.form.id, wanted.form.version, made, kept)
        codes = seal(prefill, city, secrets.token_bytes(12))
    paper = paper_of(
        wanted.form,
        wanted.answers,
        wanted.occasion,
        wanted.words,
        wanted.city,
        codes,
        practice=wanted.practice,
    )
    return press.render(paper)


def blank_code(form: Form) -> str:
    """Which form a blank sheet is."""
    return f"{BLANK_MARK}.{form.id.upper()}.{form.version}"


def carried(form: Form, answers: Answers, occasion: Occasion) -> dict[str, Any]:
    """What a code from outside may say of the answers: what anybody is asked at home.

    What is worked out is worked out again; what only clerks answer, a clerk answers again.
    """
    asked = (item for item in form.fields if item.value is None and Channel.WEB in item.channels)
    given = {item.id for item in asked}
    rows = {section.id for section in form.questions.repeated()}
    kept: dict[str, Any] = {}
    for name, value in content(form, answers, occasion).items():
        if name in given:
            kept[name] = value
        elif name in rows:
            kept[name] = [{n: v for n, v in row.items() if n in given} for row in value]
    return kept


def paper_of(
    form: Form,
    answers: Answers | None,
    occasion: Occasion,
    words: FormWords,
    city: str,
    codes: tuple[str, ...],
    *,
    practice: bool = False,
) -> PaperForm:
    """The form as a paper shows it."""
    if answers is None:
        page: _Blank | _Filled
    if answers is None:
        page, day, said = _Blank(form, words, occasion.today), NO_DAY, BLANK
    else:
        page = _Filled(form, words, form.stand(answers.values, occasion))
        day, said = show_known(occasion.today.isoformat()), SEALED
    return PaperForm(
        id=form.id,
        version=form.version,
        title=_title(form.definition),
        law=form.definition.law,
        city=city,
        addressee=f"（宛先）{city}長",
        number="",
        date=day,
        sections=tuple(page.sections()),
        notes=(),
        papers=tuple(page.papers()),
        fees=tuple(page.fees()),
        codes=codes,
        code_words=said,
        stamps=(*STAMPS, "交付" if form.certificate else "決裁"),
        practice=practice,
    )


@dataclass(frozen=True)
class _Filled:
    """What these answers leave on the paper."""

    form: Form
    words: FormWords
    standing: Standing

    def sections(self) -> Iterator[Section]:
        """Sections with something asked in them, in order."""
        for section in self.form.definition.sections:
            heading = label(self.words, "section", section.id)
            if section.repeat:
                if self.standing.question(section.id):
                    yield self._rows(section, heading)
                continue
            entries = tuple(self._entries(section, None))
            if entries:
                yield Section(heading, entries)

    def _rows(self, section: Asked, heading: str) -> Section:
        count = len(self.standing.values.get(section.id) or ())
        if not count:
            return Section(heading, (Entry(heading, "なし"),))
        asked = [item for item in section.fields if self._somewhere(section, item)]
        row = self._in_columns if len(asked) <= COLUMNS else self._entries
        return Section(heading, rows=tuple(tuple(row(section, each)) for each in range(count)))

    def _in_columns(self, section: Asked, number: int) -> Iterator[Entry]:
        """One entry for each column, also where this row is not asked."""
        for item in section.fields:
            if item.value is not None or not self._somewhere(section, item):
                continue
            question = self.standing.question(f"{section.id}[{number}].{item.id}")
            name = label(self.words, "field", item.id)
            yield Entry(name, "－") if question is None else self._entry(question)

    def _somewhere(self, section: Asked, item: Field) -> bool:
        return any(
            each.field.id == item.id and each.path.startswith(f"{section.id}[")
            for each in self.standing.questions
        )

    def _entries(self, section: Asked, number: int | None) -> Iterator[Entry]:
        prefix = "" if number is None else f"{section.id}[{number}]."
        for item in section.fields:
            question = self.standing.question(f"{prefix}{item.id}")
            if question is not None:
                yield self._entry(question)

    def _entry(self, question: Question) -> Entry:
        values: Mapping[str, Any] = self.standing.values
        if question.row is not None:
            values = values[question.path.partition("[")[0]][question.row]
        allowed = self.form.questions.options(question, self.standing)
        options = [each.value for each in allowed]
        return filled(question, self.words, options, values.get(question.field.id))

    def papers(self) -> Iterator[str]:
        """What has to be brought."""
        for paper in self.form.verdicts.papers(self.standing):
            yield label(self.words, "paper", paper.id) + (LATER if paper.later else "")

    def fees(self) -> Prices:
        """What it costs, line by line."""
        quote = self.form.verdicts.quote(self.standing)
        for line in quote.lines:
            times = f"　{line.unit:,}円 × {line.count}" if line.amount >= 0 else ""
            yield f"{line.label}{times}", f"{line.amount:,}円"
        if quote.lines:
            yield "合計", f"{quote.total:,}円"


@dataclass(frozen=True)
class _Blank:
    """Everything that a resident may be asked, to be written by hand."""

    form: Form
    words: FormWords
    today: date

    def sections(self) -> Iterator[Section]:
        """Sections with something for residents in them, in order."""
        fields = {item.id: item for item in self.form.fields}
        for section in self.form.definition.sections:
            items = [item for item in section.fields if _for_residents(item)]
            if not items:
                continue
            heading = label(self.words, "section", section.id)
            note = when_words(section.when, fields, self.words)
            entries = tuple(self._entry(item, section, fields) for item in items)
            if section.repeat is None:
                yield Section(heading, entries, note=note)
            elif len(items) <= COLUMNS:
                rows = min(section.repeat.maximum, BLANK_ROWS)
                yield Section(heading, rows=(entries,) * rows, note=note)
            else:
                more = "　".join(each for each in (note, MORE_SHEETS) if each)
                yield Section(heading, rows=(entries,), note=more)

    def _entry(self, item: Field, section: Asked, fields: Mapping[str, Field]) -> Entry:
        when = None if item.when == section.when else item.when
        note = when_words(when, fields, self.words)
        options = [each.value for each in item.options if _offered(each)]
        if section.repeat and len(options) > FEW_OPTIONS:
            options = []  # a word is written sooner than found, row after row
        room = blank(item, self.words, options, note)
        return replace(room, note=NEED_NOT) if not note and item.required is False else room

    def papers(self) -> Iterator[str]:
        """What may have to be brought, and when."""
        fields = {item.id: item for item in self.form.fields}
        for paper in self.form.definition.papers:
            when = when_words(paper.when, fields, self.words)
            plain = not when or (paper.when is not None and paper.when.channel)
            yield label(self.words, "paper", paper.id) + ("" if plain else f"（{when}）")

    def fees(self) -> Prices:
        """The prices that are plain numbers."""
        for fee in self.form.definition.fees:
            if isinstance(fee.unit, int) and self._in_force(fee):
                yield fee.label, f"{fee.unit:,}円"

    def _in_force(self, fee: Fee) -> bool:
        begun = fee.from_ is None or fee.from_ <= self.today
        ended = fee.until is not None and fee.until < self.today
        return begun and not ended and Channel.COUNTER in fee.channels


def _for_residents(item: Field) -> bool:
    return item.value is None and any(each in item.channels for each in RESIDENTS)


def _offered(option: Choice) -> bool:
    """Whether residents may choose it at all."""
    channels = option.when.channel if option.when else None
    return channels is None or any(each in channels for each in RESIDENTS)


def _title(definition: FormDefinition) -> str:
    """What the paper is called: a certificate is applied for."""
    if definition.certificate or definition.label.endswith("証明"):
        return f"{definition.label}　交付申請書"
    return f"{definition.label}書" if definition.label.endswith("申請") else definition.label
