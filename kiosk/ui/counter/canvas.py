"""The sheet itself: sections below each other, each with the questions that stand."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from forms.definition import Channel, Section
from forms.facts import Fact, Facts
from forms.form import Form
from forms.kinds import Unreadable, parse
from forms.kinds.attached import Attachment
from forms.questions import ROWS, Question, Standing
from kiosk.domain.counter import Editing
from kiosk.ui.counter.boxes import Box, RowsBox
from kiosk.ui.counter.cell import SOURCES, Cell
from kiosk.ui.counter.editors import Postcodes, editor_for, short
from kiosk.ui.counter.names import Names
from kiosk.ui.counter.problems import reasons
from kiosk.ui.counter.rows import Rows
from kiosk.ui.kit.lettering import Lettering
from kiosk.ui.texts import Texts

_UNDO = "削除した行は Ctrl+Z で元に戻せます。"
_DESK = frozenset({"clerk", "clock"})  # what the desk itself knows needs no source
Said = Callable[[str, Any], None]


class Canvas(QWidget):
    """Makes an editor when its question first stands, and keeps it."""

    def __init__(
        self,
        form: Form,
        texts: Texts,
        postcodes: Postcodes,
        say: Said,
        settle: Callable[[Fact], None],
        rows: Rows,
        letters: Lettering,
    ) -> None:
        super().__init__()
        self.setObjectName("canvas")
        self._form, self._postcodes, self._say, self._settle = form, postcodes, say, settle
        self._texts, self._rows = texts, rows
        self._names = Names(letters, texts("name.missing"))
        self._cells: dict[str, Cell] = {}
        self.standing: list[Cell] = []
        self.boxes: dict[str, Box] = {}
        self._home: dict[str, str] = {}
        for section in form.definition.sections:
            box = (
                RowsBox(section, self, self._add, self._remove, self._names)
                if section.repeat
                else Box(section, self)
            )
            box.hide()
            self.boxes[section.id] = box
            self._home |= {item.id: section.id for item in section.fields}
        self._refreshing = False
        self.brought: Callable[[Attachment], None] = lambda _: None

    def refresh(self, state: Editing, standing: Standing) -> None:
        """The questions that stand, each with its answer and what is to be said about it."""
        self._refreshing = True
        self._rows.refresh(state.answers.values)
        told = _Told(self._form, state, standing, self._texts)
        self.standing = []
        held: dict[str, dict[int | None, list[Cell]]] = {}
        for question in self._shown(standing):
            section = self._home.get(question.field.id, question.field.id)
            rows = held.setdefault(section, {})
            if question.field.kind == ROWS:
                continue
            cell = self._cell(question)
            told.about(cell, question)
            self.standing.append(cell)
            rows.setdefault(question.row, []).append(cell)
        self._hold(held, told)
        self._refreshing = False
        self.arrange()

    def _shown(self, standing: Standing) -> Iterator[Question]:
        """What is asked, and between it, in the order of the form, what is worked out."""
        asked = {question.path: question for question in standing.questions}
        for section in self._form.definition.sections:
            if section.repeat is None:
                yield from self._of_one(section, "", None, standing.values, asked)
            elif section.id in asked:
                yield asked[section.id]
                for row, values in enumerate(standing.values.get(section.id) or ()):
                    yield from self._of_one(section, f"{section.id}[{row}].", row, values, asked)

    @staticmethod
    def _of_one(
        section: Section,
        prefix: str,
        row: int | None,
        values: Mapping[str, Any],
        asked: Mapping[str, Question],
    ) -> Iterator[Question]:
        for item in section.fields:
            path = prefix + item.id
            if path in asked:
                yield asked[path]
            elif item.value is not None and item.id in values and Channel.COUNTER in item.channels:
                yield Question(path, item, required=False, row=row)

    def _hold(self, held: dict[str, dict[int | None, list[Cell]]], told: "_Told") -> None:
        for name, box in self.boxes.items():
            rows = held.get(name, {})
            if isinstance(box, RowsBox):
                count = len(self._rows.of(name)) if name in held else 0
                box.hold_rows([rows.get(row, []) for row in range(count)], self._most(box))
                box.dispute(told.disputed(box.section.fact), self._settle)
                reason = told.reasons.get(name, "")
                undo = _UNDO if self._rows.removed_from(name) else ""
                box.tell(reason or undo, wrong=bool(reason))
            else:
                box.hold(rows.get(None, []))
            there = name in held
            if box.isHidden() == there:
                box.setVisible(there)

    @staticmethod
    def _most(box: Box) -> int:
        return box.section.repeat.maximum if box.section.repeat else 0

    def _cell(self, question: Question) -> Cell:
        cell = self._cells.get(question.path)
        if cell is None:
            home: QWidget = self.boxes[self._home[question.field.id]]
            if isinstance(home, RowsBox) and question.row is not None:
                home = home.row(question.row)
            cell = Cell(question.field, home)
            cell.path = question.path
            cell.editor = editor_for(question.field, cell, self._postcodes)
            cell.editor.said = partial(self._said, cell)
            cell.editor.left = partial(self._left, cell)
            cell.editor.regrown = self._regrown
            cell.editor.brought = self._bring
            cell.settle, cell.names = self._settle, self._names
            cell.editor.letter(self._names.letters, cell.respell)
            self._cells[question.path] = cell
        return cell

    def _bring(self, attachment: Attachment) -> None:
        self.brought(attachment)

    def _said(self, cell: Cell) -> None:
        self._say(cell.path, cell.editor.value)

    def _left(self, cell: Cell) -> None:
        """Leaving a field is when a mistake is told; while typing it would only disturb."""
        editor = cell.editor
        required, mark = cell.required, cell.mark
        words = editor.complaint
        if not words and editor.reason:
            words = short(self._form, cell.path, editor.reason, self._texts)
        if words or not cell.told_from_outside:
            cell.tell(required=required, reason=words, mark=mark)

    def stops(self) -> list[QWidget]:
        """Where the focus stops, in the order of the form."""
        shown = (box for box in self.boxes.values() if not box.isHidden())
        return [stop for box in shown for stop in box.stops()]

    def first(self) -> QWidget | None:
        """Where to begin: the first question that needs an answer and has none."""
        empty = (c for c in self.standing if c.required and c.editor.value is None and c.stops())
        return next((cell.stops()[0] for cell in empty), None)

    def wrong(self) -> list[QWidget]:
        """The first stop of each field that has to be mended."""
        found: list[QWidget] = []
        for box in self.boxes.values():
            if box.isHidden():
                continue
            found += [cell.stops()[0] for cell in box.cells if cell.reason and cell.stops()]
            if isinstance(box, RowsBox) and box.told.objectName() == "wrong" and box.told.text():
                found.append(box.add)
        return found

    def enter(self, here: QWidget | None) -> bool:
        """Whether the field with the focus does something of its own with Return."""
        cell = next((cell for cell in self.standing if here in cell.stops()), None)
        return cell is not None and cell.editor.enter()

    def rows_at(self, here: QWidget | None) -> RowsBox | None:
        """The rows that the focus is in; else the first after it; else the first."""
        shown = [b for b in self.boxes.values() if isinstance(b, RowsBox) and not b.isHidden()]
        inside = [box for box in shown if here is not None and box.isAncestorOf(here)]
        top = here.mapTo(self, here.rect().topLeft()).y() if here and self.isAncestorOf(here) else 0
        after = [box for box in shown if box.y() >= top]
        return next(iter((*inside, *after, *shown)), None)

    def _regrown(self) -> None:
        """An editor needs other room; while all are refreshed, once at the end is enough."""
        if not self._refreshing:
            self.arrange()

    def arrange(self) -> None:
        """Put the sections below each other."""
        top, width = 0, self.width()
        for box in self.boxes.values():
            if box.isHidden():
                continue
            tall = box.arrange(width)
            box.setGeometry(0, top, width, tall)
            top += tall
        if self.minimumHeight() != top + 12:
            self.setMinimumHeight(top + 12)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, other columns."""
        super().resizeEvent(event)
        if event.oldSize().width() != self.width():
            self.arrange()

    def _add(self, section: str) -> None:
        self._rows.add(section)
        box = self.boxes[section]
        if isinstance(box, RowsBox) and box.shown:
            stops = [s for cell in box.rows[box.shown - 1].cells for s in cell.stops()]
            for stop in stops[:1]:
                stop.setFocus()

    def _remove(self, section: str, number: int) -> None:
        self._rows.remove(section, number)
        box = self.boxes[section]
        if isinstance(box, RowsBox):
            (box.rows[number].remove if number < box.shown else box.add).setFocus()


class _Told:
    """What is said about each field in one state."""

    def __init__(self, form: Form, state: Editing, standing: Standing, texts: Texts) -> None:
        self._form, self._facts, self._standing = form, state.facts, standing
        self._values = state.answers.values
        self._disputes = frozenset(state.facts.disputes())
        self.reasons = reasons(form, state.problems, texts)

    def about(self, cell: Cell, question: Question) -> None:
        """Give the cell its answer, its options and its caption."""
        item, editor = question.field, cell.editor
        value = self._value(question)
        if any(option.when is not None for option in item.options):
            editor.offer(self._form.questions.options(question, self._standing))
        editor.put(value)
        reason = self.reasons.get(question.path, "")
        cell.told_from_outside = bool(reason)
        cell.required = question.required
        if not reason and cell.reason and (editor.reason or editor.complaint):
            reason = cell.reason
        fact = item.fact if question.row is None else None
        cell.tell(required=question.required, reason=reason, mark=self._mark(question, value))
        cell.dispute(self.disputed(fact))

    def disputed(self, fact: str | None) -> tuple[Fact, ...]:
        """What the sources say of it, where they differ."""
        return self._facts.said(fact) if fact and fact in self._disputes else ()

    def _value(self, question: Question) -> Any:
        item = question.field
        source = self._standing.values if item.value is not None else self._values
        if question.row is None:
            return source.get(item.id)
        rows = source.get(question.path.partition("[")[0]) or ()
        return rows[question.row].get(item.id) if question.row < len(rows) else None

    def _mark(self, question: Question, value: Any) -> str:
        """Where the answer came from, as long as it is what was known."""
        item = question.field
        if question.row is not None or item.fact in (None, *_DESK) or value is None:
            return ""
        return _source(self._facts, question, value)


def _source(facts: Facts, question: Question, value: Any) -> str:
    fact = facts.about(question.field.fact or "")
    if fact is None:
        return ""
    if fact.value != value:
        try:
            known = parse(question.field, fact.value)
        except Unreadable:
            return ""
        if known != value:
            return ""
    return SOURCES[fact.source]
