"""A card that follows a script: what must be sent, what is answered, and nothing left over."""

from devices.faults import CardGone


class ScriptedCard:
    """Answers each command of the script in order; anything else is an error of the test."""

    def __init__(self, *lines: str) -> None:
        self._lines = [tuple(bytes.fromhex(part) for part in line.split("→")) for line in lines]

    def transmit(self, command: bytes | bytearray) -> bytes:
        """The scripted answer; an empty one is a card that left."""
        assert self._lines, f"not in the script: {bytes(command).hex(' ')}"
        wanted, answer = self._lines.pop(0)
        assert bytes(command) == wanted, f"{bytes(command).hex(' ')} != {wanted.hex(' ')}"
        if not answer:
            raise CardGone
        return answer

    def finished(self) -> bool:
        """Whether the whole script was played."""
        return not self._lines
