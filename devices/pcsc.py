"""The computer's card service: the only home of pyscard.

Everything goes through one connection, polled by whoever asks, for the service's own events and
connection objects lose cards: a monitor misses a card that lies there at start and dies with
the service, and a forgotten connection powers the card down under the next one.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from smartcard import scard

from devices.apdu import Card
from devices.faults import CardBusy, CardGone, CardMute, DeviceFault, ReaderGone, ReaderServiceGone

_SERVICE = {
    scard.SCARD_E_NO_SERVICE,
    scard.SCARD_E_SERVICE_STOPPED,
    scard.SCARD_E_INVALID_HANDLE,
    scard.SCARD_F_COMM_ERROR,
}
_READER = {
    scard.SCARD_E_NO_READERS_AVAILABLE,
    scard.SCARD_E_UNKNOWN_READER,
    scard.SCARD_E_READER_UNAVAILABLE,
}
_MUTE = {
    scard.SCARD_W_UNRESPONSIVE_CARD,
    scard.SCARD_W_UNPOWERED_CARD,
    scard.SCARD_W_UNSUPPORTED_CARD,
    scard.SCARD_E_PROTO_MISMATCH,
}
_PROTOCOLS = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
_COUNTER = 16
_RESTS = 1.0  # seconds after which a mute card is surely there


class PcscCard:
    """A card that is powered and ours."""

    def __init__(self, handle: int, protocol: int) -> None:
        self._handle, self._protocol = handle, protocol

    def transmit(self, command: bytes | bytearray) -> bytes:
        """One exchange; whatever goes wrong in it ends the reading."""
        told, answer = scard.SCardTransmit(self._handle, self._protocol, list(command))
        if told != scard.SCARD_S_SUCCESS:
            raise _fault(told)
        return bytes(one & 0xFF for one in answer)


class PcscSlot:
    """One reader of the card service, by name, or whichever has a card."""

    def __init__(self, name: str = "") -> None:
        self._name = name
        self._context: int | None = None
        self._mute: dict[str, float] = {}
        self._doubted = ""

    def readers(self) -> tuple[str, ...]:
        """The readers that are plugged in and meant."""
        told, names = self._ask(lambda context: scard.SCardListReaders(context, []))
        if told in _READER or not names:
            return ()
        if told != scard.SCARD_S_SUCCESS:
            raise _fault(told)
        return tuple(name for name in names if self._name in name)

    def lying(self) -> str | None:
        """A name for the very card that lies there, new with every insertion."""
        names = self.readers()
        if not names:
            raise ReaderGone
        for name, state in self._states(names):
            if state & scard.SCARD_STATE_PRESENT:
                return f"{name}#{state >> _COUNTER}"
            if name == self._doubted and self._woken(name):
                return self.lying()
        return None

    @contextmanager
    def powered(self) -> Iterator[Card]:
        """The card, ours alone until it is powered down again."""
        lies = self.lying()
        if lies is None:
            raise CardGone
        name = lies.rpartition("#")[0]
        handle, protocol, shared = self._connect(name, lies)
        farewell = scard.SCARD_UNPOWER_CARD
        try:
            if shared:
                _good(scard.SCardBeginTransaction(handle))
            yield PcscCard(handle, protocol)
        except CardGone:
            # It has no power any more; to take it away again makes pcscd 1.9 blind for the next.
            farewell = scard.SCARD_LEAVE_CARD
            raise
        finally:
            if shared:
                scard.SCardEndTransaction(handle, farewell)
            scard.SCardDisconnect(handle, farewell)
            if any(state & scard.SCARD_STATE_EMPTY for _, state in self._states([name])):
                self._doubted = name

    def close(self) -> None:
        """Let the card service go."""
        if self._context is not None:
            scard.SCardReleaseContext(self._context)
            self._context = None

    def _connect(self, name: str, lies: str) -> tuple[int, int, bool]:
        for mode in (scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_SHARE_SHARED):
            told, handle, protocol = self._ask(_connecting(name, mode, _PROTOCOLS))
            if told == scard.SCARD_S_SUCCESS:
                return handle, protocol, mode == scard.SCARD_SHARE_SHARED
            if told in _MUTE and self._stays_mute(lies):
                return *self._revived(name), False
            if told != scard.SCARD_E_SHARING_VIOLATION:
                break
        raise _fault(told)

    def _stays_mute(self, lies: str) -> bool:
        """Whether this very card has been mute for a while, asked once: it does lie there.

        One that is mute because it is being pulled must not be powered: pcscd 1.9 goes blind.
        """
        since = self._mute.get(lies)
        if since is None:
            self._mute = {lies: time.monotonic()}
        if since is None or time.monotonic() - since < _RESTS:
            return False
        self._mute = {lies: math.inf}
        return True

    def _woken(self, name: str) -> bool:
        """Whether a card lies there that the service does not see.

        One that goes in the moment of the farewell and is back before the next poll is lost to
        pcscd 1.9, which then calls the reader empty until a card is taken out again.
        """
        try:
            handle, _protocol = self._revived(name)
        except (CardBusy, CardGone, CardMute, ReaderGone):
            return False
        scard.SCardDisconnect(handle, scard.SCARD_UNPOWER_CARD)
        self._doubted = ""
        return True

    def _revived(self, name: str) -> tuple[int, int]:
        """Power the card anew, past what the service believes of it."""
        told, handle, _ = self._ask(_connecting(name, scard.SCARD_SHARE_DIRECT, 0))
        _good(told)
        mode, warm = scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_RESET_CARD
        told, protocol = scard.SCardReconnect(handle, mode, _PROTOCOLS, warm)
        if told != scard.SCARD_S_SUCCESS:
            scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)
            raise _fault(told)
        return handle, protocol

    def _states(self, names: Sequence[str]) -> list[tuple[str, int]]:
        asked = [(name, scard.SCARD_STATE_UNAWARE) for name in names]
        told, states = self._ask(lambda context: scard.SCardGetStatusChange(context, 0, asked))
        if told not in (scard.SCARD_S_SUCCESS, scard.SCARD_E_TIMEOUT):
            raise _fault(told)
        return [(name, state) for name, state, _ in states]

    def _ask(self, call: Callable[[int], Any]) -> Any:
        """Call with a context; one that died with the service is made anew, once."""
        answer = call(self._established())
        if answer[0] in _SERVICE:
            self.close()
            answer = call(self._established())
            if answer[0] in _SERVICE:
                self.close()
                raise ReaderServiceGone
        return answer

    def _established(self) -> int:
        if self._context is None:
            told, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
            if told != scard.SCARD_S_SUCCESS:
                raise ReaderServiceGone
            self._context = context
        return self._context


def _connecting(name: str, mode: int, protocols: int) -> Callable[[int], Any]:
    return lambda context: scard.SCardConnect(context, name, mode, protocols)


def _good(told: int) -> None:
    if told != scard.SCARD_S_SUCCESS:
        raise _fault(told)


def _fault(told: int) -> DeviceFault:
    """The service's word in ours; what is not known otherwise is a card that went."""
    if told in _SERVICE:
        return ReaderServiceGone()
    if told in _READER:
        return ReaderGone()
    if told in _MUTE:
        return CardMute()
    if told == scard.SCARD_E_SHARING_VIOLATION:
        return CardBusy()
    return CardGone()
