"""What a check of a paper came to, and how a clerk is told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from printing.era import wareki
from printing.proof.comparison import Place
from printing.proof.seal import Seal

GOOD, BAD, UNKNOWN, NOT_CHECKED = "good", "bad", "unknown", "not-checked"
CHECKS = ("code", "signature", "text", "issue")
WORDS = {
    "empty": "ファイルが空です。",
    "not-a-paper": "PDFでも画像（PNG・JPEG・WebP）でもありません。",
    "broken": "ファイルが壊れていて読めません。",
    "file-too-large": "ファイルが大きすぎます。",
    "picture-too-large": "画像が大きすぎます。縮めてからお試しください。",
    "page-too-large": "紙の大きさがふつうではないPDFです。",
    "too-many-pages": "ページが多すぎます。",
    "too-long": "調べるのに時間がかかりすぎるため、やめました。",
    "no-code": "証明書のコードが見つかりません。",
    "other-code": "QRコードはありますが、証明書のコードではありません。",
    "damaged-code": "証明書のコードに似せてありますが、正しい形をしていません。",
    "practice-code": "練習で作られた見本です。",
    "unknown-code": "コードに署名した鍵が、信頼する鍵の中にありません。",
    "forged-code": "コードが書き換えられています。",
    "several-codes": "ちがう証明書のコードがいっしょに写っています。一通ずつ確かめてください。",
    "signature-good": "電子署名は正しいものです。",
    "signature-bad": "電子署名のあとで書き換えられています。",
    "signature-unknown": "電子署名は、信頼する署名者のものと確かめられません。",
    "signature-not-checked": "電子署名はありません。",
    "data-bad": "中のデータが、コードと合いません。",
    "data-only": "中のデータはコードと合います。紙面は作り直して見くらべていません。",
    "text-good": "紙面は、発行したときのデータから作り直したものと同じです。",
    "text-bad": "紙面が、発行したときのデータから作り直したものとちがいます。",
    "text-unknown": "紙面を作り直せないため、文字は確かめられません。",
    "text-not-checked": "紙面の文字が書き換えられていないかは、確かめていません。",
    "issue-good": "この番号で発行した記録があります。",
    "issue-missing": "この番号で発行した記録がありません。",
    "issue-other": "この番号で発行した証明書は、別の内容です。",
    "issue-spoiled": "この番号の用紙は、刷り損じとして破棄した記録があります。",
    "issue-abandoned": "この番号の証明書は、お渡ししていない記録があります。",
    "issue-revoked": "この番号の証明書は、取り消されています。",
    "issue-fallen": "この番号の証明書は、もう効力がありません。",
    "issue-unknown": "発行の記録を確かめられません。",
}
SPECIMEN = "見本です。証明書としては使えません。"
WHOLE = "発行したままの、本物の証明書です。"
OURS = "コードは本物です。紙面の文字は、確かめていません。"
NOT_OURS = "本物の証明書とは確かめられません。"


@dataclass(frozen=True)
class Finding:
    """The answer, check by check; `places` are where a page differs."""

    kind: str
    checked: Mapping[str, str]
    seal: Seal | None = None
    places: tuple[Place, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def authentic(self) -> bool:
        """Ours, no specimen, and nothing that was checked speaks against it."""
        genuine = self.seal is not None and not self.seal.specimen
        return (
            genuine
            and self.checked["code"] == GOOD
            and not {BAD, UNKNOWN} & {*self.checked.values()}
        )

    @property
    def words(self) -> tuple[str, ...]:
        """The answer in sentences, the most important first."""
        if self.seal is not None and self.seal.specimen:
            first = SPECIMEN
        elif not self.authentic:
            first = NOT_OURS
        else:
            first = WHOLE if self.checked["text"] == GOOD else OURS
        reasons = (WORDS[each] for each in self.reasons)
        return (first, *self._sealed(), *reasons, *self._where())

    def _sealed(self) -> tuple[str, ...]:
        """What the code says, for a clerk to compare with the sheet."""
        if self.seal is None:
            return ()
        number, day = self.seal.number, wareki(self.seal.issued)
        return (f"コードには「発行番号{number}、{day}発行」とあります。",)

    def _where(self) -> tuple[str, ...]:
        return tuple(
            f"{place.page}ページ目、左から{place.left:.0f}mm・上から{place.top:.0f}mmのあたり。"
            for place in self.places
        )

    def answered(self, record: Mapping[str, Any] | None) -> "Finding":
        """With the office's answer about the number; None where it was never issued."""
        if self.seal is None:
            return self
        reason = _issue(self.seal, record)
        state = GOOD if reason == "issue-good" else BAD
        return replace(
            self, checked={**self.checked, "issue": state}, reasons=(*self.reasons, reason)
        )

    def unanswered(self) -> "Finding":
        """The office was asked and did not answer."""
        if self.seal is None:
            return self
        reasons = (*self.reasons, "issue-unknown")
        return replace(self, checked={**self.checked, "issue": UNKNOWN}, reasons=reasons)

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        seal = self.seal
        return {
            "authentic": self.authentic,
            "kind": self.kind,
            "seal": seal
            and {
                "city": seal.city,
                "type": seal.type,
                "number": seal.number,
                "issued": seal.issued.isoformat(),
                "digest": seal.digest.hex(),
                "specimen": seal.specimen,
            },
            "checked": dict(self.checked),
            "words": list(self.words),
            "places": [_told(place) for place in self.places],
        }


def _told(place: Place) -> dict[str, float]:
    corners = {"left": place.left, "top": place.top, "right": place.right, "bottom": place.bottom}
    return {"page": place.page, **{key: round(value, 1) for key, value in corners.items()}}


def _issue(seal: Seal, record: Mapping[str, Any] | None) -> str:
    """What the record of this number means for a paper with this seal."""
    if record is None:
        return "issue-missing"
    mine = {"type": seal.type, "issued": seal.issued.isoformat(), "digest": seal.digest.hex()}
    if any(record.get(key, value) != value for key, value in mine.items()):
        return "issue-other"
    if record["stands"]:
        return "issue-good"
    known = f"issue-{record['state']}"
    return known if known in WORDS else "issue-fallen"


def checks(**known: str) -> dict[str, str]:
    """All four checks, those not named not done."""
    return {check: known.get(check, NOT_CHECKED) for check in CHECKS}
