"""The city's keys: who can read them, and what outlives them."""

import json
import os
import stat
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from office import sealing
from office.config import SetupFault
from office.sealing import SealingKeys
from printing.proof import seal
from printing.proof.seal import Seal
from printing.proof.trust import Trust, UnreadableTrust, read_trust

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SEAL = Seal("131211", "juminhyo", "R8-000123", date(2026, 11, 21), bytes(16))


class Clock:
    """Tells the time that it was set to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def _keys(folder: Path, clock: Clock | None = None) -> SealingKeys:
    return SealingKeys(folder / "home" / "keys", "書蒼市", clock or Clock())


def _modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}


def test_keys_are_made_once_and_are_the_same_ever_after(tmp_path: Path) -> None:
    first, again = _keys(tmp_path), _keys(tmp_path)
    assert first.key().kid == again.key().kid
    assert first.signer().certificate == again.signer().certificate
    assert first.trust().text() == again.trust().text()


def test_only_the_office_can_read_them_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        keys = _keys(tmp_path)
        keys.rotate()
    finally:
        os.umask(before)
    folder = tmp_path / "home" / "keys"
    assert _modes(folder) == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "retired")} == {0o700}


@pytest.mark.parametrize("name", ["", "authority.pem", "city.pem", "seal.pem"])
def test_keys_that_others_can_read_stop_the_start(tmp_path: Path, name: str) -> None:
    _keys(tmp_path)
    path = tmp_path / "home" / "keys" / name
    path.chmod(0o750)
    with pytest.raises(SetupFault, match="others can read it"):
        _keys(tmp_path)


@pytest.mark.parametrize("content", [b"", b"junk", b"-----BEGIN PRIVATE KEY-----\n"])
@pytest.mark.parametrize("name", ["authority.pem", "city.pem", "seal.pem"])
def test_a_broken_key_file_is_one_line_that_names_it(
    tmp_path: Path, name: str, content: bytes
) -> None:
    keys = _keys(tmp_path)
    (tmp_path / "home" / "keys" / name).write_bytes(content)
    with pytest.raises(SetupFault, match=name):
        _ = keys.key(), keys.signer()


def test_a_missing_key_file_is_not_made_anew_behind_anybodys_back(tmp_path: Path) -> None:
    _keys(tmp_path)
    (tmp_path / "home" / "keys" / "seal.pem").unlink()
    with pytest.raises(SetupFault, match=r"seal\.pem"):
        _keys(tmp_path)


def test_offices_that_begin_at_once_have_the_same_keys(tmp_path: Path) -> None:
    kids: list[bytes] = []
    barrier = threading.Barrier(6)

    def begin() -> None:
        barrier.wait()
        kids.append(_keys(tmp_path).key().kid)

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kids) == 6
    assert len({*kids}) == 1
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["keys"]


def test_an_office_that_dies_while_it_makes_them_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = sealing.store

    def dying(path: Path, content: bytes) -> None:
        if path.name == "seal.pem":
            raise OSError(28, "No space left on device")
        stored(path, content)

    monkeypatch.setattr(sealing, "store", dying)
    with pytest.raises(SetupFault, match="No space left"):
        _keys(tmp_path)
    assert list((tmp_path / "home").iterdir()) == []


def test_what_is_told_to_verifiers_has_nothing_private(tmp_path: Path) -> None:
    keys = _keys(tmp_path)
    keys.rotate()
    text = keys.trust().text()
    assert "PRIVATE" not in text
    held = read_trust(text)
    assert isinstance(held, Trust)
    assert {*held.seals} == {bytes.fromhex(kid) for kid in json.loads(text)["seals"]}
    assert held.text() == text
    assert "PRIVATE" not in held.bundle()


def test_old_papers_stay_verifiable_after_every_change_of_keys(tmp_path: Path) -> None:
    keys = _keys(tmp_path)
    papers = []
    for _ in range(3):
        papers.append(seal.sign(SEAL, keys.key()))
        keys.rotate()
    assert len({*papers}) == 3
    assert len(keys.trust().seals) == 4
    for text in papers:
        assert seal.read(text, read_trust(keys.trust().text()).seals) == SEAL


def test_a_change_of_keys_replaces_seal_and_certificate_under_the_same_authority(
    tmp_path: Path,
) -> None:
    keys = _keys(tmp_path)
    before, old = keys.signer(), keys.key().kid
    keys.rotate()
    after = keys.signer()
    assert keys.key().kid != old
    assert after.certificate.public_key() != before.certificate.public_key()
    assert after.authority == before.authority


def test_the_citys_certificate_may_sign_papers_and_nothing_else(tmp_path: Path) -> None:
    signer = _keys(tmp_path).signer()
    signer.certificate.verify_directly_issued_by(signer.authority)
    assert signer.private.public_key() == signer.certificate.public_key()
    usage = signer.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.content_commitment, usage.digital_signature) == (True, True)
    assert not usage.key_cert_sign
    assert isinstance(signer.private.curve, ec.SECP256R1)
    name = signer.certificate.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    assert name[0].value == "書蒼市"
    authority = signer.authority.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (authority.ca, authority.path_length) == (True, 0)
    years = (signer.authority.not_valid_after_utc - NOW) / timedelta(days=365)
    assert round(years) == 20


def test_a_certificate_in_its_last_year_is_replaced_before_it_signs(tmp_path: Path) -> None:
    clock = Clock()
    keys = _keys(tmp_path, clock)
    first = keys.signer().certificate
    clock.now = NOW + timedelta(days=365 * 3)
    assert keys.signer().certificate == first
    clock.now = NOW + timedelta(days=365 * 4 + 30)
    later = keys.signer()
    assert later.certificate != first
    assert later.certificate.not_valid_after_utc > clock.now + timedelta(days=365)
    assert _keys(tmp_path, clock).signer().certificate == later.certificate


def test_no_certificate_outlives_its_authority(tmp_path: Path) -> None:
    clock = Clock()
    keys = _keys(tmp_path, clock)
    clock.now = NOW + timedelta(days=365 * 18)
    signer = keys.signer()
    assert signer.certificate.not_valid_after_utc <= signer.authority.not_valid_after_utc


@given(st.one_of(st.binary(max_size=80), st.text(max_size=80)))
def test_any_other_file_of_keys_is_refused(text: bytes | str) -> None:
    with pytest.raises(UnreadableTrust):
        read_trust(text)


def test_a_key_under_another_name_is_refused(tmp_path: Path) -> None:
    raw = json.loads(_keys(tmp_path).trust().text())
    (pem,) = raw["seals"].values()
    for wrong in ({seal.PRACTICE.hex(): pem}, {"00" * 8: pem}, {}, {"x": "junk"}, []):
        if wrong == {}:
            assert read_trust(json.dumps({**raw, "seals": wrong})).seals == {}
            continue
        with pytest.raises(UnreadableTrust):
            read_trust(json.dumps({**raw, "seals": wrong}))
