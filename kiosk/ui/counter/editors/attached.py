"""Editors of what is not typed: a signature on paper, files that are taken as they are now."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QWidget

from forms.definition import Field
from forms.kinds.attached import ON_PAPER
from kiosk.ui.counter.editors.check import Check
from kiosk.ui.counter.editors.editor import LINE, Editor
from kiosk.usecases.pick import pick

_WANTED = {
    "photos": "写真 (*.jpg *.jpeg *.png *.heic *.webp)",
    "files": "写真・PDF (*.jpg *.jpeg *.png *.heic *.webp *.pdf)",
}


class SignatureEditor(Editor):
    """Signed on the paper itself; a picture from a pad is told."""

    def __init__(self, field: Field, parent: QWidget) -> None:
        self.box = Check("紙に署名", parent)
        super().__init__(field, self.box)
        self.box.toggled.connect(self._toggled)

    def show(self) -> None:
        """Checked, if there is a signature."""
        drawn = isinstance(self.value, Mapping)
        self.box.setText("画面で署名済み" if drawn else "紙に署名")
        self.box.blockSignals(True)
        self.box.setChecked(self.value is not None)
        self.box.blockSignals(False)

    def _toggled(self, checked: bool) -> None:  # noqa: FBT001 (Qt calls it)
        self.take(ON_PAPER if checked else None)
        self.show()
        self.left()


class FilesEditor(Editor):
    """A list of files, each with a way to remove it."""

    def __init__(self, field: Field, parent: QWidget) -> None:
        super().__init__(field, QWidget(parent))
        self.choose = QPushButton("ファイルを選ぶ…", self.widget)
        self.choose.setObjectName("small")
        self.choose.setAccessibleName(f"{field.label}　ファイルを選ぶ")
        self.choose.clicked.connect(self._ask)
        self.lines: list[tuple[QWidget, QPushButton]] = []

    def show(self) -> None:
        """A line for each file."""
        for line, _ in self.lines:
            line.hide()
            line.deleteLater()
        self.lines = [self._line(n, each) for n, each in enumerate(self._several())]
        self.regrown()

    def add(self, paths: list[Path]) -> None:
        """These files too; one that is too large or cannot be read is told."""
        found, refused = [], []
        for path in paths:
            try:
                picked = pick(path)
            except OSError:
                refused.append(path.name)
                continue
            self.brought(picked.attachment)
            found.append(picked.told)
        self.take([*self._several(), *found])
        self.show()
        if refused:
            self.complaint = f"読めないか、大きすぎます: {'、'.join(refused)}"
        self.left()

    def stops(self) -> list[QWidget]:
        """Each file's button, then the one for more."""
        return [*(remove for _, remove in self.lines), self.choose]

    def units(self, unit: int) -> int:  # noqa: ARG002 (always two)
        """Names are long."""
        return 2

    def tall(self, width: int) -> int:
        """The files, then the button."""
        for n, (line, _) in enumerate(self.lines):
            line.setGeometry(0, n * LINE, width, LINE)
        self.choose.setGeometry(0, len(self.lines) * LINE, 170, LINE)
        return (len(self.lines) + 1) * LINE

    def _several(self) -> list[Mapping[str, object]]:
        return list(self.value) if isinstance(self.value, list) else []

    def _line(self, number: int, each: Mapping[str, object]) -> tuple[QWidget, QPushButton]:
        line = QWidget(self.widget)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 1, 0, 1)
        size = int(str(each.get("size", 0)))
        row.addWidget(QLabel(f"{each.get('name')}　{max(size // 1000, 1):,} KB"), 1)
        remove = QPushButton("削除")
        remove.setObjectName("small")
        remove.setAccessibleName(f"{each.get('name')} を削除")
        remove.clicked.connect(partial(self._remove, number))
        row.addWidget(remove)
        line.show()
        return line, remove

    def _remove(self, number: int, *_: object) -> None:
        several = self._several()
        del several[number]
        self.take(several)
        self.show()
        self.choose.setFocus()
        self.left()

    def _ask(self) -> None:
        wanted = _WANTED[self.field.kind]
        names, _ = QFileDialog.getOpenFileNames(self.widget, self.field.label, "", wanted)
        if names:
            self.add([Path(name) for name in names])
