"""What the city tells everybody stands on the start page, and never in the way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWidgets import QWidget

from forms.words import LANGUAGES
from kiosk.domain import states
from kiosk.domain.arrivals import Listing
from kiosk.domain.counter import SignedOut
from kiosk.domain.notices import Kind, Notice, Said, in_force
from kiosk.ports.office import Heard
from kiosk.ports.outbox import Depth
from kiosk.ui.counter.news import News
from kiosk.ui.kit.label import Label
from kiosk.ui.kit.tokens import LAYOUTS
from kiosk.ui.resident.pages import every_page
from kiosk.ui.resident.strip import Strip, Tone
from kiosk.ui.resident.window import KioskWindow
from kiosk.ui.terminal import Assembled, Terminal
from kiosk.usecases.report import Health, Report, Reporter
from tests.fakes.clock import StandingClock
from tests.fakes.counter import TEXTS, Counter
from tests.fakes.samples import JOURNEY, every_state
from tests.fakes.screen import everything_fits, show
from tests.fakes.terminal import Bench

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
LONG = "大雨で川の水があふれるおそれがあります。高い所へ避難してください。市役所は閉めます。"
ALERT = Notice(
    Kind.ALERT,
    {
        "ja": Said("避難指示", "高い所へ避難してください。"),
        "ja_easy": Said("[逃|に]げて ください", "[高|たか]い [所|ところ]へ [逃|に]げて ください。"),
        "en": Said("Evacuate now", "Go to high ground."),
    },
)
LONGEST = Notice(
    Kind.ALERT,
    {
        "ja": Said("避難指示の対象です" * 9, LONG * 7),
        "ja_easy": Said("[逃|に]げて ください。" * 9, "[高|たか]い [所|ところ]へ。" * 30),
        "en": Said("Evacuation order for Midori " * 3, "Go to high ground now. " * 13),
    },
)
CLOSURE = Notice(
    Kind.CLOSURE,
    {"ja": Said("午後1時で閉めます", "機械の入れ替え"), "en": Said("Closing at 1 p.m.")},
    NOW + timedelta(hours=1),
    NOW + timedelta(days=2),
)
LONG_CLOSURE = replace(CLOSURE, words=LONGEST.words)
NOTICE = Notice(Kind.NOTICE, {"ja": Said("休日窓口を開きます", "毎月第2日曜日")})
EVERY = {
    "none": (),
    "one": (NOTICE,),
    "closure": (CLOSURE,),
    "three": (ALERT, CLOSURE, NOTICE),
    "longest": (LONGEST, LONG_CLOSURE, LONGEST),
}


def strips(page: QWidget) -> list[Strip]:
    found = page.findChildren(Strip)
    return sorted(found, key=lambda strip: strip.mapTo(page, strip.rect().topLeft()).y())


@pytest.mark.parametrize("up", [True, False], ids=["up", "down"])
@pytest.mark.parametrize("name", EVERY)
def test_the_start_page_has_room_for_them(window, name, up, qapp):
    window.know(replace(JOURNEY, up=up))
    window.tell(EVERY[name])
    everything_fits(show(window, states.Idle(), qapp))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", [ALERT, LONGEST], ids=["short", "longest"])
def test_an_alert_is_said_in_the_residents_language(window, language, notice, qapp):
    window.tell((CLOSURE, notice))
    page = show(window, states.Choosing(language), qapp)
    everything_fits(page)
    (strip,) = strips(page)
    title = strip.findChildren(Label)[0]
    assert title.words == notice.words[language].title


def test_the_strongest_comes_first_and_two_are_enough(window, qapp):
    window.tell(in_force((NOTICE, CLOSURE, ALERT), NOW))
    page = show(window, states.Idle(), qapp)
    assert [strip.tone for strip in strips(page)] == [Tone.WARNING, Tone.NOTICE]


def test_a_start_page_without_news_is_as_it_was(window, qapp):
    window.tell(())
    assert strips(show(window, states.Idle(), qapp)) == []


def test_a_closure_names_its_time(window, qapp):
    window.tell((LONG_CLOSURE,))
    (strip,) = strips(show(window, states.Idle(), qapp))
    _, when, other = strip.findChildren(Label)
    assert plain_line(when) == "11月21日 13:00 ～ 11月23日 12:00"
    assert plain_line(other).startswith("Evacuation order")


def test_foreigners_find_a_line_of_theirs(window, qapp):
    window.tell((ALERT,))
    (strip,) = strips(show(window, states.Idle(), qapp))
    assert "Evacuate now: Go to high ground." in [
        label.words for label in strip.findChildren(Label)
    ]


def test_what_is_too_long_ends_in_dots_and_is_heard_whole(window, qapp):
    window.tell((LONGEST,))
    (strip,) = strips(show(window, states.Idle(), qapp))
    title, *lines = strip.findChildren(Label)
    assert len(title.block().lines) == 2
    assert all(plain_line(label).endswith("…") for label in (title, *lines))
    assert LONG * 7 in strip.accessibleName()


@pytest.mark.parametrize("name", [name for name, _ in every_state("ja")])
def test_nothing_else_of_a_turn_says_it(window, name, qapp):
    state = dict(every_state("ja"))[name]
    window.tell((ALERT, CLOSURE))
    page = show(window, state, qapp)
    wanted = isinstance(state, states.Idle | states.Choosing)
    assert any("避難指示" in label.words for label in page.findChildren(Label)) is wanted


def test_a_notice_begins_and_ends_by_the_clock():
    later = replace(NOTICE, begins=NOW + timedelta(hours=1), ends=NOW + timedelta(hours=2))
    held = [in_force((later,), NOW + timedelta(minutes=m)) for m in (0, 59, 60, 119, 120)]
    assert [bool(each) for each in held] == [False, False, True, True, False]
    assert in_force((CLOSURE,), NOW) == (CLOSURE,)  # people want to know before


def test_the_counter_says_it_over_its_list_and_red_where_it_is_an_alert(qtbot):
    news = News()
    qtbot.addWidget(news)
    news.tell((ALERT, NOTICE))
    assert news.text() == "避難指示　高い所へ避難してください。\n休日窓口を開きます　毎月第2日曜日"
    assert news.objectName() == "alarm"
    news.tell((NOTICE,))
    assert news.objectName() == "calm"
    news.tell(())
    assert not news.isVisible()


def test_a_counters_list_shows_what_is_told_before_and_after_it_is_built(qtbot):
    counter = Counter(qtbot)
    counter.window.show_state(SignedOut())
    counter.window.tell((ALERT,))
    counter.show(Listing("守"))
    assert counter.window.page.news.isVisibleTo(counter.window.page)
    counter.window.tell(())
    assert not counter.window.page.news.isVisibleTo(counter.window.page)


class Told:
    """A terminal that the office told one alert, once there was time for it."""

    kept = ""

    def depth(self) -> Depth:
        return Depth(0, None)

    def report(self, said):
        return Heard([{"kind": "alert", "words": {"ja": {"title": "避難指示"}}}])

    def read(self):
        return None

    def write(self, value):
        self.kept = value


def test_a_kiosk_that_nobody_touches_says_it_without_a_restart(qtbot):
    window = KioskWindow(TEXTS, LAYOUTS["portrait"], JOURNEY, "書蒼市", every_page)
    bench, told = Bench(), Told()

    def report(lanes, tell):
        return Report(Reporter(told, told, told, StandingClock(), Health()), lanes, tell)

    terminal = Terminal(
        window, lambda: Assembled(JOURNEY, every_page, lambda *_: bench.attend, report)
    )
    qtbot.addWidget(window)
    try:
        window.show()
        qtbot.waitUntil(lambda: bool(strips(window.page)), timeout=5000)
        assert "避難指示" in told.kept
    finally:
        terminal.close()


def plain_line(label: Label) -> str:
    return "".join(piece.text for line in label.block().lines for piece in line)
