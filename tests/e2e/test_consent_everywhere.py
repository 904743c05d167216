"""A yes that was taken back while the line was down sends nothing, at whichever terminal."""

import json
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from itertools import starmap
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from devices.simulated.card.deck import holders
from devices.simulated.card.person import Holder
from kiosk.adapters.resources import RESOURCES
from kiosk.app import Kiosk, open_kiosk
from kiosk.config import read_settings
from kiosk.domain import events as e
from kiosk.domain import states as s
from kiosk.domain.counter import Agreeing, BegunNew, Closed, Handled, Typed
from kiosk.drill.wire import FINE, Trouble, Wire
from kiosk.nextdoor import OfficeNextDoor, furnish, office_next_door
from kiosk.tour.album import settle
from kiosk.tour.consents import ANSWERS as TOURED
from kiosk.ui.kit.button import Button
from tests.fakes.clerk import ClerkAtWork
from tests.fakes.consulting import DAMAGED

PATIENCE = 30.0
CARE, WATER = "disaster-care", "disaster-water"
ANSWERS = {**TOURED, "contact_detail": "妹の家"}
PHONE = str(ANSWERS["contact_phone"])


class Terminal:
    """A kiosk on its feet, a line that can be cut, and the hands of a resident."""

    def __init__(self, home: Path, device: str, office: OfficeNextDoor) -> None:
        self.home = furnish(home / device, device, office)
        address = urlsplit(office.url)
        self.wire = Wire(str(address.hostname), int(address.port or 0))
        file = self.home / "kakanai.toml"
        file.write_text(file.read_text("utf-8").replace(office.url, self.wire.url), "utf-8")
        self.kiosk: Kiosk = open_kiosk(read_settings(self.home), self.home)
        self.kiosk.terminal.window.show()

    def close(self) -> None:
        self.kiosk.terminal.window.close()
        self.kiosk.terminal.close()
        self.wire.close()

    @property
    def state(self) -> s.State:
        attend = self.kiosk.terminal.attend
        return attend.state if attend else s.Idle()

    def until(self, reached: Callable[[], object]) -> None:
        limit = time.monotonic() + PATIENCE
        while not reached():
            QApplication.processEvents()
            time.sleep(0.005)
            assert self.kiosk.terminal.fault is None
            assert time.monotonic() < limit, self.state
        settle()

    def stands(self, *kinds: type[s.State]) -> None:
        self.until(lambda: self.kiosk.terminal.attend and isinstance(self.state, kinds))

    def press(self, key: str) -> None:
        page = self.kiosk.terminal.window.page
        found = [b for b in page.findChildren(Button) if key in (b.objectName(), b.words)]
        assert found, (key, self.state)
        found[0].click()
        settle()

    def say(self, event: e.Event) -> None:
        self.kiosk.terminal.attend.handle(event)

    def show_card(self, card: Holder, form: str | None) -> None:
        self.stands(s.Idle)
        self.press("start.touch")
        self.say(e.LanguageChosen("ja"))
        if form is None:
            self.press("choose.consents")
        else:
            self.say(e.ProcedureChosen(form))
        self.kiosk.reader.place(card)
        self.stands(s.EnteringPin)
        for digit in card.pin:
            self.press(digit)
        self.press("決定")

    def apply(self, card: Holder, agrees: Mapping[str, bool]) -> None:
        """A certificate of damage, and an answer to every purpose."""
        self.show_card(card, "risai")
        self.stands(s.Filling)
        while not isinstance(self.state, s.Parting):
            match self.state:
                case s.Filling(question=None):
                    self.press("known.yes")
                case s.Filling(question=str() as path):
                    self.say(e.Answered(path, ANSWERS.get(path)))
                case s.Reviewing():
                    self.press("review.confirm")
                case s.Consenting(purpose=purpose):
                    self.press("answer.yes" if agrees[purpose] else "answer.no")
                case _:
                    self.stands(s.Parting)
        self.leave()

    def withdraw(self, card: Holder, title: str) -> None:
        self.show_card(card, None)
        self.stands(s.Surveying)
        self.press(title)
        self.press("withdraw.yes")
        self.stands(s.Surveying)
        assert self.state.slip
        self.press("survey.close")
        self.leave()

    def leave(self) -> None:
        self.kiosk.reader.remove()
        self.stands(s.Parting)
        self.press("part.done")
        self.stands(s.Idle)

    def ask(self, query: str) -> list[tuple]:
        return rows(self.home / "terminal.db", query)

    def shares(self) -> dict[str, str]:
        return dict(self.ask("SELECT purpose, state FROM outbox WHERE purpose IS NOT NULL"))

    def settled(self) -> None:
        """Nothing waits and everything is told."""
        self.kiosk.terminal.attend._crew.submit.deliver.wake()
        self.kiosk.terminal.attend.drain()
        waiting = "SELECT 1 FROM outbox WHERE state IN ('waiting', 'sending')"
        self.until(lambda: not self.ask(waiting))
        self.kiosk.terminal.attend.drain()
        self.until(lambda: not self.ask("SELECT 1 FROM consent WHERE NOT told"))


def rows(file: Path, query: str) -> list[tuple]:
    with closing(sqlite3.connect(file, timeout=5)) as base:
        return base.execute(query).fetchall()


@pytest.fixture(scope="module")
def cards() -> dict[str, Holder]:
    return {card.id: card for card in holders(RESOURCES / "people" / "cards.yaml")}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def office(home: Path) -> Iterator[OfficeNextDoor]:
    with office_next_door(home / "office", ("K01:kiosk", "K02:kiosk", "C01:counter")) as started:
        yield started


@pytest.fixture
def here(home: Path, office: OfficeNextDoor, qapp: QApplication) -> Iterator[Terminal]:
    made = Terminal(home, "K01", office)
    yield made
    made.close()


@pytest.fixture
def there(home: Path, office: OfficeNextDoor, qapp: QApplication) -> Iterator[Terminal]:
    made = Terminal(home, "K02", office)
    yield made
    made.close()


@pytest.fixture
def counter(home: Path, office: OfficeNextDoor) -> Path:
    return furnish(home / "C01", "C01", office)


def at_office(home: Path, query: str) -> list[tuple]:
    return rows(home / "office" / "office.db", query)


SHARES = "SELECT purpose, state, length(body) FROM submission WHERE purpose IS NOT NULL"
WORDS = "SELECT purpose, state FROM consent ORDER BY at, place"


def test_what_was_agreed_to_arrives_with_its_fields_and_no_other(home, here, cards):
    here.apply(cards["p2"], {CARE: True, WATER: False})
    here.settled()
    assert at_office(home, WORDS) == [(CARE, "given"), (WATER, "refused")]
    ((body,),) = at_office(home, "SELECT body FROM submission WHERE purpose IS NOT NULL")
    told = body.decode()
    assert all(each in told for each in ("渡邉　一郎", "緑ケ丘四丁目", PHONE, "妹の家"))
    assert not any(each in told for each in ("1980-02-17", "港町", "車が流された"))
    assert at_office(home, "SELECT count(*) FROM submission") == [(2,)]


def test_given_and_withdrawn_without_a_line_the_office_gets_the_word_and_no_share(
    home, here, cards
):
    here.wire.be(Trouble(dead=True))
    here.apply(cards["p2"], {CARE: True, WATER: True})
    assert here.shares() == {CARE: "waiting", WATER: "waiting"}
    here.withdraw(cards["p2"], "被災した方への支援の相談")
    assert here.shares() == {CARE: "set-aside", WATER: "waiting"}
    erased = "SELECT length(payload) FROM outbox WHERE purpose = 'disaster-care'"
    assert here.ask(erased) == [(0,)]
    here.wire.be(FINE)
    here.settled()
    assert at_office(home, WORDS) == [(CARE, "given"), (WATER, "given"), (CARE, "withdrawn")]
    assert [row[:2] for row in at_office(home, SHARES)] == [(WATER, "received")]


def test_withdrawn_elsewhere_while_a_share_waits_here_nothing_goes(home, here, there, cards):
    here.apply(cards["p2"], {CARE: True, WATER: False})
    here.settled()
    here.wire.be(Trouble(dead=True))
    here.apply(cards["p2"], {CARE: True, WATER: False})
    there.withdraw(cards["p2"], "被災した方への支援の相談")
    there.settled()
    assert at_office(home, SHARES) == [(CARE, "stopped", 0)]  # the first one is erased there
    here.wire.be(FINE)
    here.settled()
    assert [state for (state,) in here.ask("SELECT state FROM outbox ORDER BY sequence")] == [
        "delivered",
        "delivered",
        "delivered",
        "set-aside",
    ]
    assert at_office(home, SHARES) == [(CARE, "stopped", 0)]


def test_another_resident_sees_nothing_of_what_was_agreed_to(home, here, cards):
    here.apply(cards["p2"], {CARE: True, WATER: True})
    here.show_card(cards["p1"], None)
    here.stands(s.Surveying)
    assert here.state.agreed == ()
    here.press("survey.close")
    here.leave()


def test_no_name_stands_in_what_is_kept_of_consents(home, here, cards):
    here.apply(cards["p2"], {CARE: True, WATER: False})
    here.withdraw(cards["p2"], "被災した方への支援の相談")
    here.settled()
    kept = here.ask("SELECT * FROM consent") + here.ask("SELECT * FROM journal")
    kept += at_office(home, "SELECT * FROM consent")
    words = " ".join(str(value) for row in kept for value in row)
    assert not any(each in words for each in ("渡邉", "一郎", "緑ケ丘", "1980-02-17", PHONE))
    deeds = [what for (what,) in here.ask("SELECT what FROM journal WHERE what LIKE 'consent%'")]
    assert deeds == ["consent-given", "consent-refused", "consent-withdrawn"]
    assert kakanai("audit", "verify", home=here.home, says=None).returncode == 0


@pytest.fixture
def clerk(counter: Path, qapp: QApplication) -> Iterator[ClerkAtWork]:
    made = ClerkAtWork(counter)
    yield made
    made.close()


def hand_in(clerk: ClerkAtWork, card: Holder, **more: object) -> None:
    """Somebody whose home was hit comes to the counter with their card."""
    shown = {"name": card.name, "birth": "1980-02-17", "address": card.address}
    clerk.say(BegunNew("risai"))
    clerk.say(*starmap(Typed, {**DAMAGED, **shown, **more}.items()))
    clerk.press(Qt.Key.Key_F9)


def seen(clerk: ClerkAtWork, card: Holder) -> None:
    """What the clerk types while the card lies on the desk; the address is there already."""
    clerk.stands(Agreeing)
    fields = clerk.window.page.person.fields
    fields["sex"].setText(card.sex)
    fields["name"].setText(card.name.replace("　", " "))
    clerk.window.page.person.checked.setChecked(True)
    clerk.window.page.button.click()
    clerk.until(lambda: clerk.state.seen is not None)


def test_who_agrees_at_the_counter_sees_it_at_the_kiosk_and_takes_it_back_there(
    home, here, clerk, cards
):
    card = cards["p2"]
    hand_in(clerk, card)
    seen(clerk, card)
    assert at_office(home, WORDS) == []
    clerk.press(Qt.Key.Key_1, Qt.Key.Key_Return)
    clerk.until(lambda: clerk.state.purpose.id == WATER)
    clerk.press(Qt.Key.Key_2, Qt.Key.Key_Return)
    clerk.stands(Handled)
    clerk.counter.desk.serve._drain()
    clerk.until(lambda: len(at_office(home, SHARES)) == 1)
    assert at_office(home, WORDS) == [(CARE, "given"), (WATER, "refused")]
    ((body,),) = at_office(home, "SELECT body FROM submission WHERE purpose IS NOT NULL")
    assert all(each in body.decode() for each in (card.name, "緑ケ丘四丁目", "妹の家"))
    assert not any(each in body.decode() for each in ("1980-02-17", "屋根が飛んだ"))
    base = clerk.home / "terminal.db"
    deeds = rows(base, "SELECT what, who FROM journal WHERE what LIKE 'consent%'")
    assert deeds == [("consent-given", "clerk:mamoru"), ("consent-refused", "clerk:mamoru")]
    kept = str(rows(base, "SELECT * FROM consent") + rows(base, "SELECT * FROM journal"))
    assert not any(each in kept for each in ("渡邉", "緑ケ丘", "1980-02-17"))

    here.withdraw(card, "被災した方への支援の相談")
    here.settled()
    assert [row[:2] for row in at_office(home, SHARES)] == [(CARE, "stopped")]


def test_at_the_counter_no_card_and_no_answer_are_no_yes(home, clerk, cards):
    hand_in(clerk, cards["p2"])
    clerk.stands(Agreeing)
    clerk.press(Qt.Key.Key_F4)
    clerk.stands(Handled)
    assert clerk.state.unasked == "not-shown"
    clerk.say(Closed())
    hand_in(clerk, cards["p2"])
    seen(clerk, cards["p2"])
    clerk.press(Qt.Key.Key_3, Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert clerk.state.purpose.id == WATER
    clerk.press(Qt.Key.Key_3, Qt.Key.Key_Return)
    clerk.stands(Handled)
    clerk.until(lambda: len(at_office(home, "SELECT 1 FROM submission")) == 2)
    assert (at_office(home, SHARES), at_office(home, WORDS)) == ([], [])
    persons = at_office(home, "SELECT person IS NULL FROM submission ORDER BY arrival")
    assert persons == [(1,), (0,)]


def test_a_counter_hands_out_all_that_is_held_and_says_so_to_nobody(home, here, counter, cards):
    card = cards["p2"]
    here.apply(card, {CARE: True, WATER: False})
    here.settled()
    waits_at(counter, here)
    facts = {"name": card.name, "birth": "1980-02-17", "sex": card.sex, "address": card.address}
    out = home / "held.zip"
    done = kakanai("person", "export", "--json", "--out", out, home=counter, says=facts)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "file": str(out),
        "submissions": 2,
        "consents": 2,
        "waiting": 0,
    }
    assert out.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(out) as archive:
        held = json.loads(archive.read("held.json"))
        page = archive.read("summary.html").decode()
    assert [each["purpose"] for each in held["office"]["submissions"]] == [None, CARE]
    for words in (card.name, "罹災証明", "被災した方への支援の相談", "同意", "妹の家"):
        assert words in page
    journal = rows(counter / "terminal.db", "SELECT what, about, more FROM journal")
    assert journal[-1] == ("exported", "", "person")
    told = done.stdout + done.stderr + str(journal)
    assert not any(each in told for each in facts.values() if len(each) > 1)


def test_a_kiosk_may_not_ask_what_is_held(home, here):
    facts = dict.fromkeys(("name", "birth", "sex", "address"), "x")
    refused = kakanai("person", "export", "--out", home / "x.zip", home=here.home, says=facts)
    assert refused.returncode == 10
    assert not (home / "x.zip").exists()


@pytest.mark.parametrize("facts", [{"name": "秘密"}, ["秘密"], {"name": "", "birth": "秘密"}])
def test_what_does_not_say_who_it_is_is_one_line_without_it(tmp_path, facts):
    done = kakanai("person", "export", "--out", tmp_path / "x.zip", home=tmp_path, says=facts)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "秘密" not in done.stdout + done.stderr


def waits_at(counter: Path, here: Terminal) -> None:
    """The counter marks persons as the kiosk does: both have the city's key from the pairing."""
    one, other = ((home / "keys" / "person.key").read_bytes() for home in (counter, here.home))
    assert one == other


def kakanai(*arguments: object, home: Path, says: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "kiosk", "--home", str(home), *map(str, arguments)],
        cwd=RESOURCES.parent,
        input=json.dumps(says, ensure_ascii=False),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
