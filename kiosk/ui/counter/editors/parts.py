"""Editors of several parts in one line: an address, a bank account."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QWidget

from forms.definition import Field
from forms.kinds.places import ACCOUNT_TYPES, PREFECTURES
from kiosk.ui.counter.editors.combo import Combo
from kiosk.ui.counter.editors.editor import LINE, WHOLE, Editor

Postcodes = Callable[[str], Sequence[Mapping[str, str]]]

_ADDRESS = {
    "postcode": ("郵便番号", 12),
    "prefecture": ("都道府県", 11),
    "city": ("市区町村", 18),
    "town": ("町名", 20),
    "number": ("丁目・番・号", 16),
    "building": ("建物・部屋", 23),
}
_ACCOUNT = {
    "bank": ("銀行など", 20),
    "branch": ("支店", 16),
    "type": ("種別", 12),
    "number": ("番号", 14),
    "holder": ("名義（カナ）", 24),
}


class PartsEditor(Editor):
    """Parts side by side; the answer is a mapping of those that are filled."""

    def __init__(self, field: Field, parent: QWidget, words: Mapping[str, tuple[str, int]]) -> None:
        super().__init__(field, QWidget(parent))
        self.row = QHBoxLayout(self.widget)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(6)
        self.parts: dict[str, QLineEdit | Combo] = {}
        for key, (label, share) in words.items():
            part = self._part(key)
            part.setAccessibleName(f"{field.label}　{label}")
            part.setToolTip(label)
            if isinstance(part, QLineEdit):
                part.setPlaceholderText(label)
            self.parts[key] = part
            self.row.addWidget(part, share)

    def _part(self, _key: str) -> QLineEdit | Combo:
        line = QLineEdit(self.widget)
        line.setFixedHeight(LINE)
        line.textEdited.connect(self._typed)
        line.editingFinished.connect(self._finished)
        return line

    def given(self) -> dict[str, str]:
        """What stands in the parts."""
        found = {}
        for key, part in self.parts.items():
            text = part.text() if isinstance(part, QLineEdit) else str(part.currentData() or "")
            if text:
                found[key] = text
        return found

    def show(self) -> None:
        """Each part of the value in its place."""
        parts = self.value if isinstance(self.value, Mapping) else {}
        for key, part in self.parts.items():
            text = str(parts.get(key, ""))
            if isinstance(part, QLineEdit):
                if part.text() != text:
                    part.setText(text)
                    part.setCursorPosition(0)
            else:
                part.blockSignals(True)
                part.setCurrentIndex(max(part.findData(text), 0) if text else 0)
                part.blockSignals(False)

    def stops(self) -> list[QWidget]:
        """Each part."""
        return list(self.parts.values())

    def units(self, unit: int) -> int:  # noqa: ARG002 (a whole row)
        """A row of its own."""
        return WHOLE

    def _typed(self) -> None:
        self.take(self.given())

    def _finished(self) -> None:
        if self.reason is None:
            self.show()
        if not any(part.hasFocus() for part in self.parts.values()):
            self.left()


class AccountEditor(PartsEditor):
    """Bank, branch, kind, number, holder."""

    def __init__(self, field: Field, parent: QWidget) -> None:
        super().__init__(field, parent, _ACCOUNT)

    def _part(self, key: str) -> QLineEdit | Combo:
        if key != "type":
            return super()._part(key)
        box = Combo(self.widget)
        box.setFixedHeight(LINE)
        box.addItem("", None)
        for number, (value, label) in enumerate(ACCOUNT_TYPES.items(), 1):
            box.add(number, label, value)
        box.currentIndexChanged.connect(self._chosen)
        return box

    def _chosen(self, _: int) -> None:
        self.take(self.given())


class AddressEditor(PartsEditor):
    """Postcode first: Return fills what it tells. A card's one line stays one line."""

    def __init__(self, field: Field, parent: QWidget, postcodes: Postcodes) -> None:
        super().__init__(field, parent, _ADDRESS)
        self._postcodes = postcodes
        self._inner = self.widget
        self.widget = self._stack = QStackedWidget(parent)
        self.widget.setAccessibleName(field.label)
        whole = QWidget(self._stack)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.line, self.split = QLineEdit(whole), QPushButton("分けて入れる", whole)
        self.line.setAccessibleName(field.label)
        self.split.setObjectName("small")
        self.split.setFixedHeight(LINE - 4)
        self.line.setFixedHeight(LINE)
        self.line.textEdited.connect(self.take)
        self.line.editingFinished.connect(self._line_finished)
        self.split.clicked.connect(self._apart)
        row.addWidget(self.line, 1)
        row.addWidget(self.split)
        self._stack.addWidget(self._inner)
        self._stack.addWidget(whole)

    def show(self) -> None:
        """A line as a line, parts as parts."""
        one_line = isinstance(self.value, str)
        self._stack.setCurrentIndex(1 if one_line else 0)
        if one_line:
            self.line.setText(str(self.value))
            self.line.setCursorPosition(0)
        super().show()

    def stops(self) -> list[QWidget]:
        """The parts, or the line."""
        one_line = self._stack.currentIndex() == 1
        return [self.line, self.split] if one_line else super().stops()

    def enter(self) -> bool:
        """After the postcode, Return fills in what is known of it."""
        code = self.parts["postcode"]
        if not code.hasFocus() or not isinstance(code, QLineEdit) or not code.text().strip():
            return False
        found = self._postcodes(code.text())
        if not found:
            self.complaint = "この郵便番号は見つかりません。住所を入れてください。"
            self.left()
            return True
        shared = dict(found[0].items() & set.intersection(*(set(p.items()) for p in found)))
        given = {k: v for k, v in self.given().items() if k in ("postcode", "number", "building")}
        self.take({**given, **shared})
        reason = self.reason
        self.show()
        self.reason = None if reason == "not-whole-address" else reason
        if len(found) > 1:
            self.complaint = "町名は " + "・".join(p.get("town", "") for p in found[:6])
            self.left()
        self.parts["number" if "town" in shared else "town"].setFocus()
        return True

    def _line_finished(self) -> None:
        if isinstance(self.value, Mapping) or self.value is None:
            self.show()
        self.left()

    def _apart(self) -> None:
        """Into parts; what was one line is kept beside the parts until one is typed."""
        line = self.line.text()
        prefecture = next((name for name in PREFECTURES if line.startswith(name)), "")
        self._stack.setCurrentIndex(0)
        first, city = self.parts["prefecture"], self.parts["city"]
        if isinstance(first, QLineEdit) and isinstance(city, QLineEdit):
            first.setText(prefecture)
            city.setText(line.removeprefix(prefecture))
        self.take(self.given())
        self.parts["postcode"].setFocus()
