"""Photos and files on their way to folders: there before the table that names them, and whole."""

import csv
import hashlib
import json
import threading
import time
import tracemalloc

import msgspec
import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from office.relays import drop as dropping
from office.relays.config import Attachments, Per
from office.relays.couriers import InFiles
from office.relays.csvdrop import LocalFolder
from office.relays.drop import Drop
from office.relays.layout import Layout
from office.relays.port import Questioned, TargetAway
from office.relays.sftp import Account, SftpFolder, SftpLine
from office.store import open_store
from office.tables import PieceTable
from tests.fakes.handing import PERSON, Handing
from tests.fakes.photos import photo, sha256, submit_with
from tests.fakes.sftp import sftp_server

COLUMNS = [
    {"name": "受付番号", "from": "receipt"},
    {"name": "写真", "from": "attachments", "join": ";"},
    {"name": "二枚目", "from": "attachments[1]"},
]
LAYOUT = msgspec.convert({"columns": COLUMNS}, Layout)
HOUSE, CAR = photo(700_001, 1), photo(3, 2)


class Files:
    """A folder that photos go to, and whoever goes for it."""

    def __init__(self, handing, out, folder, back=None):
        self.handing, self.out, self.folder = handing, out, folder
        self.drop = Drop(folder, LAYOUT, "juki", back, Per.FILE, Attachments.ALONG)
        self.courier = InFiles(
            "juki", self.drop, handing.queue, handing.now, prefix="juki", most=500, every=0, poll=0
        )

    def turns(self, times=3):
        for _ in range(times):
            self.courier.turn()

    def sweep(self):
        self.courier._next_sweep = 0.0
        self.courier.turn()

    def names(self):
        return sorted(path.name for path in self.out.iterdir() if path.name != ".juki")

    def photos(self):
        return {path.read_bytes() for path in self.out.iterdir() if path.suffix == ".jpg"}

    def rows(self):
        return [row for end in sorted(self.out.glob("*.end")) for row in whole(end)]


def whole(end):
    """The rows of a file that is right in every point, its photos included."""
    said = json.loads(end.read_text())
    content = (end.parent / said["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == said["sha256"]
    for each in said["attachments"]:
        there = (end.parent / each["file"]).read_bytes()
        assert (len(there), sha256(there)) == (each["bytes"], each["sha256"])
    rows = list(csv.reader(content.decode().splitlines()))[1:]
    named = {name for row in rows for name in row[1].split(";") if name}
    assert named == {each["file"] for each in said["attachments"]}
    assert len(rows) == said["rows"]
    return [row[0] for row in rows]


@pytest.fixture
def handing(tmp_path):
    engine = open_store(tmp_path / "office.db")
    yield Handing(engine)
    engine.dispose()


@pytest.fixture
def out(tmp_path):
    for name in ("out", "back"):
        (tmp_path / name).mkdir()
    return tmp_path / "out"


def here(handing, out):
    return Files(handing, out, LocalFolder(out), LocalFolder(out.parent / "back"))


def test_each_photo_lies_beside_its_table_under_a_name_of_ours(handing, out):
    files = here(handing, out)
    submit_with(handing, "juki", [HOUSE, CAR])
    handing.submit("juki")
    files.turns()
    assert files.rows() == ["K01-000001", "K01-000002"]
    ours = {f"juki-K01-000001-{sha256(each)[:12]}.jpg" for each in (HOUSE, CAR)}
    assert {name for name in files.names() if name.endswith(".jpg")} == ours
    assert files.photos() == {HOUSE, CAR}
    assert len(files.names()) == 4
    (end,) = out.glob("*.end")
    told = json.loads(end.read_text())["attachments"]
    assert {each["receipt"] for each in told} == {"K01-000001"}


def test_the_same_photo_twice_is_one_file(handing, out):
    files = here(handing, out)
    submit_with(handing, "juki", [CAR, CAR, HOUSE])
    files.turns()
    assert files.rows() == ["K01-000001"]
    assert len(list(out.glob("*.jpg"))) == 2


def test_two_photos_that_begin_with_the_same_hash_are_two_files(handing, out, monkeypatch):
    monkeypatch.setattr("office.relays.along._SHORT", 0)
    files = here(handing, out)
    submit_with(handing, "juki", [HOUSE, CAR])
    files.turns()
    assert files.photos() == {HOUSE, CAR}


def test_a_share_and_what_it_came_from_have_files_of_their_own(handing, out):
    handing.given.add((PERSON, "care"))
    files = here(handing, out)
    made = submit_with(handing, "juki", [CAR], purpose="care")
    files.turns()
    assert f"juki-{made}-{sha256(CAR)[:12]}.jpg" in files.names()


def test_without_being_asked_nothing_but_names_goes(handing, out):
    files = here(handing, out)
    files.drop = Drop(LocalFolder(out), LAYOUT, "juki", None, Per.FILE)
    files.courier._drop = files.drop
    submit_with(handing, "juki", [HOUSE])
    files.turns()
    (end,) = out.glob("*.end")
    assert set(json.loads(end.read_text())) == {"file", "sha256", "rows", "bytes"}
    assert len(files.names()) == 2


def test_a_large_photo_is_never_in_memory_as_a_whole(handing, out):
    files = here(handing, out)
    submit_with(handing, "juki", [photo(20_000_000, 3)])
    files.courier.turn()  # the folder becomes ours
    handing.now.pass_(1)
    submit_with(handing, "juki", [photo(20_000_000, 4)])
    tracemalloc.start()
    files.turns()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(files.rows()) == 2
    assert most < 5_000_000


def test_what_is_too_much_for_one_file_goes_in_several(handing, out, monkeypatch):
    monkeypatch.setattr(dropping, "_LARGEST_ALONG", 700_010)
    files = here(handing, out)
    for number in range(3):
        submit_with(handing, "juki", [HOUSE + bytes([number])])
    for _ in range(3):
        handing.now.pass_(1)
        files.courier.turn()
    assert files.rows() == ["K01-000001", "K01-000002", "K01-000003"]
    assert len(list(out.glob("*.end"))) == 3


def test_a_photo_that_is_not_all_here_holds_its_own_row_back_and_no_other(handing, out):
    files = here(handing, out)
    broken = submit_with(handing, "juki", [CAR, HOUSE])
    submit_with(handing, "juki", [HOUSE])
    gone = delete(PieceTable).where(PieceTable.submission == broken, PieceTable.start > 0)
    with Session(handing.engine) as session, session.begin():
        session.execute(gone)
    files.turns()
    assert files.rows() == ["K01-000002"]
    assert handing.states("juki") == ["waiting", "forwarded"]
    assert "not all of this file" in handing.handover(broken, "juki").last_answer
    assert not [name for name in files.names() if name.endswith(".tmp")]


def test_bytes_that_are_not_that_photo_are_never_shown(handing, out):
    files = here(handing, out)
    made = submit_with(handing, "juki", [CAR])
    with Session(handing.engine) as session, session.begin():
        changed = update(PieceTable).where(PieceTable.submission == made)
        session.execute(changed.values(body=b"abc"))
    files.turns()
    assert files.names() == []


def test_what_they_took_over_is_put_away_with_its_photos_and_what_they_refused_stays(handing, out):
    files = here(handing, out)
    submit_with(handing, "juki", [HOUSE])
    files.courier.turn()
    handing.now.pass_(1)
    refused = submit_with(handing, "juki", [CAR])
    files.courier.turn()
    yes, no = sorted(out.glob("*.csv"))
    (out.parent / "back" / f"{yes.name}.ok").touch()
    (out.parent / "back" / f"{no.name}.ng").write_text("不鮮明")
    files.turns()
    assert handing.states("juki") == ["acknowledged", "questioned"]
    assert files.photos() == {CAR}
    assert [p.read_bytes() for p in (out / "done").glob("*.jpg")] == [HOUSE]
    assert handing.history(refused)[-1][0] == "questioned"


@pytest.mark.parametrize(
    "said",
    [
        "[" * 100_000,
        '{"attachments": 1}',
        '{"attachments": [{"file": "../secret.jpg"}, {"file": 1}]}',
        '{"attachments": [{"file": "theirs.jpg"}]}',
        "\xff",
    ],
)
def test_what_a_consumer_writes_into_our_control_file_moves_nothing_of_others(handing, out, said):
    files = here(handing, out)
    submit_with(handing, "juki", [CAR])
    files.courier.turn()
    for path in (out.parent / "secret.jpg", out / "theirs.jpg"):
        path.touch()
    (end,) = out.glob("*.end")
    end.write_bytes(said.encode("latin-1"))
    (out.parent / "back" / end.name.replace(".end", ".ok")).touch()
    files.turns()
    assert handing.states("juki") == ["acknowledged"]
    assert (out.parent / "secret.jpg").exists()
    assert (out / "theirs.jpg").exists()


def test_a_claim_lasts_as_long_as_somebody_works_on_it(handing, out):
    class Slow(LocalFolder):
        def write(self, name, pieces, size):
            super().write(name, slowly(pieces), size)

    def slowly(pieces):
        for piece in pieces:
            handing.now.pass_(50)
            taken.extend(handing.another().claim("juki", 10))
            yield piece

    taken = []
    files = Files(handing, out, Slow(out))
    for seed in (5, 6):
        submit_with(handing, "juki", [photo(800_000, seed)])
    files.courier.turn()
    assert taken == []
    assert files.rows() == ["K01-000001", "K01-000002"]


def test_whoever_shows_a_file_has_a_whole_lease_for_it(handing, out):
    class Slow(LocalFolder):
        def write(self, name, pieces, size):
            super().write(name, pieces, size)
            handing.now.pass_(50)

        def rename(self, name, new):
            handing.now.pass_(25)
            taken.extend(handing.another().left_behind("juki"))
            return super().rename(name, new)

    taken = []
    files = Files(handing, out, Slow(out))
    submit_with(handing, "juki", [HOUSE, CAR])
    files.drop.begin()
    files.courier.turn()
    assert taken == []
    assert files.rows() == ["K01-000001"]


def test_a_consent_that_is_withdrawn_between_two_photos_stops_the_second(handing, out):
    handing.given.add((PERSON, "care"))
    sent = []

    class Withdrawing(LocalFolder):
        def write(self, name, pieces, size):
            super().write(name, pieces, size)
            sent.append(name)
            handing.given.clear()

    files = Files(handing, out, Withdrawing(out))
    files.drop.begin()
    sent.clear()
    handing.given.add((PERSON, "care"))
    made = submit_with(handing, "juki", [HOUSE, CAR], purpose="care")
    files.courier._begun = True
    files.courier.turn()
    assert len(sent) == 1
    handing.now.pass_(1000)
    files.turns()
    assert handing.state(made) == "stopped"
    assert files.names() == []


class Death(Exception):
    """Of a worker, at that moment."""


class Dying(LocalFolder):
    """Stops at the step that it is told: in the middle of a write, before or after a rename."""

    def __init__(self, path, step, *, after):
        super().__init__(path)
        self.left, self.after = step, after

    def write(self, name, pieces, size):
        if name.startswith("."):
            return super().write(name, pieces, size)
        self.left -= 1
        return super().write(name, self._breaking(pieces), size)

    def _breaking(self, pieces):
        if self.left == 0 and not self.after:
            raise Death
        yield from pieces
        if self.left == 0:
            raise Death

    def rename(self, name, new):
        self.left -= 1
        if self.left == 0 and not self.after:
            raise Death
        done = super().rename(name, new)
        if self.left == 0:
            raise Death
        return done


STEPS = 8  # two photos, table and control file; each written, then shown


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_wherever_a_worker_dies_no_table_is_seen_without_its_photos(handing, out, step, after):
    first = Files(handing, out, Dying(out, step, after=after))
    submit_with(handing, "juki", [HOUSE, CAR])
    with pytest.raises(Death):
        first.courier.turn()
    seen = first.rows()
    assert seen == (["K01-000001"] if (step, after) == (STEPS, True) else [])
    if list(out.glob("*.csv")):
        assert first.photos() == {HOUSE, CAR}
    handing.now.pass_(121)
    second = here(handing, out)
    second.turns()
    assert second.rows() == ["K01-000001"]
    handing.now.pass_(700)
    second.sweep()
    assert len(second.names()) == 4
    assert second.photos() == {HOUSE, CAR}


@pytest.mark.parametrize("step", [6, 7, 8])  # the three renames of photos
def test_a_share_that_is_stopped_after_its_photo_was_shown_leaves_none(handing, out, step):
    handing.given.add((PERSON, "care"))
    first = Files(handing, out, Dying(out, step, after=True))
    made = submit_with(handing, "juki", [HOUSE, CAR], purpose="care")
    other = submit_with(handing, "juki", [CAR])
    with pytest.raises(Death):
        first.courier.turn()
    handing.given.clear()
    handing.now.pass_(121)
    second = here(handing, out)
    second.turns()
    second.sweep()
    assert (handing.state(made), handing.state(other)) == ("stopped", "forwarded")
    assert [name for name in second.names() if made in name] == []
    assert second.rows() == ["K01-000002"]
    assert second.photos() == {CAR}


def test_whoever_comes_back_late_takes_no_photo_from_a_file_that_was_shown(handing, out):
    """A worker sleeps between two renames; another takes over, shows it all, and he goes on."""

    class Sleeping(LocalFolder):
        def rename(self, name, new):
            if new.endswith(".jpg") and not awake.is_set():
                asleep.set()
                assert awake.wait(20)
            return super().rename(name, new)

    asleep, awake = threading.Event(), threading.Event()
    first = Files(handing, out, Sleeping(out))
    submit_with(handing, "juki", [HOUSE, CAR])
    thread = threading.Thread(target=first.courier.turn)
    thread.start()
    assert asleep.wait(20)
    handing.now.pass_(121)
    second = here(Handing(handing.engine, handing.now), out)
    second.turns()
    assert second.rows() == ["K01-000001"]
    awake.set()
    thread.join(20)
    assert second.rows() == ["K01-000001"]
    assert len(second.names()) == 4
    assert handing.states("juki") == ["forwarded"]


@pytest.fixture
def far(tmp_path, handing):
    with sftp_server(tmp_path) as server:
        for name in ("out", "back"):
            (server.root / name).mkdir()
        keys = server.keys / "client", server.known_hosts
        line = SftpLine(Account("127.0.0.1", server.port, "kakanai", *keys, 5.0))
        files = Files(handing, server.root / "out", SftpFolder(line, "/out"))
        files.server = server
        yield files
        line.close()


def test_photos_arrive_over_sftp_to_the_byte(far):
    submit_with(far.handing, "juki", [HOUSE, CAR])
    far.turns()
    assert far.rows() == ["K01-000001"]
    assert far.photos() == {HOUSE, CAR}
    assert not list(far.out.glob("*.part"))


def test_photos_go_through_sftp_in_pieces(far):
    far.courier.turn()
    submit_with(far.handing, "juki", [photo(20_000_000, 7)])
    tracemalloc.start()
    far.turns()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert far.rows() == ["K01-000001"]
    assert most < 10_000_000  # the server of this test included


@pytest.mark.parametrize("cut_after", [1, 300_000, 700_000, 700_002, 700_010, 700_200])
def test_a_line_that_is_cut_at_any_byte_shows_no_table_without_its_photos(far, cut_after):
    far.courier.turn()
    submit_with(far.handing, "juki", [HOUSE, CAR])
    far.server.cut_after = cut_after
    with pytest.raises(TargetAway):
        far.turns()
    assert far.rows() == []
    assert not list(far.out.glob("*.csv"))
    far.handing.now.pass_(1)
    far.turns()
    assert far.rows() == ["K01-000001"]
    far.handing.now.pass_(700)
    far.sweep()
    assert len(far.names()) == 4


@pytest.mark.parametrize("lost", [1, 2, 3, 4])
def test_a_rename_whose_answer_was_lost_leaves_photos_and_table_together(far, lost):
    far.courier.turn()
    submit_with(far.handing, "juki", [HOUSE, CAR])
    far.server.lose_renames = lost
    until = time.monotonic() + 30
    while far.handing.states("juki") != ["forwarded"] and time.monotonic() < until:
        try:
            far.turns(2)
        except TargetAway:
            far.rows()
        far.handing.now.pass_(121)
    assert far.rows() == ["K01-000001"]
    far.handing.now.pass_(700)
    far.sweep()
    assert len(far.names()) == 4


def test_a_row_that_cannot_be_written_sends_none_of_its_photos(handing, out):
    files = here(handing, out)
    narrow = msgspec.convert({"columns": [{**COLUMNS[0], "width": 3}]}, Layout)
    files.courier._drop = Drop(LocalFolder(out), narrow, "juki", None, Per.FILE, Attachments.ALONG)
    submit_with(handing, "juki", [CAR])
    files.turns()
    assert files.names() == []
    assert handing.states("juki") == [Questioned.__name__.lower()]
