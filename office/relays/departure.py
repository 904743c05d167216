"""From `relays.yaml` to those who go: which adapter serves which target."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from office.oauth import Caller, Credentials, Tls
from office.relays.config import (
    Attachments,
    CsvDrop,
    Directory,
    FileTarget,
    OAuth,
    Per,
    Pull,
    Rest,
    Sftp,
    When,
    beside,
    secret,
)
from office.relays.couriers import Courier, InFiles, OneByOne
from office.relays.csvdrop import LocalFolder
from office.relays.drop import Drop, Folder
from office.relays.queue import Handovers, Stands
from office.relays.rest import RestRelay
from office.relays.runner import Runner
from office.relays.sftp import Account, SftpFolder, SftpLine

_POLL_HERE, _POLL_FAR = 2.0, 30.0
_CONNECT = 3.05


@contextmanager
def handed_on(
    directory: Directory, engine: Engine, now: Callable[[], datetime], stands: Stands
) -> Iterator[None]:
    """While this lasts, what is due goes; `stands`: does a person's consent stand right now."""
    handovers = Handovers(engine, now, stands, directory.lease * 1000)
    runner = Runner([*couriers(directory, handovers, now)])
    runner.start()
    try:
        yield
    finally:
        runner.stop()


def couriers(
    directory: Directory, handovers: Handovers, now: Callable[[], datetime]
) -> Iterator[Courier]:
    """One for each target that does not come by itself."""
    for target in directory.targets:
        match target:
            case Rest():
                relay = _rest(target, directory.file)
                yield OneByOne(target.name, relay, handovers)
            case CsvDrop():
                drop = _drop(directory, target, lambda path: LocalFolder(_here(directory, path)))
                yield _in_files(target, drop, handovers, now, _POLL_HERE)
            case Sftp():
                line = SftpLine(_account(target, directory.file))
                drop = _drop(directory, target, _far(line))
                yield _in_files(target, drop, handovers, now, _POLL_FAR)
            case Pull():
                continue


def _rest(target: Rest, file: Path) -> RestRelay:
    patience = (_CONNECT, float(target.timeout))
    credentials = _credentials(target.oauth, file) if target.oauth else None
    trust, ours, key = target.tls.trust, target.tls.certificate, target.tls.key
    tls = Tls(
        str(beside(file, trust)) if trust else None,
        (str(beside(file, ours)), str(beside(file, key))) if ours and key else None,
    )
    return RestRelay(
        Caller(credentials, patience, tls),
        target.url,
        bearer=secret(beside(file, target.bearer)) if target.bearer else None,
        timeout=target.timeout,
        events=target.events,
        attachments=_attachments_url(target),
        after=target.attachments_when is When.AFTER,
    )


def _attachments_url(target: Rest) -> str | None:
    """Where each goes that goes along; None where none does."""
    if target.attachments is not Attachments.ALONG:
        return None
    return target.attachments_url or f"{target.url.rstrip('/')}/attachments/{{sha256}}"


def _credentials(told: OAuth, file: Path) -> Credentials:
    said = secret(beside(file, told.secret))
    return Credentials(told.token_url, told.client_id, said, told.scope)


def _here(directory: Directory, path: str) -> Path:
    return beside(directory.file, path)


def _far(line: SftpLine) -> Callable[[str], Folder]:
    return lambda path: SftpFolder(line, path)


def _drop(directory: Directory, target: FileTarget, folder: Callable[[str], Folder]) -> Drop:
    return Drop(
        folder(target.folder),
        directory.layouts[target.layout],
        target.prefix,
        folder(target.ack.folder) if target.ack else None,
        target.ack.per if target.ack else Per.FILE,
        target.attachments,
    )


def _in_files(
    target: FileTarget,
    drop: Drop,
    handovers: Handovers,
    now: Callable[[], datetime],
    poll: float,
) -> InFiles:
    return InFiles(
        target.name,
        drop,
        handovers,
        now,
        prefix=target.prefix,
        most=target.most,
        every=target.every,
        poll=poll,
    )


def _account(target: Sftp, file: Path) -> Account:
    key, hosts = beside(file, target.key), beside(file, target.known_hosts)
    return Account(target.host, target.port, target.user, key, hosts, target.timeout)
