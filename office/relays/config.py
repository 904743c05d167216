"""`relays.yaml`: which submissions go to which of the city's systems, and how.

Secrets are never in it: it names files. Every fault names the file and the line.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from msgspec import Meta

from forms.definition import FormId, Part
from forms.loader import shaped
from forms.sources import FormFault, read
from office.config import SetupFault
from office.relays.layout import Layout, faults

Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$", description="a-z, 0-9 and -")]
Words = Annotated[str, Meta(min_length=1)]


class Per(StrEnum):
    """What a consumer's `.ok` or `.ng` is about."""

    FILE = "file"
    ROW = "row"


class Attachments(StrEnum):
    """Whether photos and files go themselves, or only what they are called and their hashes."""

    ALONG = "along"
    NAMES = "names"


class When(StrEnum):
    """Photos and files before the submission that names them, or after it."""

    BEFORE = "before"
    AFTER = "after"


class Ack(Part, frozen=True):
    """Where the consumer leaves its answers; a row's are named by receipt number."""

    folder: Words
    per: Per = Per.FILE


class OAuth(Part, frozen=True):
    """Client credentials of RFC 6749; the secret is in a file."""

    token_url: Words
    client_id: Words
    secret: Words
    scope: str | None = None


class Tls(Part, frozen=True):
    """Files of a private trust, and of a certificate of our own."""

    trust: str | None = None
    certificate: str | None = None
    key: str | None = None


class Target(Part, frozen=True, kw_only=True):
    """One system: everything without a purpose goes there, or only shares of its purposes."""

    name: Name
    forms: tuple[FormId, ...] = ()
    purposes: tuple[FormId, ...] = ()
    attachments: Attachments = Attachments.NAMES

    def takes(self, form: str, purpose: str | None) -> bool:
        """Whether a submission of this form, for this purpose, goes there."""
        fits = purpose in self.purposes if self.purposes else purpose is None
        return fits and (not self.forms or form in self.forms)


class Rest(Target, frozen=True, tag="rest", tag_field="kind", kw_only=True):
    """One POST each, and a PUT for each photo or file that goes along."""

    url: Words
    attachments_url: (
        Annotated[str, Meta(description="with {sha256}, and {id} if wanted")] | None
    ) = None
    attachments_when: When = When.BEFORE
    events: Annotated[bool, Meta(description="as CloudEvents 1.0")] = False
    bearer: Annotated[str, Meta(description="a file with a token")] | None = None
    oauth: OAuth | None = None
    tls: Tls = Tls()
    timeout: Annotated[int, Meta(ge=1, le=300)] = 20


class FileTarget(Target, frozen=True, kw_only=True):
    """Many in one file, with a control file behind it."""

    folder: Words
    layout: Words
    prefix: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,40}$")] = "kakanai"
    every: Annotated[int, Meta(ge=0, le=86_400, description="seconds between files")] = 300
    most: Annotated[int, Meta(ge=1, le=10_000, description="rows in a file")] = 500
    ack: Ack | None = None


class CsvDrop(FileTarget, frozen=True, tag="csv-drop", tag_field="kind", kw_only=True):
    """Into a folder of this machine."""


class Sftp(FileTarget, frozen=True, tag="sftp", tag_field="kind", kw_only=True):
    """Into a folder of another, whose key is known beforehand."""

    host: Words
    port: Annotated[int, Meta(ge=1, le=65_535)] = 22
    user: Words
    key: Words
    known_hosts: Words
    timeout: Annotated[int, Meta(ge=1, le=300)] = 20


class Pull(Target, frozen=True, tag="pull", tag_field="kind", kw_only=True):
    """The system asks by itself, as this device of role backoffice."""

    device: Annotated[str, Meta(min_length=1, max_length=40)]


AnyTarget = Rest | CsvDrop | Sftp | Pull


class _File(Part, frozen=True):
    targets: Annotated[tuple[AnyTarget, ...], Meta(min_length=1)]
    lease: Annotated[int, Meta(ge=1, le=3600, description="seconds until another takes over")] = 120


@dataclass(frozen=True)
class Directory:
    """Every target of the city, and the files that they name."""

    targets: tuple[AnyTarget, ...] = ()
    layouts: Mapping[str, Layout] = field(default_factory=dict, repr=False)
    file: Path = Path("relays.yaml")
    lease: int = 120

    def targets_for(self, form: str, purpose: str | None) -> tuple[str, ...]:
        """Where a submission goes."""
        return tuple(each.name for each in self.targets if each.takes(form, purpose))

    def target_of(self, device: str) -> str | None:
        """The target that this device fetches for."""
        pulling = (each for each in self.targets if isinstance(each, Pull))
        return next((each.name for each in pulling if each.device == device), None)


def read_directory(file: Path | None) -> Directory:
    """The targets of the file, with everything that it names looked at; none without one."""
    if file is None:
        return Directory()
    try:
        source = read(file)
        told = shaped(source, _File)
        targets = told.targets
        layouts = {
            each.layout: read_layout(beside(file, each.layout))
            for each in targets
            if isinstance(each, FileTarget)
        }
    except FormFault as fault:
        raise SetupFault(str(fault)) from fault
    for place, target in enumerate(targets):
        for key, rule in _wrong(file, targets[:place], target, told.lease):
            line = source.line_of(["targets", place, key])
            raise SetupFault(f"{file}: line {line}: {rule}")
    return Directory(targets, layouts, file, told.lease)


def read_layout(file: Path) -> Layout:
    """A mapping file; a column that can never work is told with its line."""
    source = read(file)
    layout = shaped(source, Layout)
    for place, key, rule in faults(layout):
        line = source.line_of(["columns", place, key])
        raise FormFault(file, f"line {line}", rule)
    return layout


def beside(file: Path, name: str) -> Path:
    """What a file names stands beside it, unless it says where."""
    return file.parent / Path(name).expanduser()


def secret(file: Path) -> str:
    """The one line of a secret's file."""
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise SetupFault(f"{file}: no secret can be read there") from fault


def _wrong(
    file: Path, earlier: Sequence[AnyTarget], target: AnyTarget, lease: int
) -> Iterator[tuple[str, str]]:
    if isinstance(target, Rest | Sftp) and target.timeout >= lease:
        yield "timeout", f"must be shorter than `lease` ({lease}), or another goes too"
    if any(each.name == target.name for each in earlier):
        yield "name", f"{target.name!r} stands here twice"
    match target:
        case Rest():
            yield from _wrong_rest(target, lambda name: beside(file, name))
        case Sftp():
            for key in ("key", "known_hosts"):
                if not beside(file, getattr(target, key)).is_file():
                    yield key, f"{getattr(target, key)}: no such file"
        case Pull() if any(isinstance(o, Pull) and o.device == target.device for o in earlier):
            yield "device", f"{target.device!r} fetches for another target"
        case _:
            pass


def _wrong_rest(target: Rest, there: Callable[[str], Path]) -> Iterator[tuple[str, str]]:
    urls: dict[str, Any] = {"url": target.url}
    if target.attachments_url is not None:
        urls["attachments_url"] = target.attachments_url
        if "{sha256}" not in urlsplit(target.attachments_url).path:
            yield "attachments_url", "`{sha256}` must stand in its path"
    elif target.attachments is Attachments.ALONG and "?" in target.url:
        yield "url", "with a question mark in it `attachments_url` must be given"
    named = {"bearer": target.bearer}
    if target.oauth:
        urls["oauth"] = target.oauth.token_url
        named["oauth"] = target.oauth.secret
    for key, url in urls.items():
        parts = urlsplit(url)
        local = parts.hostname in ("127.0.0.1", "::1", "localhost")
        if parts.scheme != "https" and not (local and parts.scheme == "http"):
            yield key, f"{url!r} must begin with https://"
    if target.bearer and target.oauth:
        yield "bearer", "either `bearer` or `oauth`"
    if bool(target.tls.certificate) != bool(target.tls.key):
        yield "tls", "`certificate` and `key` go together"
    for key, name in [*named.items(), *(("tls", name) for name in _tls(target.tls))]:
        if name and not there(name).is_file():
            yield key, f"{name}: no such file"


def _tls(tls: Tls) -> tuple[str | None, ...]:
    return tls.trust, tls.certificate, tls.key
