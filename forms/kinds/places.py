"""Kinds with parts: a Japanese address, a bank account."""

import re
from collections.abc import Mapping

from forms.definition import Field
from forms.kinds.reading import LONGEST_NAME, LONGEST_TEXT, STROKES, Unreadable, folded, plain
from forms.kinds.words import hiragana_to_katakana

ADDRESS_PARTS = ("postcode", "prefecture", "city", "town", "number", "building")
ACCOUNT_PARTS = ("bank", "branch", "type", "number", "holder")
ACCOUNT_TYPES = {"ordinary": "普通", "current": "当座", "savings": "貯蓄", "yucho": "ゆうちょ"}
PREFECTURES = frozenset(
    [
        "北海道",
        "青森県",
        "岩手県",
        "宮城県",
        "秋田県",
        "山形県",
        "福島県",
        "茨城県",
        "栃木県",
        "群馬県",
        "埼玉県",
        "千葉県",
        "東京都",
        "神奈川県",
        "新潟県",
        "富山県",
        "石川県",
        "福井県",
        "山梨県",
        "長野県",
        "岐阜県",
        "静岡県",
        "愛知県",
        "三重県",
        "滋賀県",
        "京都府",
        "大阪府",
        "兵庫県",
        "奈良県",
        "和歌山県",
        "鳥取県",
        "島根県",
        "岡山県",
        "広島県",
        "山口県",
        "徳島県",
        "香川県",
        "愛媛県",
        "高知県",
        "福岡県",
        "佐賀県",
        "長崎県",
        "熊本県",
        "大分県",
        "宮崎県",
        "鹿児島県",
        "沖縄県",
    ]
)
_GAP = "\u3000"
_LARGE = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_NOTHING = "―"


def address(_: Field, value: object) -> object:
    """An address in its parts; one line (as a card gives it) stays the line it is."""
    if isinstance(value, str):
        line = plain(value, LONGEST_TEXT)
        return _from_line(line) or line
    parts = _parts(value, ADDRESS_PARTS)
    if not any(parts.values()):
        return ""
    parts["postcode"] = _postcode(parts["postcode"])
    parts = {key: _inner(part) for key, part in parts.items()}
    if parts["prefecture"] not in PREFECTURES:
        raise Unreadable("not-a-prefecture")
    if not parts["city"] or not (parts["number"] or parts["town"]):
        raise Unreadable("not-whole-address")
    whole = {key: part for key, part in parts.items() if part}
    plain(show_address(_, whole), LONGEST_TEXT)
    return whole


def show_address(_: Field, value: object) -> str:
    """〒100-0001　東京都　千代田区　千代田　1-1."""
    if isinstance(value, str):
        return value
    parts: Mapping[str, str] = value  # type: ignore[assignment]
    postcode = parts.get("postcode")
    line = [parts.get(key, "") for key in ADDRESS_PARTS[1:]]
    while not line[-1]:
        line.pop()
    shown = _GAP.join(part or _NOTHING for part in line)
    return f"〒{postcode[:3]}-{postcode[3:]}{_GAP}{shown}" if postcode else shown


def account(_: Field, value: object) -> object:
    """A bank account, its holder in kana."""
    if isinstance(value, str):
        value = _account_line(plain(value, LONGEST_TEXT))
        if value == "":
            return value
    parts = _parts(value, ACCOUNT_PARTS)
    if not any(parts.values()):
        return ""
    kind = parts["type"]
    parts["bank"], parts["branch"] = _inner(parts["bank"]), _inner(parts["branch"])
    parts["number"] = folded(parts["number"]).replace("-", "")
    parts["holder"] = _holder(parts["holder"])
    if kind not in ACCOUNT_TYPES:
        raise Unreadable("not-a-choice")
    longest = 8 if kind == "yucho" else 7
    if not re.fullmatch(rf"[0-9]{{1,{longest}}}", parts["number"]):
        raise Unreadable("not-an-account")
    parts["number"] = parts["number"].zfill(7)
    if not all(parts.values()):
        raise Unreadable("not-an-account")
    plain(show_account(_, parts), LONGEST_TEXT)
    return parts


def show_account(_: Field, value: object) -> str:
    """みどり銀行　本店　普通　0012345　ヤマダ　タロウ."""
    parts: Mapping[str, str] = value  # type: ignore[assignment]
    shown = {**parts, "type": ACCOUNT_TYPES[parts["type"]]}
    return _GAP.join(shown[key] for key in ACCOUNT_PARTS)


def _parts(value: object, keys: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise Unreadable("not-text")
    if not set(value) <= set(keys):
        raise Unreadable("unknown-part")
    return {key: plain(value.get(key, ""), LONGEST_NAME) for key in keys}


def _holder(part: str) -> str:
    """A holder as banks write one: kana, capital letters, digits, and （） . / -."""
    line = folded(part).upper().replace("(", "（").replace(")", "）")
    if not re.fullmatch(r"[ぁ-ゖァ-ヺー・ A-Z0-9（）.,/-]*", line):
        raise Unreadable("not-kana")
    return re.sub(" +", _GAP, hiragana_to_katakana(line))


def bank_kana(text: str) -> str:
    """The reading as a passbook has it: no gaps, small kana made large."""
    return re.sub(rf"[ {_GAP}・]", "", text).translate(_LARGE)


def _inner(part: str) -> str:
    """A part without the gap that divides parts."""
    return re.sub(rf"[ {_GAP}]+", " ", part).strip(f"{_NOTHING} ")


def _postcode(part: str) -> str:
    code = STROKES.sub("", folded(part).removeprefix("〒"))
    if code and not re.fullmatch(r"[0-9]{7}", code):
        raise Unreadable("not-a-postcode")
    return code


def _from_line(line: str) -> dict[str, str] | None:
    """The parts of a line as `show_address` writes it; None where it is any other line."""
    postcode, *rest = line.split(_GAP) if line.startswith("〒") else ("", *line.split(_GAP))
    if not 3 <= len(rest) <= 5 or rest[0] not in PREFECTURES:
        return None
    given = dict(zip(ADDRESS_PARTS[1:], rest, strict=False))
    parts = {key: _inner(part) for key, part in given.items()}
    try:
        parts["postcode"] = _postcode(postcode)
    except Unreadable:
        return None
    if not parts["city"] or not (parts.get("number") or parts.get("town")):
        return None
    return {key: parts[key] for key in ADDRESS_PARTS if parts.get(key)}


def _account_line(line: str) -> object:
    if not line:
        return ""
    pieces = line.split(_GAP, len(ACCOUNT_PARTS) - 1)
    if len(pieces) != len(ACCOUNT_PARTS):
        raise Unreadable("not-an-account")
    parts = dict(zip(ACCOUNT_PARTS, pieces, strict=True))
    kinds = {shown: kind for kind, shown in ACCOUNT_TYPES.items()}
    return {**parts, "type": kinds.get(parts["type"], parts["type"])}
