"""What papers were drawn with is forgotten with the person they were for."""

from dataclasses import dataclass
from threading import Event as Stop

from kiosk.ports.lanes import Lane, Lanes
from kiosk.ports.papers import PaperRoom
from kiosk.usecases.fates import nothing, unless_ours


@dataclass(frozen=True)
class Forget:
    """Leaves the room of papers; where none is kept, there is nothing to leave."""

    papers: PaperRoom | None
    lanes: Lanes

    def behind_the_last(self) -> None:
        """After everything that is still being printed for whoever leaves."""
        if self.papers is not None:
            self.lanes.run(Lane.PRINTER, self.papers.leave, nothing, unless_ours, Stop())

    def now(self) -> None:
        """The lanes have ended, and nobody prints any more."""
        if self.papers is not None:
            self.papers.leave()
