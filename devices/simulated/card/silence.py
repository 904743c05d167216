"""How a card stops answering; whoever holds the line sees only that it fell silent."""


class Pulled(Exception):
    """The card left the reader in the middle of a word."""


class Mute(Exception):
    """The card never answers."""
