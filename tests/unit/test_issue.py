"""A certificate: every number ends as printed or spoiled, and money stays only for paper."""

from dataclasses import replace
from datetime import date

import pytest

from devices.faults import PaperOut
from devices.simulated.till import SimulatedTill
from kiosk.domain.events import Issued
from kiosk.errors import NotIssuableHere, OfficeUnreachable, UnprintableName
from kiosk.usecases.issue import Issue
from tests.fakes.office import ToldOffice
from tests.fakes.press import PlainPress
from tests.fakes.printer import CountedPrinter
from tests.fakes.samples import FORMS, KEPT, case


def issue(*, press=None, printer=None, office=None):
    return Issue(
        office or ToldOffice(),
        press or PlainPress(),
        printer or CountedPrinter(),
        SimulatedTill(),
        FORMS,
        specimen=True,
    )


def answering(**answers):
    made = case()
    for name, value in answers.items():
        made = replace(made, answers=made.answers.answer(name, value))
    return made


def paper_of(**answers):
    work = issue()
    work.issue(answering(**answers), KEPT, None)
    return work.press.papers[0]


def test_as_many_sheets_as_were_asked_for_lie_in_the_tray():
    work = issue()
    payment = work.till.take(400)
    assert work.issue(case(), KEPT, payment) == Issued("X-000001")
    assert work.printer.titles == ["X-000001-1", "X-000001-2"]
    assert work.office.outcomes == [("X-000001", "printed")]
    assert work.till.held == 400


def test_the_office_is_asked_for_the_very_person():
    work = issue()
    work.issue(case(), KEPT, None)
    request = work.office.asked[KEPT.submission]
    assert (request.submission, request.type) == (KEPT.submission, "juminhyo")
    assert (request.name, request.birth) == ("NGUYEN THI MINH CHAU", date(1999, 8, 8))
    assert dict(request.options) == {
        "kind": "household",
        "copies": 2,
        "relationship": True,
        "domicile": False,
    }


def test_a_fact_counts_more_than_an_answer():
    work = issue()
    work.issue(answering(name="somebody else"), KEPT, None)
    assert work.office.asked[KEPT.submission].name == "NGUYEN THI MINH CHAU"


def test_a_paper_shows_what_was_asked_for_and_no_more():
    shown, bare = paper_of(domicile=True), paper_of(relationship=False)
    (with_all,), (with_none,) = shown.content.residents, bare.content.residents
    assert (shown.content.head, with_all.relationship) == ("NGUYEN THI MINH CHAU", "世帯主")
    assert (with_all.domicile, with_all.head_of_domicile) == ("本籍地", "筆頭者")
    assert (bare.content.head, with_none.relationship) == (None, None)
    assert (with_none.domicile, with_none.head_of_domicile) == (None, None)
    assert shown.specimen
    assert shown.issued == date(2026, 11, 21)


@pytest.mark.parametrize("paid", [True, False])
def test_a_refusal_of_the_office_gives_the_money_back(paid):
    work = issue()
    work.office.refuses_papers = True
    payment = work.till.take(400) if paid else None
    with pytest.raises(NotIssuableHere):
        work.issue(case(), KEPT, payment)
    assert work.till.held == 0
    assert work.office.outcomes == []


def test_a_name_without_a_glyph_spoils_the_number_and_gives_the_money_back():
    work = issue(press=PlainPress(missing="H"))
    payment = work.till.take(400)
    with pytest.raises(UnprintableName, match="H"):
        work.issue(case(), KEPT, payment)
    assert work.office.outcomes == [("X-000001", "spoiled")]
    assert work.till.held == 0
    assert work.printer.sheets == []


def test_paper_that_runs_out_half_way_spoils_the_number_and_gives_the_money_back():
    work = issue(printer=CountedPrinter(paper=1))
    payment = work.till.take(400)
    with pytest.raises(PaperOut):
        work.issue(case(), KEPT, payment)
    assert work.printer.titles == ["X-000001-1"]
    assert work.office.outcomes == [("X-000001", "spoiled")]
    assert work.till.held == 0


def test_a_report_that_is_lost_does_not_undo_a_sheet():
    office = ToldOffice()
    work = issue(office=office, printer=CountedPrinter(heard=lambda _: leave(office)))
    payment = work.till.take(400)
    assert work.issue(case(), KEPT, payment) == Issued("X-000001")
    assert office.outcomes == []
    assert work.till.held == 400


def leave(office):
    office.away = True


def test_an_office_that_is_away_gives_no_number():
    work = issue()
    work.office.away = True
    with pytest.raises(OfficeUnreachable):
        work.issue(case(), KEPT, None)
    assert work.office.asked == {}
