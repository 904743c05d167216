"""Which devices there are, what each may do, and whether it still may speak."""

from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from office.tables import DeviceTable, PairingTable

TERMINALS = ("kiosk", "counter")
ROLES = (*TERMINALS, "backoffice")
_FRESH = 1.0  # seconds: a device that was revoked in another process is out after them


@dataclass(frozen=True)
class Device:
    """A device that has proved itself."""

    id: str
    role: str
    generation: int = 0


@dataclass(frozen=True)
class Standing:
    """What the office holds of a device: its role, its key, and how often that was replaced."""

    role: str
    public_key: str | None
    generation: int
    revoked: bool


class Devices:
    """The devices of this office, as its database has them."""

    def __init__(
        self,
        engine: Engine,
        now: Callable[[], datetime],
        tick: Callable[[], float] = monotonic,
    ) -> None:
        self._engine, self._now, self._tick = engine, now, tick
        self._lock = Lock()
        self._coming: Future[None] | None = None
        self._asked, self._held = -_FRESH, dict[str, Standing]()
        self._spoke: set[str] = set()

    def standing(self, device: str) -> Standing | None:
        """What the database says now."""
        asked = self._tick()
        found = self._read({device}).get(device)
        with self._lock:
            if found is not None and asked >= self._asked:
                self._held[device] = found
                self._spoke.add(device)
        return found

    def lately(self, device: str) -> Standing | None:
        """What it said at most a second ago: every call of every terminal asks.

        Whoever asks first after that second asks for all that spoke within it.
        """
        if found := self.held(device):
            return found
        with self._lock:
            self._spoke.add(device)
            coming, mine = self._coming, None
            if coming is None and not self._is_fresh():
                mine = self._coming = Future()
        if mine is not None:
            self._ask_for_all(mine)
        elif coming is not None:
            coming.result()
        return self.held(device) or self.standing(device)

    def held(self, device: str) -> Standing | None:
        """The same where it need not be asked again: this never waits."""
        with self._lock:
            found = self._held.get(device) if self._is_fresh() else None
            if found is not None:
                self._spoke.add(device)
        return found

    def replace_key(self, device: Device, public_key: str) -> bool:
        """Another key from now on; False if the device was replaced or revoked meanwhile."""
        wanted = update(DeviceTable).where(
            DeviceTable.id == device.id,
            DeviceTable.generation == device.generation,
            DeviceTable.revoked.is_(None),
        )
        new = wanted.values(public_key=public_key, generation=device.generation + 1)
        done = self._changed(new)
        with self._lock:
            self._held.pop(device.id, None)
        return done

    def revoke(self, device: str) -> bool:
        """Out, and no code that was made for it lets it in again; False for an unknown one."""
        with Session(self._engine) as session, session.begin():
            session.execute(delete(PairingTable).where(PairingTable.device == device))
            row = session.get(DeviceTable, device)
            if row is None:
                return False
            row.revoked = row.revoked or self._now().isoformat()
        return True

    def greeted(self, device: str) -> None:
        """It was here: noted whenever a session begins."""
        wanted = update(DeviceTable).where(DeviceTable.id == device)
        self._changed(wanted.values(seen=self._now().isoformat()))

    def listed(self) -> list[dict[str, Any]]:
        """Every device, for whoever runs the office."""
        with Session(self._engine) as session:
            rows = session.scalars(select(DeviceTable).order_by(DeviceTable.id)).all()
            return [
                {
                    "device": row.id,
                    "role": row.role,
                    "enrolled": row.enrolled,
                    "seen": row.seen,
                    "revoked": row.revoked,
                }
                for row in rows
            ]

    def _ask_for_all(self, coming: Future[None]) -> None:
        """Who waits for it meanwhile hears of a fault too, and does not ask again."""
        with self._lock:
            spoke, self._spoke = self._spoke, set()
        asked = self._tick()
        try:
            held = self._read(spoke)
        except BaseException as fault:
            coming.set_exception(fault)
            raise
        else:
            with self._lock:
                self._asked, self._held = asked, held
            coming.set_result(None)
        finally:
            with self._lock:
                self._coming = None

    def _is_fresh(self) -> bool:
        return self._tick() - self._asked < _FRESH

    def _read(self, devices: Collection[str]) -> dict[str, Standing]:
        asked = (DeviceTable.id, DeviceTable.role, DeviceTable.public_key, DeviceTable.generation)
        wanted = select(*asked, DeviceTable.revoked).where(DeviceTable.id.in_(devices))
        with self._engine.connect() as connection:
            rows = connection.execute(wanted).all()
        return {
            name: Standing(role, public_key, generation, revoked is not None)
            for name, role, public_key, generation, revoked in rows
        }

    def _changed(self, wanted: Any) -> bool:
        with self._engine.begin() as connection:
            return connection.execute(wanted).rowcount == 1
