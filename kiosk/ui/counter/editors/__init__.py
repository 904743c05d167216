"""An editor for every kind of answer."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from forms.definition import Field
from kiosk.ui.counter.editors.attached import FilesEditor, SignatureEditor
from kiosk.ui.counter.editors.choosing import ChoiceEditor, ChoicesEditor, YesNoEditor
from kiosk.ui.counter.editors.editor import Editor, short
from kiosk.ui.counter.editors.lines import LineEditor, NoteEditor, WorkedOut
from kiosk.ui.counter.editors.parts import AccountEditor, AddressEditor, Postcodes

__all__ = ["Editor", "Postcodes", "editor_for", "short"]

_MADE: Mapping[str, Callable[[Field, QWidget], Editor]] = {
    "note": NoteEditor,
    "choice": ChoiceEditor,
    "choices": ChoicesEditor,
    "yes-no": YesNoEditor,
    "account": AccountEditor,
    "signature": SignatureEditor,
    "photos": FilesEditor,
    "files": FilesEditor,
}


def editor_for(field: Field, parent: QWidget, postcodes: Postcodes) -> Editor:
    """The editor in which this field is answered."""
    if field.value is not None:
        return WorkedOut(field, parent)
    if field.kind == "address":
        return AddressEditor(field, parent, postcodes)
    return _MADE.get(field.kind, LineEditor)(field, parent)
