"""The same files over a real SFTP server, with the line cut where it hurts."""

import csv
import hashlib
import json

import asyncssh
import msgspec
import pytest

from office.relays.config import Per
from office.relays.couriers import InFiles
from office.relays.drop import Drop
from office.relays.layout import Layout
from office.relays.port import TargetAway
from office.relays.sftp import Account, SftpFolder, SftpLine
from office.store import open_store
from tests.fakes.handing import Handing
from tests.fakes.sftp import sftp_server

LAYOUT = msgspec.convert(
    {
        "columns": [
            {"name": "受付番号", "from": "receipt"},
            {"name": "氏名", "from": "A票.申請者.氏名"},
        ]
    },
    Layout,
)


class Far:
    """A target at the server, and whoever goes for it."""

    def __init__(self, server, handing):
        self.server, self.handing = server, handing
        self.out, self.back = server.root / "out", server.root / "back"
        for path in (self.out, self.back):
            path.mkdir(exist_ok=True)
        account = Account(
            "127.0.0.1", server.port, "kakanai", server.keys / "client", server.known_hosts, 5.0
        )
        self.line = SftpLine(account)
        drop = Drop(
            SftpFolder(self.line, "/out"), LAYOUT, "juki", SftpFolder(self.line, "/back"), Per.FILE
        )
        self.courier = InFiles(
            "juki", drop, handing.queue, handing.now, prefix="juki", most=500, every=0, poll=0.0
        )

    def turns(self, times=3):
        for _ in range(times):
            self.courier.turn()

    def rows(self):
        found = []
        for end in sorted(self.out.glob("*.end")):
            said = json.loads(end.read_text())
            content = (self.out / said["file"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == said["sha256"]
            found += [row[0] for row in list(csv.reader(content.decode().splitlines()))[1:]]
        return found


@pytest.fixture
def far(tmp_path):
    engine = open_store(tmp_path / "office.db")
    with sftp_server(tmp_path) as server:
        made = Far(server, Handing(engine))
        yield made
        made.line.close()
    engine.dispose()


def test_files_arrive_whole_under_their_names_and_the_answer_is_heard(far):
    made = [far.handing.submit("juki") for _ in range(3)]
    far.turns()
    assert far.rows() == ["K01-000001", "K01-000002", "K01-000003"]
    assert not list(far.out.glob("*.part"))
    (end,) = far.out.glob("*.end")
    (far.back / end.name.replace(".csv.end", ".csv.ng")).write_text("様式が違います")
    far.turns()
    assert [far.handing.state(each) for each in made] == ["questioned"] * 3
    assert far.handing.history(made[0])[-1] == ("questioned", "juki", "様式が違います")
    assert [path.name for path in far.back.iterdir()] == ["done"]
    assert far.server.connections == 1


def test_a_large_file_arrives_to_the_byte(far):
    for _ in range(40):
        far.handing.submit("juki", name="渡" * 2000)
    far.turns()
    assert len(far.rows()) == 40
    assert sum(path.stat().st_size for path in far.out.glob("*.csv")) > 240_000


def test_a_line_that_is_cut_in_the_middle_of_an_upload_leaves_nothing_to_be_seen(far):
    far.courier.turn()  # the folder becomes ours
    for _ in range(20):
        far.handing.submit("juki", name="渡" * 2000)
    far.server.cut_after = 50_000
    with pytest.raises(TargetAway):
        far.turns()
    assert far.rows() == []
    assert not list(far.out.glob("*.csv"))
    assert far.handing.states("juki") == ["waiting"] * 20
    far.turns()
    assert len(far.rows()) == len(set(far.rows())) == 20
    far.handing.now.pass_(700)
    far.courier._next_sweep = 0.0
    far.turns()
    assert not list(far.out.glob("*.part"))


@pytest.mark.parametrize("lost", [1, 2])
def test_a_rename_whose_answer_was_lost_is_neither_lost_nor_doubled(far, lost):
    far.courier.turn()
    for _ in range(3):
        far.handing.submit("juki")
    far.server.lose_renames = lost
    with pytest.raises(TargetAway):
        far.turns()
    for _ in range(4):
        far.handing.now.pass_(121)
        try:
            far.turns(2)
        except TargetAway:
            continue
    assert sorted(far.rows()) == ["K01-000001", "K01-000002", "K01-000003"]
    assert far.handing.states("juki") == ["forwarded"] * 3


def test_an_old_server_without_extensions_is_good_enough(far):
    far.server.old = True
    far.handing.submit("juki")
    far.turns()
    assert far.rows() == ["K01-000001"]


def test_another_host_key_than_the_known_one_stops_everything_and_says_so(far):
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    far.server.known_hosts.write_text(f"[127.0.0.1]:{far.server.port} {other}\n")
    far.handing.submit("juki")
    with pytest.raises(TargetAway, match="host key is not the one in known_hosts"):
        far.turns()
    assert list(far.out.iterdir()) == []
    assert far.handing.states("juki") == ["waiting"]


def test_a_host_that_nobody_has_noted_is_not_trusted(far):
    far.server.known_hosts.write_text("")
    with pytest.raises(TargetAway, match="known_hosts"):
        far.turns()


def test_a_key_that_is_not_let_in_is_said(far):
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(far.server.keys / "client"))
    with pytest.raises(TargetAway, match="does not let kakanai in"):
        far.turns()


def test_a_full_disk_over_there_is_said_and_goes_by(far):
    far.courier.turn()
    far.handing.submit("juki")
    far.server.full = True
    with pytest.raises(TargetAway, match="No space left"):
        far.turns()
    far.server.full = False
    far.turns()
    assert far.rows() == ["K01-000001"]


def test_a_folder_that_is_not_there_is_said_and_is_not_taken_for_an_empty_one(far):
    far.handing.submit("juki")
    far.courier.turn()
    far.handing.submit("juki")
    far.out.rename(far.out.with_name("away"))
    with pytest.raises(TargetAway):
        far.turns()
    assert far.handing.states("juki") == ["forwarded", "waiting"]


def test_nobody_there_is_said(far):
    far.server.cut()
    gone = Account("127.0.0.1", 1, "kakanai", far.server.keys / "client", far.server.known_hosts)
    with pytest.raises(TargetAway, match=r"127\.0\.0\.1:1"):
        SftpFolder(SftpLine(gone), "/out").sizes()
