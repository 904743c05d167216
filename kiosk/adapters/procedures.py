"""Where the procedures and their words are, and the one place where a broken one is told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from forms.definition import FormDefinition
from forms.form import Form
from forms.kept import OnDemand
from forms.loader import FormFault, definitions, files_of, load, load_all
from forms.purposes import Purposes
from forms.purposes_loader import told_purposes
from forms.words import FormWords
from forms.words_loader import load_words
from kiosk.adapters.resources import RESOURCES
from kiosk.errors import SetupFault


class UnusableForm(SetupFault):
    """A procedure or its words cannot be used: which file, where in it, and which rule says so."""

    def __init__(self, fault: FormFault) -> None:
        super().__init__(str(fault))
        self.file, self.where, self.rule = fault.file, fault.where, fault.rule


@dataclass(frozen=True)
class Folders:
    """Ours, and the city's own, which come before ours."""

    ours: Path
    city: Path | None = None

    @classmethod
    def configured(cls, own: str) -> "Folders":
        """As the setting `forms` has them; it is empty where a city has none of its own."""
        return cls(RESOURCES, Path(own).expanduser() if own else None)

    def definitions(self, cache: Path | None = None) -> dict[str, FormDefinition]:
        """Every procedure, by id; what did not change is taken from `cache`."""
        with _told():
            return definitions(self._places(), cache)

    def forms(self, cache: Path | None = None) -> Mapping[str, Form]:
        """Every procedure ready to use; what did not change is taken from `cache`."""
        with _told():
            return load_all(self._places(), cache)

    def named(self, name: str) -> FormDefinition:
        """The procedure of that id."""
        found = self.definitions()
        if name not in found:
            raise SetupFault(f"there is no form {name!r}; there are: {', '.join(sorted(found))}")
        return found[name]

    def written_in(self, files: Sequence[Path]) -> dict[str, FormDefinition]:
        """The procedures in these files, which need not be the city's yet."""
        ours = self.ours / "forms" / "blocks"
        with _told():
            forms = [load(file, (file.parent / "blocks", ours)).definition for file in files]
        return {form.id: form for form in forms}

    def words(self, forms: Iterable[FormDefinition]) -> Mapping[str, FormWords]:
        """The words of these procedures; a city's own beside its own forms."""
        with _told():
            return load_words(self._texts, {form.id: form for form in forms}, self._own_texts)

    def words_of(
        self, forms: Mapping[str, Form], cache: Path | None = None
    ) -> Mapping[str, FormWords]:
        """The same for every procedure of ours; what did not change is taken from `cache`."""
        found = OnDemand({name: partial(_definition, forms, name) for name in forms})
        files = files_of(self._places())
        with _told():
            return load_words(self._texts, found, self._own_texts, cache, files)

    def purposes(self, own: str, forms: Mapping[str, Form], cache: Path | None = None) -> Purposes:
        """What consent is asked for; a city's own file has its words in `texts` beside it."""
        file = Path(own).expanduser() if own else self.ours / "consent" / "purposes.yaml"
        texts = file.parent / "texts" if own else self.ours / "texts" / "consent"
        files = files_of(self._places())
        with _told():
            return told_purposes(file, texts / file.name, forms, cache, files)

    @property
    def _texts(self) -> Path:
        return self.ours / "texts" / "forms"

    @property
    def _own_texts(self) -> Path | None:
        return self.city / "texts" if self.city else None

    def _places(self) -> list[Path]:
        return [self.ours / "forms", *([self.city] if self.city else [])]


def _definition(forms: Mapping[str, Form], name: str) -> FormDefinition:
    return forms[name].definition


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except FormFault as fault:
        raise UnusableForm(fault) from fault
