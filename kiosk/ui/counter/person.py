"""Who somebody is, as the card says it: four facts, and that a clerk has seen them."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QWidget

from kiosk.domain.consulting import PersonAsked

_PARTS = {"name": "氏名(&N)", "birth": "生年月日(&B)", "sex": "性別(&S)", "address": "住所(&A)"}
_HINTS = {"birth": "1980-02-17", "sex": "1 男　2 女"}
_WIDE = 860


class PersonFields(QWidget):
    """Return goes on to the next; nobody is taken for seen before the mark is set."""

    def __init__(self, known: Mapping[str, str], onward: Callable[[], None]) -> None:
        super().__init__()
        self._onward = onward
        self.fields: dict[str, QLineEdit] = {}
        self.setFixedWidth(_WIDE)
        form = QFormLayout(self)
        form.setVerticalSpacing(14)
        form.setHorizontalSpacing(16)
        for name, label in _PARTS.items():
            edit = QLineEdit(known.get(name, ""))
            edit.setMinimumHeight(34)
            edit.setPlaceholderText(_HINTS.get(name, ""))
            if name in ("name", "address"):
                edit.setProperty("kind", "name")
            edit.returnPressed.connect(self._next)
            self.fields[name] = edit
            form.addRow(label, edit)
        self.checked = QCheckBox("カードか本人確認書類で、本人と確かめた(&K)")
        form.addRow("", self.checked)
        empty = (edit for edit in self.fields.values() if not edit.text())
        self.setFocusProxy(next(empty, self.checked))

    def said(self) -> PersonAsked | str:
        """Who it is; what is missing, in a sentence, until everything is there."""
        said = {name: edit.text().strip() for name, edit in self.fields.items()}
        if not all(said.values()):
            return "四つとも入れてください。"
        if not self.checked.isChecked():
            return "本人と確かめてから、印を付けてください。"
        return PersonAsked(said, identity_checked=True)

    @Slot()
    def _next(self) -> None:
        self._onward()
