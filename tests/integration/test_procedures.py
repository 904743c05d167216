"""Where the procedures and their words are: ours, a city's own, and one way to tell a fault."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.adapters.procedures import Folders, UnusableForm
from kiosk.adapters.resources import RESOURCES
from kiosk.errors import SetupFault

ROOT = Path(__file__).parents[2]
OURS = "resources/forms/shimin-no-koe.yaml"


@pytest.fixture
def city(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    (folder / "texts").mkdir(parents=True)
    return folder


def survey(city: Path, old: str, new: str) -> Path:
    """Our survey as a city's own, with one thing changed."""
    file = city / "shimin-no-koe.yaml"
    file.write_text((ROOT / OURS).read_text("utf-8").replace(old, new), "utf-8")
    return file


def test_a_citys_own_form_and_words_come_before_ours(city: Path) -> None:
    survey(city, "label: 市民の声", "label: みんなの声")
    (city / "texts" / "shimin-no-koe.yaml").write_text("title: {en: Our voices}\n", "utf-8")
    folders = Folders.configured(str(city))
    forms = folders.forms()
    words = folders.words_of(forms)
    assert forms["shimin-no-koe"].label == "みんなの声"
    assert words["shimin-no-koe"].say("title", "en") == "Our voices"
    assert words["juminhyo"].say("title", "en") != "Our voices"
    assert forms.keys() == Folders(RESOURCES).definitions().keys() == words.keys()


def test_a_home_in_the_setting_is_found(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(city.parent))
    assert Folders.configured("~/own").city == city
    assert Folders.configured("").city is None


def test_a_form_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(SetupFault, match=r"no form 'nothing'; there are: .*juminhyo"):
        Folders(RESOURCES).named("nothing")


def test_a_broken_form_names_its_file_place_and_rule_however_it_is_asked_for(city: Path) -> None:
    file = survey(city, "kind: choice", "kind: dice")
    folders = Folders.configured(str(city))
    asked = (folders.definitions, folders.forms, lambda: folders.written_in([file]))
    for ask in asked:
        with pytest.raises(UnusableForm) as told:
            ask()
        assert (told.value.file, told.value.where[:5]) == (file, "line ")
        assert "dice" in told.value.rule


def test_broken_words_name_their_file(city: Path) -> None:
    file = city / "texts" / "juminhyo.yaml"
    file.write_text("- a list\n", "utf-8")
    folders = Folders.configured(str(city))
    with pytest.raises(UnusableForm) as told:
        folders.words([folders.named("juminhyo")])
    assert told.value.file == file


@pytest.mark.parametrize("command", [("counter",), ("forms", "list")])
def test_a_broken_form_of_a_city_is_one_sentence_and_no_traceback(
    city: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    file = survey(city, "kind: choice", "kind: dice")
    home = tmp_path / "home"
    home.mkdir()
    (home / "kakanai.toml").write_text(f'forms = "{city}"\n', "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "--home", str(home), *command],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"kakanai: {file}: line ")


ASSEMBLED = """
import sys
from pathlib import Path
from devices.simulated.reader import SimulatedReader
from devices.simulated.scanner import SimulatedScanner
from devices.simulated.till import SimulatedTill
from devices.simulated.printer import FolderPrinter
from kiosk.app import _assembler
from kiosk.config import read_settings
home = Path(sys.argv[1])
parts = SimulatedReader(), SimulatedScanner(), FolderPrinter(home / "tray"), SimulatedTill()
made = _assembler(read_settings(home), home, *parts)()
print([name for name in ("yaml", "jpholiday") if name in sys.modules])
print(len(made.journey.offered()), made.journey.words["juminhyo"].say("title", "en"))
"""


def test_a_terminal_whose_procedures_are_kept_is_assembled_without_yaml(
    city: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "kakanai.toml").write_text(f'forms = "{city}"\n', "utf-8")

    def start() -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", ASSEMBLED, str(home)],
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout.splitlines()

    first, again = start(), start()
    assert first[0] == "['yaml']"  # what was never read has to be: the search does find
    assert again == ["[]", first[1]]
    (city / "texts" / "juminhyo.yaml").write_text("title: {en: Our own}\n", "utf-8")
    assert start() == ["['yaml']", f"{first[1].split()[0]} Our own"]


def test_a_start_tells_broken_words_whatever_was_kept(city: Path, tmp_path: Path) -> None:
    folders, caches = Folders.configured(str(city)), [tmp_path / "forms", tmp_path / "words"]
    folders.words_of(folders.forms(caches[0]), caches[1])
    file = city / "texts" / "juminhyo.yaml"
    file.write_text("title: {en: Ours}\nhint: words\n", "utf-8")
    with pytest.raises(UnusableForm) as told:
        folders.words_of(folders.forms(caches[0]), caches[1])
    assert (told.value.file, told.value.where) == (file, "line 2")


def test_a_citys_own_form_is_seen_by_its_purposes(city: Path, tmp_path: Path) -> None:
    folders, caches = Folders.configured(str(city)), [tmp_path / name for name in "fp"]
    (tmp_path / "texts").mkdir()
    own = tmp_path / "purposes.yaml"
    for file, ours in ((own, "consent"), (tmp_path / "texts" / own.name, "texts/consent")):
        file.write_bytes((RESOURCES / ours / own.name).read_bytes())
    forms = folders.forms(caches[0])
    folders.purposes(str(own), forms, caches[1])
    risai = (RESOURCES / "forms" / "risai.yaml").read_text("utf-8")
    risai = risai.replace("label: ", "anonymous: true\nlabel: ", 1)
    (city / "risai.yaml").write_text(risai, "utf-8")
    forms = folders.forms(caches[0])
    assert forms["risai"].definition.anonymous
    with pytest.raises(UnusableForm, match="asks nobody who they are"):
        folders.purposes(str(own), forms, caches[1])
