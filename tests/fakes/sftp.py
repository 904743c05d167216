"""A real SFTP server in a folder, on loopback, that breaks where it is told to."""

import asyncio
import errno
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh


@dataclass
class Far:
    """One server: where it is, and what goes wrong there."""

    root: Path
    keys: Path
    port: int = 0
    cut_after: int | None = None  # bytes written until the connection is cut
    full: bool = False
    lose_renames: int = 0  # so many renames are done and never answered
    old: bool = False  # a server without OpenSSH's extensions
    connections: int = 0
    _live: list = field(default_factory=list)

    @property
    def known_hosts(self):
        return self.keys / "known_hosts"

    def cut(self):
        for connection in self._live:
            connection.abort()
        self._live.clear()


def _server(far):
    class Door(asyncssh.SSHServer):
        def connection_made(self, connection):
            far.connections += 1
            far._live.append(connection)

    class Files(asyncssh.SFTPServer):
        def __init__(self, channel):
            super().__init__(channel, chroot=bytes(far.root))

        def write(self, file_obj, offset, data):
            if far.full:
                raise OSError(errno.ENOSPC, "No space left on device")
            if far.cut_after is not None:
                far.cut_after -= len(data)
                if far.cut_after < 0:
                    far.cut_after = None
                    far.cut()
                    raise asyncssh.SFTPConnectionLost("cut")
            return super().write(file_obj, offset, data)

        def posix_rename(self, oldpath, newpath):
            if far.old:
                raise asyncssh.SFTPOpUnsupported("posix-rename")
            done = super().posix_rename(oldpath, newpath)
            if far.lose_renames:
                far.lose_renames -= 1
                far.cut()
            return done

        def fsync(self, file_obj):
            if far.old:
                raise asyncssh.SFTPOpUnsupported("fsync")
            return super().fsync(file_obj)

    return Door, Files


@contextmanager
def sftp_server(folder):
    """Listening, with keys of its own and one account; gone afterwards."""
    far = Far(folder / "far", folder / "keys")
    for path in (far.root, far.keys):
        path.mkdir()
    host, client = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    host.write_private_key(str(far.keys / "host"))
    client.write_private_key(str(far.keys / "client"))
    client.write_public_key(str(far.keys / "authorized"))
    door, files = _server(far)
    ready, stop = threading.Event(), threading.Event()

    async def serve():
        listening = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=door,
            server_host_keys=[str(far.keys / "host")],
            authorized_client_keys=str(far.keys / "authorized"),
            sftp_factory=files,
        )
        far.port = listening.get_port()
        ready.set()
        await asyncio.to_thread(stop.wait)
        far.cut()
        listening.close()
        await listening.wait_closed()
        await asyncio.sleep(0.05)

    def run():
        with asyncio.Runner() as runner:
            runner.run(serve())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    public = host.export_public_key().decode().strip()
    far.known_hosts.write_text(f"[127.0.0.1]:{far.port} {public}\n")
    try:
        yield far
    finally:
        stop.set()
        thread.join(10)
