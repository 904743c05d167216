"""A folder of another machine, over SFTP: the only home of asyncssh.

One connection a target, kept, and used by the one thread of that target.
"""

import asyncio
import stat
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import asyncssh

from office.relays.drop import DONE
from office.relays.port import TargetAway

_T = TypeVar("_T")
_KEEPALIVE = 15
_PIECE = 32_768
_SLOWEST = 50_000  # bytes a second


@dataclass(frozen=True)
class Account:
    """Where we log in, as whom, and by which key we know them; all must be there beforehand."""

    host: str
    port: int
    user: str
    key: Path
    known_hosts: Path
    timeout: float = 20.0


class SftpLine:
    """The connection: opened when it is needed, dropped with the first fault."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._runner: asyncio.Runner | None = None
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: asyncssh.SFTPClient | None = None

    def run(self, work: Callable[[asyncssh.SFTPClient], Awaitable[_T]], size: int = 0) -> _T:
        """One piece of work; every way in which the other side fails is TargetAway.

        So many bytes more take so much longer.
        """
        where = f"{self._account.host}:{self._account.port}"
        try:
            return self._in_time(self._with_client(work), self._account.timeout + size / _SLOWEST)
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
            raise
        except asyncssh.HostKeyNotVerifiable as fault:
            self.close()
            raise TargetAway(f"{where}: its host key is not the one in known_hosts") from fault
        except asyncssh.PermissionDenied as fault:
            self.close()
            raise TargetAway(f"{where}: does not let {self._account.user} in") from fault
        except asyncssh.SFTPError as fault:
            self.close()
            raise TargetAway(f"{where}: {fault.reason or type(fault).__name__}") from fault
        except TimeoutError as fault:
            self.close()
            raise TargetAway(f"{where}: no answer in time") from fault
        except (OSError, asyncssh.Error, ValueError) as fault:
            self.close()
            raise TargetAway(f"{where}: {type(fault).__name__}") from fault

    def close(self) -> None:
        """Nothing of it stays; the next call opens a new one."""
        runner, self._runner = self._runner, None
        connection, self._connection, self._client = self._connection, None, None
        if runner is None:
            return
        if connection is not None:
            with suppress(Exception):
                runner.run(_ended(connection))
        runner.close()

    def _in_time(self, work: Awaitable[_T], seconds: float) -> _T:
        if self._runner is None:
            self._runner = asyncio.Runner()

        async def bounded() -> _T:
            return await asyncio.wait_for(work, seconds)

        return self._runner.run(bounded())

    async def _with_client(self, work: Callable[[asyncssh.SFTPClient], Awaitable[_T]]) -> _T:
        if self._client is None:
            account = self._account
            self._connection = await asyncssh.connect(
                account.host,
                account.port,
                username=account.user,
                client_keys=[str(account.key)],
                known_hosts=str(account.known_hosts),
                config=None,
                agent_path=None,
                preferred_auth="publickey",
                keepalive_interval=_KEEPALIVE,
            )
            self._client = await self._connection.start_sftp_client(
                path_errors="surrogateescape"  # whatever others call their files there
            )
        return await work(self._client)


class SftpFolder:
    """Files are uploaded under another name, and renamed the way POSIX does."""

    unseen = ".part"

    def __init__(self, line: SftpLine, path: str) -> None:
        self._line, self._path = line, path.rstrip("/")

    def write(self, name: str, pieces: Iterable[bytes], size: int) -> None:
        """Synced there, where the server can."""

        async def work(client: asyncssh.SFTPClient) -> None:
            async with client.open(
                self._at(name), "wb", asyncssh.SFTPAttrs(permissions=0o640)
            ) as f:
                place = 0
                for piece in pieces:
                    for start in range(0, len(piece), _PIECE):
                        place += await f.write(piece[start : start + _PIECE], place)
                with suppress(asyncssh.SFTPOpUnsupported):
                    await f.fsync()
            if await client.getsize(self._at(name)) != size:
                raise asyncssh.SFTPFailure("it did not take the whole file")

        self._line.run(lambda client: self._there(work(client)), size)

    def rename(self, name: str, new: str) -> bool:
        """False where there is no such file."""

        async def work(client: asyncssh.SFTPClient) -> bool:
            if new.startswith(f"{DONE}/") and not await client.isdir(self._at(DONE)):
                await client.mkdir(self._at(DONE))
            try:
                await client.posix_rename(self._at(name), self._at(new))
            except asyncssh.SFTPOpUnsupported:
                await client.rename(self._at(name), self._at(new))
            return True

        return self._unless_missing(work)

    def remove(self, name: str) -> bool:
        """Gone, if it was there."""

        async def work(client: asyncssh.SFTPClient) -> bool:
            await client.remove(self._at(name))
            return True

        return self._unless_missing(work)

    def sizes(self) -> Mapping[str, int]:
        """Plain files alone."""

        async def work(client: asyncssh.SFTPClient) -> dict[str, int]:
            found = {}
            for entry in await client.readdir(self._path):
                mode, name = entry.attrs.permissions or 0, entry.filename
                if stat.S_ISREG(mode) and isinstance(name, str):
                    found[name] = entry.attrs.size or 0
            return found

        return self._line.run(lambda client: self._there(work(client)))

    def read(self, name: str, most: int) -> bytes | None:
        """The first bytes of what a consumer left."""

        async def work(client: asyncssh.SFTPClient) -> bytes:
            async with client.open(self._at(name), "rb") as file:
                return _plain(await file.read(most))

        try:
            return self._line.run(work)
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
            return None

    def _unless_missing(self, work: Callable[[asyncssh.SFTPClient], Awaitable[bool]]) -> bool:
        try:
            return self._line.run(work)
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
            self.sizes()  # the folder itself must be there
            return False

    async def _there(self, work: Awaitable[_T]) -> _T:
        try:
            return await work
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath) as fault:
            raise asyncssh.SFTPFailure(f"{self._path}: no such folder") from fault

    def _at(self, name: str) -> str:
        return f"{self._path}/{name}"


def _plain(found: bytes | str) -> bytes:
    """Asyncssh's word for both; a file opened as bytes gives bytes."""
    return found.encode() if isinstance(found, str) else found


async def _ended(connection: asyncssh.SSHClientConnection) -> None:
    connection.abort()
    await asyncio.wait_for(connection.wait_closed(), 2.0)
