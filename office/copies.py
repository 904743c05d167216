"""Electronic copies: the same paper as a file, drawn and signed by the office itself."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from office.devices import Device
from office.problems import ProblemError
from office.registry import REFUSAL, Registry
from office.sealing import SealingKeys
from printing.answers import certificates_from, concerns
from printing.certificates.press import CertificatePress
from printing.contents import Certificate
from printing.faults import MissingFont, MissingGlyph, Undrawable
from printing.proof.signature import electronic


class Copies:
    """One is made at a time: whoever waits holds no thread, and the other calls go on.

    `guarded` are the names and births of those whom no terminal serves.
    """

    def __init__(
        self,
        registry: Registry,
        keys: SealingKeys,
        open_press: Callable[[], CertificatePress],
        guarded: Iterable[tuple[str, str]],
    ) -> None:
        self._registry, self._keys, self._open_press = registry, keys, open_press
        self._guarded = tuple(guarded)
        self._press: CertificatePress | None = None
        self._lane = ThreadPoolExecutor(1)

    async def of(self, number: str, device: Device) -> bytes:
        """The paper of this number as a signed PDF; ProblemError says why there is none."""
        return await asyncio.get_running_loop().run_in_executor(
            self._lane, self._made, number, device
        )

    def _made(self, number: str, device: Device) -> bytes:
        data = self._registry.paper(number, device)
        if not data["seal"]:
            raise ProblemError(409, "unsealed", "This number is from before papers had seals")
        (paper,) = certificates_from(data, specimen=False)
        if any(concerns(paper.content, *each) for each in self._guarded):
            raise ProblemError(403, "not-issuable-here", REFUSAL)  # protected since the order
        return electronic(self._drawn(paper), data, self._keys.signer())

    def _drawn(self, paper: Certificate) -> bytes:
        press = self._opened()
        try:
            return press.render(paper)
        except MissingGlyph as fault:
            words = f"No font has these characters: {fault}"
            raise ProblemError(422, "missing-glyph", words, missing=fault.characters) from fault
        except Undrawable as fault:
            words = f"No sheet can hold this paper: {fault}"
            raise ProblemError(422, "undrawable", words) from fault

    def _opened(self) -> CertificatePress:
        """The press, opened by the first copy: fonts cost time, and most offices never ask."""
        try:
            self._press = self._press or self._open_press()
        except MissingFont as fault:
            raise ProblemError(503, "missing-font", str(fault)) from fault
        except MissingGlyph as fault:
            words = f"No font has these characters of the letterhead: {fault}"
            raise ProblemError(503, "missing-font", words) from fault
        return self._press
