"""An office whose database came back from a backup: nobody's list skips what it forgot."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from forms.envelope import Envelope, canonical
from office.devices import Device
from office.intake import Intake
from office.meters import Meters
from office.problems import ProblemError
from office.registry import SERIAL
from office.restoration import GAP, Restorations
from office.store import open_store
from office.tray import Tray
from tests.fakes.handing import PERSON, Handing
from tests.integration.test_office import ENROLLED, NOW, ROOT, envelope, refused_in_one_line
from tests.integration.test_office import running as office_running

COUNTER = Device("C01", "counter", 1)


class Restorable:
    """An office's rows, an hour later with each hand-in, and a way back to how they stood."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.now = engine, NOW
        self.tray = Tray(engine, self.clock, lambda *_: False)
        self.restorations = Restorations(engine, self.clock)

    def clock(self) -> datetime:
        return self.now

    def take_in(self, *sent: Envelope) -> None:
        for each in sent:
            self.now += timedelta(hours=1)
            intake = Intake(self.engine, self.clock, Meters(), lambda *_: False)
            intake.put(each.id, "K01", canonical(each)).result(timeout=10)
            intake.close()

    def listed(self, cursor: str) -> tuple[list[str], str]:
        items, after = self.tray.after(cursor, COUNTER)
        return [each["id"] for each in items], after or cursor

    def forget_since(self, moment: datetime) -> None:
        """What a backup of that moment does not hold: rows, and how far arrivals were counted."""
        with self.engine.begin() as base:
            base.execute(
                text("DELETE FROM submission WHERE received > :since"),
                {"since": moment.isoformat()},
            )
            if self.engine.dialect.name == "postgresql":
                base.execute(
                    text(
                        "SELECT setval(pg_get_serial_sequence('submission', 'arrival'), "
                        "(SELECT coalesce(max(arrival), 1) FROM submission))"
                    )
                )


@pytest.fixture
def office(engine: Engine) -> Restorable:
    return Restorable(engine)


def ids(*sent: Envelope) -> list[str]:
    return [str(each.id) for each in sent]


def test_whoever_fetched_before_fetches_again_what_arrives_in_the_same_place(
    office: Restorable,
) -> None:
    kept, lost, also_lost, new = (envelope() for _ in range(4))
    office.take_in(kept)
    backup = office.now
    office.take_in(lost, also_lost)
    _, cursor = office.listed("0")
    assert office.listed(cursor) == ([], cursor)
    office.forget_since(backup)
    office.take_in(new)  # before anybody said that the database is an older one
    office.restorations.note(backup, "disk")
    office.take_in(also_lost, lost)
    again, after = office.listed(cursor)
    assert again == ids(new, also_lost, lost)
    assert office.listed(after) == ([], after)


def test_a_cursor_of_a_time_that_was_forgotten_twice_goes_back_to_the_earliest_end(
    office: Restorable,
) -> None:
    first, second, third = (envelope() for _ in range(3))
    office.take_in(first)
    early = office.now
    office.take_in(second)
    late = office.now
    office.take_in(third)
    office.forget_since(late)
    office.restorations.note(late, "disk")
    office.take_in(third)
    _, of_the_first_return = office.listed("0")
    office.forget_since(early)
    with office.engine.begin() as base:
        base.execute(text("DELETE FROM restoration"))  # it forgot that, too
    office.restorations.note(early, "disk again")
    office.take_in(third, second)
    assert office.listed(of_the_first_return)[0] == ids(third, second)


def test_what_every_terminal_hears_names_each_return_and_since_when(office: Restorable) -> None:
    backup = office.now - timedelta(hours=5)
    told = [office.restorations.note(backup, "disk"), office.restorations.note(office.now, "fire")]
    assert list(office.restorations.every()) == told
    assert told[0].mark != told[1].mark
    assert datetime.fromisoformat(told[0].since) == backup


def test_no_number_of_a_paper_is_given_out_twice(office: Restorable) -> None:
    asked = text("SELECT last FROM serial WHERE name = :name")
    with office.engine.connect() as look:
        before = look.execute(asked, {"name": SERIAL}).scalar_one()
    office.restorations.note(office.now, "disk")
    with office.engine.connect() as look:
        assert look.execute(asked, {"name": SERIAL}).scalar_one() == before + GAP


def test_what_else_is_counted_stays_as_it_is(office: Restorable) -> None:
    with office.engine.begin() as base:
        base.execute(text("INSERT INTO serial (name, last) VALUES ('ready', 1)"))
    office.restorations.note(office.now, "disk")
    with office.engine.connect() as look:
        asked = text("SELECT last FROM serial WHERE name = 'ready'")
        assert look.execute(asked).scalar_one() == 1


def test_a_share_waits_a_day_for_whoever_took_it_back_in_the_lost_time(engine: Engine) -> None:
    handing = Handing(engine, given={(PERSON, "disaster-care")})
    taken_back, plain, agreed = (
        handing.submit("juki", purpose=purpose) for purpose in ("disaster-care", None, "utilities")
    )
    Restorations(engine, handing.now).note(handing.now(), "disk")
    handing.given.add((PERSON, "utilities"))
    assert [claim.parcel.id for claim in handing.queue.claim("juki", 9)] == [plain]
    handing.given.remove((PERSON, "disaster-care"))  # as the terminal that was off tells it again
    handing.now.pass_(86_401)
    assert [claim.parcel.id for claim in handing.another().claim("juki", 9)] == [plain, agreed]
    assert handing.state(taken_back) == "stopped"


@pytest.mark.parametrize("cursor", ["-1", "", "x", "1" * 19, "１", "-abcd"])
def test_what_is_no_cursor_of_ours_is_said_to_be_none(office: Restorable, cursor: str) -> None:
    with pytest.raises(ProblemError, match="next"):
        office.listed(cursor)


def test_a_cursor_that_nobody_ever_gave_reads_from_the_earliest_end(office: Restorable) -> None:
    first, second = envelope(), envelope()
    office.take_in(first)
    office.restorations.note(office.now, "disk")
    office.take_in(second)
    assert office.listed("99-ffffffff")[0] == ids(second)


def command(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """On a machine as servers mostly are: its own zone is not the city's."""
    whole = [sys.executable, "-m", "office", "--home", str(home), "restored", *arguments]
    return subprocess.run(
        whole,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        env={**os.environ, "TZ": "UTC"},
    )


def test_the_command_says_what_follows_and_terminals_hear_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with office_running(home, *ENROLLED) as office:
        done = command(home, "--since", "2026-11-20T02:00+09:00", "--why", "disk replaced")
        assert done.returncode == 0, done.stderr
        assert "2026-11-20T02:00:00+09:00" in done.stdout
        said = {"outbox": 0, "oldest": 0, "version": "1.0.0"}
        answer = office.call("PUT", "/v1/devices/self/report", json=said)
        (told,) = answer.json["restored"]
        assert told["since"] == "2026-11-20T02:00:00+09:00"
        assert len(told["mark"]) == 8


def test_a_moment_without_a_zone_is_by_the_office_s_wall(tmp_path: Path) -> None:
    home = tmp_path / "home"
    open_store(home / "office.db").dispose()  # it came back, and nobody serves yet
    for since in ("2026-11-20T02:00", "2026-11-19T17:00Z"):
        done = command(home, "--since", since, "--why", "disk replaced")
        assert done.returncode == 0, done.stderr
        assert "restored to 2026-11-20T02:00:00+09:00" in done.stdout


def test_a_home_without_a_database_is_not_made_into_one(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = command(home, "--since", "2026-11-20T02:00", "--why", "disk replaced")
    assert "use --home" in refused_in_one_line(done)
    assert not home.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--since", "1970-01-01T00:00", "--why", "all of it"), "from 2000 on"),
        (("--since", "yesterday", "--why", "x"), "--since"),
        (("--why", "x"), "--since"),
        (("--since", "2999-01-01T00:00", "--why", "x"), "still to come"),
        (("--since", "2026-11-20T02:00"), "--why"),
    ],
)
def test_a_return_without_its_moment_or_its_reason_is_none(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    assert words in refused_in_one_line(command(tmp_path / "home", *arguments))
