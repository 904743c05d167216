"""Editors in which something is chosen: one, several, yes or no."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from forms.definition import Field, Option
from kiosk.ui.counter.editors.check import Check
from kiosk.ui.counter.editors.combo import Combo
from kiosk.ui.counter.editors.editor import LINE, WHOLE, Editor
from kiosk.ui.counter.editors.segments import Segments
from kiosk.ui.kit.fonts import face

_BOX, _ARROW = 48, 44
_GAP = 8


class ChoiceEditor(Editor):
    """One of several, by its number or its first letters."""

    def __init__(self, field: Field, parent: QWidget) -> None:
        self.box = Combo(parent)
        super().__init__(field, self.box)
        self._numbers = {option.value: n for n, option in enumerate(field.options, 1)}
        metrics = QFontMetrics(face(18))
        widest = max((metrics.horizontalAdvance(o.label) for o in field.options), default=0)
        self._wide = widest + _ARROW
        self._offered: tuple[Option, ...] | None = None
        self.offer(field.options)
        self.box.currentIndexChanged.connect(self._chosen)

    def units(self, unit: int) -> int:
        """Words that are longer than a column get two, whichever is chosen."""
        return 2 if self._wide > unit else 1

    def offer(self, options: tuple[Option, ...]) -> None:
        """Only these; an answer that is no longer among them is still seen."""
        if options == self._offered:
            return
        self._offered = options
        self.box.blockSignals(True)
        self.box.clear()
        self.box.addItem("", None)
        for option in options:
            self.box.add(self._numbers[option.value], option.label, option.value)
        self.box.blockSignals(False)
        self.show()

    def show(self) -> None:
        """The value chosen."""
        self.box.blockSignals(True)
        place = 0 if self.value is None else self.box.findData(self.value)
        for gone in (o for o in self.field.options if place < 0 and o.value == self.value):
            self.box.add(self._numbers[gone.value], gone.label, gone.value)
            place = self.box.count() - 1
        self.box.setCurrentIndex(place)
        self.box.blockSignals(False)

    def _chosen(self, place: int) -> None:
        if place >= 0:
            self.take(self.box.itemData(place))
            self.left()


class YesNoEditor(Editor):
    """はい or いいえ, both in sight."""

    def __init__(self, field: Field, parent: QWidget) -> None:
        self.segments = Segments(((True, "はい"), (False, "いいえ")), parent)
        super().__init__(field, self.segments)
        self.segments.chosen.connect(self._chosen)

    def show(self) -> None:
        """The value pressed."""
        self.segments.put(self.value)

    def _chosen(self, value: object) -> None:
        self.take(value)
        self.left()


class ChoicesEditor(Editor):
    """Check boxes, as many in a line as fit."""

    def __init__(self, field: Field, parent: QWidget) -> None:
        super().__init__(field, _Boxes(parent))
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.boxes = {option.value: self._box(option) for option in field.options}
        metrics = QFontMetrics(face(17))
        self._wide = {
            option.value: metrics.horizontalAdvance(option.label) + _BOX for option in field.options
        }
        self._offered = [option.value for option in field.options]

    def _box(self, option: Option) -> Check:
        box = Check(option.label, self.widget)
        box.setAccessibleName(f"{self.field.label}　{option.label}")
        box.toggled.connect(partial(self._toggled, option.value))
        return box

    def offer(self, options: tuple[Option, ...]) -> None:
        """Only these are seen; what is already chosen stays in sight until it is taken back."""
        offered = [option.value for option in options]
        chosen = self.value if isinstance(self.value, list) else []
        offered = [value for value in self.boxes if value in offered or value in chosen]
        if offered == self._offered:
            return
        self._offered = offered
        for value, box in self.boxes.items():
            box.setVisible(value in offered)

    def show(self) -> None:
        """The chosen ones checked."""
        chosen = self.value if isinstance(self.value, list) else []
        for value, box in self.boxes.items():
            if box.isChecked() != (value in chosen):
                box.blockSignals(True)
                box.setChecked(value in chosen)
                box.blockSignals(False)

    def stops(self) -> list[QWidget]:
        """Each box that is seen."""
        return [self.boxes[value] for value in self._offered]

    def units(self, unit: int) -> int:
        """As much as one line of them takes."""
        whole = sum(self._wide[value] + _GAP for value in self._offered)
        return min(WHOLE, -(-whole // unit))

    def tall(self, width: int) -> int:
        """Lines of boxes; each is put in its place."""
        x = y = 0
        for value in self._offered:
            wide = self._wide[value]
            if x and x + wide > width:
                x, y = 0, y + LINE
            self.boxes[value].setGeometry(x, y, min(wide, width), LINE)
            x += wide + _GAP
        return y + LINE

    def _toggled(self, _value: str, _checked: bool) -> None:  # noqa: FBT001 (Qt calls it)
        self.take([value for value, box in self.boxes.items() if box.isChecked()])
        self.left()


class _Boxes(QWidget):
    """A plain ground for check boxes."""
