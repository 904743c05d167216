"""One form, dense: every question on one sheet, in tab order, checked while typing."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from forms.conditions import asked, quote
from forms.definition import Channel, Field, FormDefinition
from forms.kinds import Unreadable, parse, show
from kiosk.domain.desk import Closed, DeskEvent, Editing, HandedIn, IdentityChecked, Typed

REASONS = {
    "required": "必須です",
    "not-kana": "カタカナで入れてください",
    "not-phone": "0から始まる10〜11けたです",
    "not-date": "日付として読めません（例 昭和19年5月3日）",
    "out-of-range": "数が範囲の外です",
    "not-a-number": "数字を入れてください",
    "too-long": "長すぎます",
    "odd-character": "使えない文字があります",
    "not-a-choice": "えらんでください",
}
_YES_NO = ((True, "はい"), (False, "いいえ"))


class FormSheet(QWidget):
    """Fields on the left, fee and identity on the right; F9 submits, Escape goes back."""

    def __init__(
        self, say: Callable[[DeskEvent], None], form: FormDefinition, state: Editing
    ) -> None:
        super().__init__()
        self._say, self._form = say, form
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        self._labels: dict[str, QLabel] = {}
        self._reasons: dict[str, QLabel] = {}
        row = QHBoxLayout(self)
        row.setSpacing(64)
        left = QVBoxLayout()
        left.setSpacing(4)
        title = QLabel(form.label)
        title.setObjectName("title")
        left.addWidget(title)
        for section in form.sections:
            self._section(left, section.label, section.fields, state)
        left.addStretch(1)
        row.addLayout(left, 4)
        row.addLayout(self._side(state), 1)
        self.refresh(state)
        next(iter(self.fields.values())).setFocus()

    def _section(
        self, column: QVBoxLayout, label: str, fields: tuple[Field, ...], state: Editing
    ) -> None:
        heading = QLabel(label)
        heading.setObjectName("section")
        column.addWidget(heading)
        sheet = QFormLayout()
        sheet.setVerticalSpacing(4)
        for field in fields:
            if Channel.COUNTER not in field.channels:
                continue
            value = state.answers.values.get(field.id)
            editor = self._editor(field, value)
            reason = QLabel("")
            reason.setObjectName("wrong")
            reason.setFixedWidth(500)
            line = QHBoxLayout()
            line.addWidget(editor, 1)
            line.addWidget(reason)
            name = QLabel(field.label + ("" if field.required else "（任意）"))
            name.setFixedWidth(300)
            name.setBuddy(editor)
            editor.setAccessibleName(field.label)
            sheet.addRow(name, line)
            self.fields[field.id], self._labels[field.id] = editor, name
            self._reasons[field.id] = reason
        column.addLayout(sheet)

    def _editor(self, field: Field, value: object) -> QLineEdit | QComboBox:
        if field.kind in ("choice", "yes-no"):
            box = QComboBox()
            box.addItem("", None)
            options = (
                _YES_NO if field.kind == "yes-no" else [(o.value, o.label) for o in field.options]
            )
            for key, words in options:
                box.addItem(words, key)
            box.setCurrentIndex(max(box.findData(value), 0) if value is not None else 0)
            box.currentIndexChanged.connect(partial(self._chosen, field, box))
            return box
        line = QLineEdit(show(field, value) if value not in (None, "") else "")
        line.textEdited.connect(partial(self._typed, field))
        return line

    def _side(self, state: Editing) -> QVBoxLayout:
        side = QVBoxLayout()
        side.addSpacing(72)
        side.addWidget(QLabel("手数料"))
        self._fee = QLabel("")
        self._fee.setObjectName("fee")
        side.addWidget(self._fee)
        side.addSpacing(24)
        self.identity = QCheckBox("本人確認をしました(&I)")
        self.identity.setChecked(state.identity_checked)
        self.identity.toggled.connect(self._identity)
        side.addWidget(self.identity)
        self._identity_reason = QLabel("")
        self._identity_reason.setObjectName("wrong")
        side.addWidget(self._identity_reason)
        side.addStretch(1)
        self.submit = QPushButton("申請して印刷　F9")
        self.submit.setObjectName("primary")
        self.back = QPushButton("一覧にもどる　Esc")
        self.submit.clicked.connect(self._submit)
        self.back.clicked.connect(self._back)
        QShortcut(QKeySequence(Qt.Key.Key_F9), self, self._submit)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._back)
        side.addWidget(self.submit)
        side.addWidget(self.back)
        return side

    def refresh(self, state: Editing) -> None:
        """Fee, shown fields and reasons, as the answers stand now."""
        values = state.answers.values
        counted = {
            k: int(v) if isinstance(v, str) and v.isdecimal() and k == "copies" else v
            for k, v in values.items()
        }
        self._fee.setText(f"{quote(self._form, counted, Channel.COUNTER).total}円")
        standing = asked(self._form, values, Channel.COUNTER)
        wrong = {problem.field: problem.reason for problem in state.problems}
        for field in self._form.fields:
            if field.id not in self.fields:
                continue
            there = field in standing
            editor = self.fields[field.id]
            for part in (editor, self._labels[field.id], self._reasons[field.id]):
                part.setVisible(there)
            self._mark(editor, field.id, wrong.get(field.id))
        self._identity_reason.setText("本人確認が必要です" if "identity" in wrong else "")

    def _mark(self, editor: QWidget, field_id: str, reason: str | None) -> None:
        self._reasons[field_id].setText(REASONS.get(reason, reason) if reason else "")
        if editor.property("wrong") != bool(reason):
            editor.setProperty("wrong", bool(reason))
            editor.style().polish(editor)

    def _typed(self, field: Field, text: str) -> None:
        try:
            value = parse(field, text)
            reason = None
        except Unreadable as fault:
            value, reason = text, fault.reason
        self._say(Typed(field.id, value))
        self._mark(self.fields[field.id], field.id, reason)

    def _chosen(self, field: Field, box: QComboBox, _: int) -> None:
        self._say(Typed(field.id, box.currentData()))

    @Slot(bool)
    def _identity(self, checked: bool) -> None:  # noqa: FBT001 (Qt calls it)
        self._say(IdentityChecked(checked))

    @Slot()
    def _submit(self) -> None:
        self._say(HandedIn())

    @Slot()
    def _back(self) -> None:
        self._say(Closed())
