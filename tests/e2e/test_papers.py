"""Every certificate from the card, or from the counter's form, to the paper: with a real office."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from devices.simulated.card.deck import holders
from forms.loader import load_all
from kiosk.adapters.clock import WallClock
from kiosk.adapters.resources import RESOURCES
from kiosk.app import open_kiosk
from kiosk.config import read_settings
from kiosk.demo import DEVICES
from kiosk.desk import add_clerk, open_counter
from kiosk.domain import counter as d
from kiosk.domain.arrivals import Listing
from kiosk.domain.states import Apologising, Ending, Parting
from kiosk.ground import office_of
from kiosk.nextdoor import OfficeNextDoor, furnish, office_next_door
from kiosk.practice import open_class
from kiosk.tour.album import Album, settle
from kiosk.tour.journeys import ordered
from kiosk.tour.orders import ORDERS
from kiosk.tour.walker import Walker
from kiosk.ui.kit.tokens import LAYOUTS
from printing.contents import CERTIFICATES

PEOPLE = RESOURCES / "people"
CARDS = {c.id: c for name in ("cards", "hard_cards") for c in holders(PEOPLE / f"{name}.yaml")}
FORMS = load_all(RESOURCES / "forms")
PATIENCE = 20.0
PHONE = {"phone": "09012345678"}
YEAR = {"year": "2026", "jan1_where": "same", "declared": "declared"}


@dataclass(frozen=True)
class Wish:
    """What somebody orders at a kiosk, what it costs, and what has to stand on the papers."""

    form: str
    answers: dict[str, object]
    yen: int
    sheets: int
    words: tuple[str, ...]


HOUSEHOLD = {"kind": "household", "relationship": True, "domicile": True, "purpose": "pension"}
WISHES = {
    "juminhyo": Wish(
        "juminhyo",
        {**PHONE, **HOUSEHOLD, "copies": 2},
        400,
        2,
        ("住民票", "渡邉一郎", "渡邉由美子", "渡邉結衣", "世帯主", "本籍"),
    ),
    "inkan": Wish("inkan-shomei", {**PHONE, "copies": 1}, 200, 1, ("印鑑登録証明書", "渡邉一郎")),
    "one-year": Wish(
        "zei-shomei",
        {**PHONE, "kind": "income-tax", "years": 1, "copies": 3, **YEAR},
        600,
        3,
        ("所得・課税証明書", "令和8年度", "5,120,000", "210,700"),
    ),
    "the-same-year-twice": Wish(
        "zei-shomei",
        {**PHONE, "kind": "income", "years": 2, "copies": 1, **YEAR},
        400,
        2,
        ("所得証明書", "令和8年度", "3,656,000"),
    ),
    "koseki": Wish(
        "koseki",
        {**PHONE, "kind": "full", "wide": False, "copies": 1, "purpose": "passport"},
        350,
        1,
        ("全部事項証明", "一郎", "由美子", "結衣", "葵"),
    ),
    "fuhyo": Wish(
        "koseki",
        {
            **PHONE,
            "kind": "fuhyo",
            "wide": False,
            "copies": 1,
            "purpose": "loan",
            "fuhyo_domicile": True,
        },
        200,
        1,
        ("戸籍の附票", "港町20番地", "コーポみどり203"),
    ),
}
REFUSED = {
    "who is protected": ("p5", WISHES["juminhyo"]),
    "who has no seal registered": ("mono", WISHES["inkan"]),
    "who is no taxpayer here": ("mono", WISHES["one-year"]),
    "who has no 戸籍 here": ("mono", WISHES["koseki"]),
    "whose addresses are elsewhere": ("p4", WISHES["fuhyo"]),
}


@dataclass
class Office:
    """A real office as a process, what it says of its numbers, and its counter."""

    made: OfficeNextDoor
    counter: Path

    def today(self) -> dict[str, str]:
        asked = office_of(read_settings(self.counter), self.counter)
        told = asked.day(WallClock().now().date())
        asked.close()
        return {row["number"]: row["outcome"] for row in told}


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with office_next_door(tmp_path_factory.mktemp("office"), DEVICES) as made:
        yield Office(made, furnish(tmp_path_factory.mktemp("counter"), "C01", made))


@pytest.fixture(scope="module")
def kiosk(office, tmp_path_factory, qapp):
    place = furnish(tmp_path_factory.mktemp("kiosk"), "K01", office.made)
    made = open_kiosk(read_settings(place), place)
    made.terminal.window.show()
    walker = Walker(made.terminal, made.reader, made.printer, album(place), "kiosk")
    yield made, walker, place / "tray"
    made.terminal.window.close()
    made.terminal.close()


@pytest.fixture(scope="module")
def lesson(tmp_path_factory, qapp):
    room = open_class(RESOURCES, LAYOUTS["portrait"])
    room.terminal.window.show()
    place = tmp_path_factory.mktemp("class")
    yield room, Walker(room.terminal, room.reader, room.printer, album(place), "class"), place
    room.terminal.window.close()
    room.terminal.close()


def album(folder: Path) -> Album:
    return Album(folder / "album", lambda _: None)


def text_of(pdf: Path) -> str:
    read = subprocess.run(
        ["pdftotext", "-raw", str(pdf), "-"], capture_output=True, text=True, check=True, timeout=30
    )
    return "".join(read.stdout.split())


def laid(tray: Path, before: set[Path], wait: float = 5.0) -> tuple[list[Path], Path]:
    """What came out meanwhile: the papers, and the slip, which is the last."""
    limit = time.monotonic() + wait
    while time.monotonic() < limit:
        QApplication.processEvents()
        new = sorted(set(tray.glob("*.pdf")) - before)
        slips = [file for file in new if file.stem.startswith("receipt")]
        if slips:
            return [file for file in new if file not in slips], slips[0]
        time.sleep(0.01)
    raise AssertionError("no receipt")


@pytest.mark.parametrize("wish", WISHES)
def test_a_kiosk_gives_out_what_was_ordered_and_every_number_is_accounted_for(kiosk, office, wish):
    (made, walker, tray), asked = kiosk, WISHES[wish]
    before, numbers, held = set(tray.glob("*.pdf")), office.today(), made.till.held
    parting = ordered(walker, CARDS["p2"], "ja", asked.form, asked.answers)
    assert isinstance(parting, Parting), parting
    assert (parting.ending, parting.copies) == (Ending.ISSUED, asked.sheets)
    papers, slip = laid(tray, before)
    assert len(papers) == asked.sheets
    assert made.till.held - held == asked.yen
    fresh = {n: fate for n, fate in office.today().items() if n not in numbers}
    assert fresh == dict.fromkeys((file.stem for file in papers), "printed")
    for paper in papers:
        words = text_of(paper)
        assert all(each in words for each in asked.words), words
        assert "見本" not in words
    assert f"{asked.yen}円" in text_of(slip)
    assert parting.receipt in text_of(slip)
    walker.take_everything()


@pytest.mark.parametrize("who", REFUSED)
def test_what_the_office_refuses_ends_without_a_reason_and_with_the_money_back(kiosk, office, who):
    (made, walker, tray), (card, asked) = kiosk, REFUSED[who]
    before, numbers, held = set(tray.glob("*.pdf")), office.today(), made.till.held
    ending = ordered(walker, CARDS[card], "ja_easy", asked.form, asked.answers)
    assert isinstance(ending, Apologising)
    assert ending.code == "not-issuable-here"
    papers, slip = laid(tray, before)
    assert papers == []
    assert made.till.held == held
    assert office.today() == numbers
    assert "お支払い済み" not in text_of(slip)
    walker.take_everything()


@pytest.mark.parametrize("wish", WISHES)
def test_a_class_practises_every_certificate(lesson, wish):
    (room, walker, folder), asked = lesson, WISHES[wish]
    before, held = len(room.printer.sheets), room.till.held
    known = dict(room.office.outcomes)
    parting = ordered(walker, CARDS["p2"], "en", asked.form, asked.answers)
    assert isinstance(parting, Parting), parting
    limit = time.monotonic() + 5
    while len(room.printer.sheets) < before + asked.sheets + 1 and time.monotonic() < limit:
        QApplication.processEvents()
    *papers, (slip, _) = room.printer.sheets[before:]
    assert slip.startswith("receipt")
    assert room.till.held - held == asked.yen
    fresh = {n: fate for n, fate in room.office.outcomes.items() if n not in known}
    assert fresh == dict.fromkeys((number for number, _ in papers), "printed")
    assert len(fresh) == asked.sheets
    for number, pdf in papers:
        file = folder / f"{number}.pdf"
        file.write_bytes(pdf)
        words = text_of(file)
        assert all(each in words for each in (*asked.words, "見本")), words
    walker.take_everything()


def test_a_practice_refusal_is_as_neutral_as_a_real_one(lesson):
    room, walker, _ = lesson
    held = room.till.held
    card, asked = REFUSED["who has no seal registered"]
    ending = ordered(walker, CARDS[card], "ja", asked.form, asked.answers)
    assert (type(ending), ending.code) == (Apologising, "not-issuable-here")
    assert room.till.held == held
    walker.take_everything()


@pytest.fixture(scope="module")
def counter(office, tmp_path_factory, qapp):
    place = office.counter
    add_clerk(place, "c01", "窓口　守", "1234")
    made = open_counter(read_settings(place), place)
    made.window.show()
    until(made, "the desk", lambda s: isinstance(s, d.SignedOut))
    made.desk.serve.sign_in("c01", "1234")
    until(made, "the list", lambda s: isinstance(s, Listing))
    yield made, place / "tray"
    made.window.close()
    made.close()


def until(made, what, reached):
    limit = time.monotonic() + PATIENCE
    while made.desk.serve is None or not reached(made.desk.serve.state):
        QApplication.processEvents()
        time.sleep(0.005)
        assert made.desk.fault is None
        assert time.monotonic() < limit, f"waited for {what}: {made.desk.serve.state}"
    settle()


def at_the_desk(made, form, answers) -> d.Handled:
    """One form from its first answer to what came of it."""
    made.window.happened.emit(d.BegunNew(form))
    for name, value in answers.items():
        if FORMS[form].questions.knows(name):
            made.window.happened.emit(d.Typed(name, value))
    made.window.happened.emit(d.HandedIn())
    state = made.desk.serve.state
    assert not isinstance(state, d.Editing), state.problems
    if isinstance(state, d.Agreeing):
        made.window.happened.emit(d.AskingSkipped())  # nobody showed a card
    until(made, "the end", lambda s: isinstance(s, d.Handled))
    handled = made.desk.serve.state
    made.window.happened.emit(d.Closed())
    return handled


HERE = [order for order in ORDERS if FORMS[order.form].certificate in CERTIFICATES]
NAMES = {"juminhyo-agent": "山﨑健", "juminhyo-removed": "髙橋太郎", "juminhyo-part": "渡邉結衣"}


@pytest.mark.parametrize("order", HERE, ids=lambda order: order.file)
def test_a_counter_gives_out_every_certificate_of_whoever_it_is(counter, office, order):
    (made, tray), numbers = counter, office.today()
    before = set(tray.glob("*.pdf"))
    handled = at_the_desk(made, order.form, order.answers)
    assert (handled.fault, handled.number is not None) == (None, True)
    papers, _ = laid(tray, before)
    assert len(papers) == (2 if order.file == "shotoku" else 1)
    fresh = {n: fate for n, fate in office.today().items() if n not in numbers}
    assert fresh == dict.fromkeys((file.stem for file in papers), "printed")
    whose = NAMES.get(order.file, "一郎")
    assert all(whose in text_of(paper) for paper in papers)


def test_two_years_of_one_order_are_two_papers(counter):
    (made, tray) = counter
    before = set(tray.glob("*.pdf"))
    (order,) = (each for each in ORDERS if each.file == "shotoku")
    at_the_desk(made, order.form, order.answers)
    papers, slip = laid(tray, before)
    years = sorted(text_of(paper).partition("年度")[0][-3:] for paper in papers)
    assert years == ["令和7", "令和8"]
    assert "600円" in text_of(slip)


def test_a_wrong_birth_of_the_one_who_sent_somebody_gives_no_paper(counter, office):
    (made, tray), numbers = counter, office.today()
    before = set(tray.glob("*.pdf"))
    (order,) = (each for each in ORDERS if each.file == "juminhyo-agent")
    handled = at_the_desk(made, order.form, {**order.answers, "subject_birth": "1995-11-29"})
    assert (handled.number, handled.fault) == (None, "not-issuable-here")
    papers, _ = laid(tray, before)
    assert papers == []
    assert office.today() == numbers
