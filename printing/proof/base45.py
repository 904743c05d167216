"""Base45 (RFC 9285): bytes in the letters that a QR code packs best and every reader keeps."""

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {letter: value for value, letter in enumerate(LETTERS)}


def encode(plain: bytes) -> str:
    """Two bytes become three letters, a last single one two."""
    letters = []
    for place in range(0, len(plain), 2):
        pair = plain[place : place + 2]
        rest = int.from_bytes(pair)
        for _ in range(len(pair) + 1):
            rest, value = divmod(rest, 45)
            letters.append(LETTERS[value])
    return "".join(letters)


def decode(text: str) -> bytes:
    """The bytes again; ValueError for whatever `encode` does not write."""
    plain = bytearray()
    for place in range(0, len(text), 3):
        group = text[place : place + 3]
        number = 0
        for letter in reversed(group):
            if letter not in _VALUES:
                raise ValueError("not a letter of Base45")
            number = number * 45 + _VALUES[letter]
        if len(group) == 1 or number >= 256 ** (len(group) - 1):
            raise ValueError("no bytes are written so")
        plain += number.to_bytes(len(group) - 1)
    return bytes(plain)
