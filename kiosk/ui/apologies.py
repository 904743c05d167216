"""What people are told when something fails, one row a failure, and the staff's book of them."""

from dataclasses import dataclass

from devices import faults as devices
from kiosk import errors
from kiosk.ui.texts import Texts


@dataclass(frozen=True)
class Apology:
    """One failure: its code in texts and logs, its class, and what staff do about it."""

    code: str
    fault: type[Exception] | None
    staff: str


APOLOGIES = (
    Apology(
        "card-removed", None, "本人に声をかけ、もう一度はじめから案内する。入力は残っていない。"
    ),
    Apology("pin-blocked", devices.PinBlocked, "本人確認のうえ、統合端末で暗証番号を再設定する。"),
    Apology("paper-out", devices.PaperOut, "用紙を補充する。残ったジョブは印刷されない。"),
    Apology(
        "printer-gone", devices.PrinterGone, "電源とケーブルを確かめる。`doctor` の結果を見る。"
    ),
    Apology(
        "printer-stopped",
        devices.PrinterStopped,
        "カバー、詰まり、トナーを確かめる。残ったジョブは印刷されない。",
    ),
    Apology(
        "print-unclear",
        devices.PrintUnclear,
        "排紙口を見る。出ていた紙は本人と確かめて渡すか、書損として番号を報告する。",
    ),
    Apology(
        "wrong-sheet",
        errors.WrongSheet,
        "紙は出ていない。端末は止まったまま。記録の番号を見て、原因がわかるまで使わない。",
    ),
    Apology(
        "office-unreachable",
        errors.OfficeUnreachable,
        "回線を確かめる。預かった申請は、つながりしだい自動で送られる。",
    ),
    Apology(
        "not-issuable-here", errors.NotIssuableHere, "窓口で理由を確かめる。画面には出さない。"
    ),
    Apology("unprintable-name", errors.UnprintableName, "窓口の端末で、正しい文字のまま作成する。"),
    Apology("unknown-card", devices.UnknownCard, "マイナンバーカードか確かめる。"),
    Apology("forged-card", devices.ForgedCard, "カードを預からず、統合端末で真偽を確かめる。"),
    Apology("expired-card", devices.ExpiredCard, "更新の手続きを案内する。"),
    Apology("unreadable-card", devices.UnreadableCard, "統合端末でカードの内容を確かめる。"),
    Apology("card-mute", devices.CardMute, "置き方を案内する。変わらなければカードの故障。"),
    Apology("card-too-slow", devices.CardTooSlow, "置き方を案内する。スマートフォンは離す。"),
    Apology("card-busy", devices.CardBusy, "カードを使うほかのプログラムを終わらせる。"),
    Apology("card-gone", devices.CardGone, "置き方を案内し、もう一度はじめから。"),
    Apology("reader-gone", devices.ReaderGone, "読取機をつなぎ直す。`doctor` の結果を見る。"),
    Apology(
        "reader-service-gone",
        devices.ReaderServiceGone,
        "`systemctl restart pcscd` のあと `doctor` の結果を見る。",
    ),
    Apology("scanner-gone", devices.ScannerGone, "読み取り機をつなぎ直す。カードは使える。"),
    Apology(
        "code-unreadable", errors.CodeUnreadable, "表示を明るくし、同じ人の全部の面を順に見せる。"
    ),
    Apology("code-too-old", errors.CodeTooOld, "期限は30日。作り直すか、カードか窓口で受ける。"),
    Apology("code-not-ours", errors.CodeNotOurs, "どの市のコードか確かめ、カードか窓口で受ける。"),
    Apology("already-handed-in", errors.AlreadyHandedIn, "受付の一覧で、前の申請を確かめる。"),
    Apology("store-unusable", errors.StoreUnusable, "ディスクの空きを確かめ、端末を使わない。"),
    Apology("payment-failed", devices.PaymentFailed, "決済端末の控えを確かめる。"),
)


def book(texts: Texts) -> str:
    """The page of `docs/failures.md`, written from the rows and the residents' own words."""
    head = (
        "# When something fails\n\n"
        "Written by `python -m tests.unit.test_failures`; a test compares it with the code.\n\n"
        "| code | class | what the resident reads | what the resident can do | what staff do |\n"
        "|---|---|---|---|---|\n"
    )
    return head + "".join(
        f"| `{row.code}` | {f'`{row.fault.__name__}`' if row.fault else 'an event'} "
        f"| {texts(f'apology.{row.code}')} | {texts(f'apology.{row.code}.do')} | {row.staff} |\n"
        for row in APOLOGIES
    )
