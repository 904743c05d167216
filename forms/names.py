"""Which names a form knows, and where each may be used."""

from collections.abc import Mapping

from forms.definition import Field, FormDefinition
from forms.kinds import KINDS, Unreadable, parse
from forms.scope import TODAY, Unsound

_ORDERED = ("count", "money", "date", "time")
_LITERALS = {"yes-no": bool, "count": int, "money": int}


class Known:
    """The names that may be used so far; asking adds to them in the order of the form."""

    def __init__(self, definition: FormDefinition) -> None:
        self._fields: Mapping[str, Field] = {item.id: item for item in definition.fields}
        self._section_of = {
            item.id: section.id
            for section in definition.sections
            if section.repeat
            for item in section.fields
        }
        self._repeated = {section.id for section in definition.sections if section.repeat}
        self._asked: set[str] = set()

    def ask(self, name: str) -> None:
        """From here on this name may be used."""
        if name in self._asked:
            raise Unsound("another field or section has this id")
        if name == TODAY:
            raise Unsound(f"{TODAY!r} is the day's own name")
        self._asked.add(name)

    def value(self, name: str, row_of: str | None) -> tuple[bool, str | None]:
        """Whether the name is of the row in hand, and the part it names."""
        plain, _, part = name.partition(".")
        self._may_use(plain)
        if plain in self._repeated and not part:
            return False, None
        if part and part not in self._parts_of(plain):
            raise Unsound(f"{plain!r} has no part {part!r}")
        home = self._section_of.get(plain)
        if home and home != row_of:
            raise Unsound(
                f"{plain!r} is in the rows of {home!r}: reach it by some, every, count or total"
            )
        return home is not None, part or None

    def compare(self, name: str) -> None:
        """`Unsound` where more and less mean nothing."""
        field = self._fields.get(name)
        if field is not None and field.kind not in _ORDERED:
            raise Unsound(f"{name!r} is of kind {field.kind!r}: it is neither more nor less")

    def rows(self, name: str) -> str:
        """The repeated section of that name."""
        self._may_use(name)
        if name not in self._repeated:
            raise Unsound(f"{name!r} is no repeated section")
        return name

    def rows_of(self, field: str) -> str:
        """The repeated section that this field stands in."""
        self._may_use(field)
        if field not in self._section_of:
            raise Unsound(f"{field!r} is in no repeated section")
        return self._section_of[field]

    def home(self, field: str) -> str | None:
        """The repeated section of this field, if it is in one."""
        return self._section_of.get(field)

    def allow(self, name: str, literal: object) -> None:
        """`Unsound` where that answer can never be given."""
        plain, _, part = name.partition(".")
        if plain == TODAY or part or plain in self._repeated:
            return
        field = self._fields[plain]
        if field.value is not None and field.kind == "text":
            return
        wanted = _LITERALS.get(field.kind)
        if wanted and type(literal) is not wanted:
            raise Unsound(f"{literal!r} is no answer of {plain!r}")
        if field.kind in ("choice", "choices"):
            if literal not in [option.value for option in field.options]:
                raise Unsound(f"{literal!r} is no option of {plain!r}")
        elif not wanted and _unreadable(field, literal):
            raise Unsound(f"{literal!r} is no answer of {plain!r}")

    def _parts_of(self, name: str) -> tuple[str, ...]:
        return KINDS[self._fields[name].kind].parts if name in self._fields else ()

    def _may_use(self, name: str) -> None:
        if name not in self._fields and name not in self._repeated:
            raise Unsound(f"{name!r} is no field of this form")
        if name not in self._asked:
            raise Unsound(f"depends on {name!r}, which is not asked before")


def _unreadable(field: Field, literal: object) -> bool:
    try:
        return parse(field, literal) != literal
    except Unreadable:
        return True
