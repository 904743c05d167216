"""What the made-up people of the practice city ask for at a counter: each certificate once.

A name of a paper, the form it is asked for on, and everything the clerk enters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_HOME = "かかない県書蒼市緑ケ丘四丁目10番地"
_ELSEWHERE = "かかない県書蒼市港町5番地"
_HERS = "かかない県書蒼市本町一丁目2番3号"
_CLERK: Mapping[str, Any] = {
    "identity_method": "card-pin",
    "identity_clerk": "窓口　守",
    "identity_time": "10:00",
    "pay_method": "cash",
    "privacy_consent": True,
    "false_statement": True,
    "signature": "paper",
}
_MAN: Mapping[str, Any] = {
    "name": "渡邉　一郎",
    "kana": "ワタナベ　イチロウ",
    "birth": "1980-02-17",
    "address": f"{_HOME}　コーポみどり203",
    "phone": "09000000002",
    "relation": "self",
}
_WIDOW: Mapping[str, Any] = {
    "name": "髙橋　花子",
    "kana": "タカハシ　ハナコ",
    "birth": "1944-05-03",
    "address": _HERS,
    "phone": "09000000001",
}
_HUSBAND: Mapping[str, Any] = {
    "relation": "spouse",
    "subject_name": "髙橋　太郎",
    "subject_kana": "タカハシ　タロウ",
    "subject_birth": "1940-01-02",
    "subject_address": _HERS,
}
_SENT: Mapping[str, Any] = {
    "relation": "agent",
    "subject_name": "山﨑　健",
    "subject_kana": "ヤマサキ　ケン",
    "subject_birth": "1995-11-30",
    "subject_address": _ELSEWHERE,
    "mandate_letter": "original",
    "mandate_date": "2026-11-10",
    "mandator_name": "山﨑　健",
    "mandator_address": _ELSEWHERE,
    "mandator_birth": "1995-11-30",
    "mandator_phone": "09000000003",
    "mandate_matter": "住民票の写し　1通　運転免許のため",
}
_ENTRIES: Mapping[str, Any] = {
    "nationals": "japanese",
    "relationship": False,
    "domicile": False,
    "copies": 1,
    "purpose": "work",
}
_YEAR: Mapping[str, Any] = {"copies": 1, "jan1_where": "same", "declared": "declared"}
_FAMILY: Mapping[str, Any] = {
    "wide": False,
    "domicile": _HOME,
    "head_name": "渡邉　一郎",
    "copies": 1,
    "purpose": "passport",
}


@dataclass(frozen=True)
class Order:
    """One visit: what the paper is called, its file, its form, and the answers."""

    title: str
    file: str
    form: str
    answers: Mapping[str, Any]


def _order(title: str, file: str, form: str, *parts: Mapping[str, Any], **more: Any) -> Order:
    answers = {name: value for part in (_CLERK, *parts, more) for name, value in part.items()}
    return Order(title, file, form, answers)


ORDERS = (
    _order("住民票の写し（世帯全員）", "juminhyo", "juminhyo", _MAN, _ENTRIES,
           kind="household", relationship=True, domicile=True),
    _order("住民票の写し（世帯の一部）", "juminhyo-part", "juminhyo", _MAN, _ENTRIES,
           kind="part", persons=[{"person_name": "渡邉　結衣"}]),
    _order("住民票の写し（代理の方が受け取り）", "juminhyo-agent", "juminhyo", _WIDOW, _SENT,
           _ENTRIES, kind="person", purpose="licence"),
    _order("住民票の除票の写し", "juminhyo-removed", "juminhyo", _WIDOW, _HUSBAND, _ENTRIES,
           kind="removed", removed_kind="died", removed_on="2018-03-04", removed_relation="妻",
           purpose="inheritance", reason_kind="right", reason_detail="相続の手続のため"),
    _order("住民票記載事項証明書", "kisai", "juminhyo", _MAN, _ENTRIES,
           kind="entries", relationship=True),
    _order("印鑑登録証明書", "inkan", "inkan-shomei", _MAN,
           presented="card", registration_number="0023456", copies=1),
    _order("所得・課税証明書（2年度）", "shotoku", "zei-shomei", _MAN, kind="income-tax",
           years=[{"year": "2026", **_YEAR}, {"year": "2025", **_YEAR}], tax_purpose="loan"),
    _order("納税証明書", "nozei", "zei-shomei", _MAN, kind="payment",
           years=[{"year": "2026", "copies": 1}], tax_items=["resident", "vehicle"],
           paid_recently=False, tax_purpose="loan"),
    _order("完納証明書", "kanno", "zei-shomei", _MAN, kind="no-arrears", paid_recently=False,
           tax_purpose="public-housing"),
    _order("戸籍全部事項証明書", "koseki", "koseki", _MAN, _FAMILY, kind="full"),
    _order("戸籍の附票の写し", "fuhyo", "koseki", _MAN, _FAMILY, kind="fuhyo",
           fuhyo_domicile=True, fuhyo_check="clear"),
    _order("婚姻届の受理証明書", "juri", "koseki", _MAN, kind="juri", notice_kind="marriage",
           notice_date="2010-06-12", notice_people="渡邉　一郎、中村　由美子",
           notice_place="here", notice_role="notifier", copies=1, purpose="work"),
    _order("罹災証明書", "risai", "risai", _MAN, disaster="quake-2026-11", cause="quake",
           same_place=True, targets=["dwelling"], lived_in=True, judgement="half", copies=1),
)  # fmt: skip
