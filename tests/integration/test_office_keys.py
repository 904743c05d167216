"""The city's public keys, handed to anybody; and new ones, which leave the old papers good."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from printing.proof.seal import read
from tests.fakes.stores import Stores
from tests.integration.test_office import (
    ENROLLED,
    ROOT,
    WATANABE,
    Office,
    refused_in_one_line,
    running,
    start_in_vain,
)
from tests.integration.test_office_certificates import home, key
from tests.integration.test_office_copies import copy, found, office, ordered, trusted

__all__ = ["home", "office"]  # fixtures


def command(home: Path, *verbs: str, part: str = "office") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", part, "--home", str(home), *verbs],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_anybody_is_told_the_public_keys_and_nothing_else(office: Office, home: Path) -> None:
    answer = office.call("GET", "/v1/trust", "")
    assert answer.headers["content-type"] == "application/json"
    assert "PRIVATE" not in answer.text
    assert command(home, "trust").stdout.encode() == answer.content + b"\n"
    assert "/v1/trust" in office.call("GET", "/openapi.json", "").json["paths"]


def test_a_new_key_seals_from_the_next_paper_on_and_the_old_papers_stay(tmp_path: Path) -> None:
    with running(tmp_path / "office", *ENROLLED) as office:
        (first,) = ordered(office)
        before, old = trusted(office), copy(office, first).content
        done = command(tmp_path, "office", "rotate-seal", part="kiosk")  # as people type it
        assert (done.returncode, done.stderr) == (0, "")
        answer = office.order(WATANABE, key(), "C01").json
        after = trusted(office)
        (new,) = after.seals.keys() - before.seals.keys()
        assert done.stdout == f"{new.hex()}\n"
        assert read(answer["seal"], {new: after.seals[new]}).number == answer["number"]
        fresh = copy(office, answer["number"]).content
        for pdf in (old, fresh, copy(office, first).content):
            assert found(pdf, after).authentic
        assert not found(fresh, before).authentic
        assert after.authorities == before.authorities


@pytest.mark.parametrize("verb", ["trust", "rotate-seal"])
def test_an_office_that_never_began_has_no_keys_to_tell(tmp_path: Path, verb: str) -> None:
    line = refused_in_one_line(command(tmp_path / "home", verb))
    assert "no keys yet" in line
    assert not list(tmp_path.iterdir())


def test_a_verb_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    done = command(tmp_path, "confess")
    assert done.returncode == 2
    assert "rotate-seal" in done.stderr


def test_an_office_with_another_key_of_persons_is_refused(tmp_path: Path, stores: Stores) -> None:
    """A machine to which `keys` was not copied would know nobody's consents, and say so to none."""
    first, second = tmp_path / "first", tmp_path / "second"
    with running(first, *stores.arguments(first)):
        pass
    (first / "keys").rename(first / "before")
    if stores.engine == "postgresql":
        where = stores.arguments(first)
        assert "person.key" in refused_in_one_line(start_in_vain(second, *where))
    assert "person.key" in refused_in_one_line(start_in_vain(first, *stores.arguments(first)))
    shutil.rmtree(first / "keys")
    (first / "before").rename(first / "keys")
    with running(first, *stores.arguments(first)):
        pass
