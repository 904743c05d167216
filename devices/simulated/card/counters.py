"""The tries of every secret: they outlive power, and only a wrong secret costs one."""

from secrets import compare_digest

from devices.simulated.card.person import TRIES, Holder


class Counters:
    """How often each secret of one card may still be wrong."""

    def __init__(self, holder: Holder, names: list[str]) -> None:
        self._holder = holder
        self.left = {
            name: max(0, min(TRIES[name], holder.tries.get(name, TRIES[name]))) for name in names
        }
        self.wasted = 0

    def takes(self, name: str, secret: bytes) -> bool:
        """Whether the secret is right; a wrong one costs a try, whatever its length."""
        if not self.left[name]:
            return False
        if compare_digest(secret, self._holder.secret(name).encode()):
            self.left[name] = TRIES[name]
            return True
        self.left[name] -= 1
        self.wasted += 1
        return False
