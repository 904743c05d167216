"""A photo's whole way: taken at a terminal, through the office, to a folder, SFTP and HTTP."""

import json
from contextlib import contextmanager

import pytest

from tests.fakes.backoffice import BackOffice, serving
from tests.fakes.paired import office_running
from tests.fakes.photos import sha256
from tests.fakes.sftp import sftp_server
from tests.integration.test_queue_commands import DAMAGE, PHOTO, WEB, Place
from tests.integration.test_relays_office import eventually

RELAYS = """
targets:
  - name: here
    kind: csv-drop
    folder: here
    layout: layout.yaml
    every: 0
    attachments: along
  - name: far
    kind: sftp
    folder: /
    layout: layout.yaml
    every: 0
    prefix: city
    attachments: along
    host: 127.0.0.1
    port: {port}
    user: kakanai
    key: sftp/keys/client
    known_hosts: sftp/keys/known_hosts
  - {{name: calls, kind: rest, url: '{url}/in', attachments: along}}
"""
LAYOUT = "columns: [{name: 番号, from: receipt}, {name: 写真, from: attachments, join: ' '}]\n"


@pytest.fixture
def back():
    return BackOffice()


@contextmanager
def city(home, back):
    for name in ("here", "sftp"):
        (home / name).mkdir()
    (home / "layout.yaml").write_text(LAYOUT)
    with sftp_server(home / "sftp") as far, serving(back) as url:
        (home / "relays.yaml").write_text(RELAYS.format(port=far.port, url=url))
        relays = ("--relays", str(home / "relays.yaml"))
        with office_running(home, *relays, "--enrol=K01:kiosk") as office:
            office.devices.lend_keys("K01", home / "terminal")
            yield Place(home / "terminal", office.url), far


def along(folder):
    """The one file's photos, found by its control file."""
    (end,) = folder.glob("*.csv.end")
    told = json.loads(end.read_text())
    table = (folder / told["file"]).read_text("utf-8").splitlines()
    (row,) = table[1:]
    assert row.split(",")[1].split(" ") == [each["file"] for each in told["attachments"]]
    return [(folder / each["file"]).read_bytes() for each in told["attachments"]]


def test_a_photo_arrives_behind_the_office_as_it_was_taken(tmp_path, back):
    (tmp_path / "家.png").write_bytes(PHOTO)
    (tmp_path / "二.png").write_bytes(PHOTO + b"2")
    with city(tmp_path, back) as (place, far):
        made = place.submit(
            DAMAGE,
            *("--attach", f"photos={tmp_path / '家.png'}"),
            *("--attach", f"photos={tmp_path / '二.png'}"),
            *WEB,
        )
        assert place.told(0, "outbox", "send")["delivered"] == 1
        for folder in (tmp_path / "here", far.root):
            eventually(lambda folder=folder: list(folder.glob("*.csv.end")))
            assert sorted(along(folder)) == sorted([PHOTO, PHOTO + b"2"])
            assert {path.suffix for path in folder.iterdir()} == {".csv", ".end", ".png", ""}
        eventually(lambda: f'"{made["id"]}"' in back.done)
    wanted = {f"/in/attachments/{sha256(each)}": each for each in (PHOTO, PHOTO + b"2")}
    assert back.files == wanted
    assert json.loads(back.done[f'"{made["id"]}"'])["receipt"] == made["receipt"]
