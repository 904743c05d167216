"""Whose certificate it is: the card's holder, or whoever the form at the counter asks for."""

from dataclasses import replace
from pathlib import Path

import pytest
from msgspec.structs import replace as changed

from forms.answers import content
from forms.facts import Facts, Source, from_mapping
from kiosk.domain.likeness import shows
from kiosk.domain.states import Identity
from kiosk.domain.subject import Named, Subject, printed_here, said_by, whose
from kiosk.tour.orders import ORDERS
from printing.contents import Fuhyo, Item, Juri, Koseki, Nozei, Party, Shotoku
from printing.registers.records import Asked, Records
from printing.registers.register import read_register
from tests.fakes.samples import AT_DESK, FORMS, NOW, OCCASION, case, desk_case, facts

FILE = Path(__file__).resolve().parents[2] / "resources" / "people" / "register.yaml"
RECORDS = Records(read_register(FILE.read_text("utf-8")))
BY_FILE = {order.file: order for order in ORDERS}
MAN = ("渡邉　一郎", "1980-02-17", "かかない県書蒼市緑ケ丘四丁目10番地　コーポみどり203")
OF_MAN = {"juminhyo", "kisai", "inkan", "shotoku", "nozei", "kanno", "koseki", "fuhyo", "risai"}
STRANGERS = ("juminhyo-agent", "juminhyo-removed")


def subject(file, **more):
    order = BY_FILE[file]
    made = desk_case(order.form, {**order.answers, **more})
    return whose(FORMS[order.form], made, AT_DESK)


def papers(file):
    """What the office answers to this order."""
    order, who = BY_FILE[file], subject(file)
    made = desk_case(order.form, order.answers)
    options = content(FORMS[order.form], made.answers, AT_DESK)
    asked = Asked(order.form, who.name, who.birth, who.address, options, "counter")
    return [each.content for each in RECORDS.papers(asked)]


def person(asked):
    return asked.name, asked.birth, asked.address


@pytest.mark.parametrize("file", sorted(OF_MAN))
def test_who_asks_for_himself_is_asked_nothing_twice(file):
    assert person(subject(file)) == MAN


def test_who_was_sent_is_not_the_one_whose_certificate_it_is():
    name, birth, address = "山﨑　健", "1995-11-30", "かかない県書蒼市港町5番地"
    assert person(subject("juminhyo-agent")) == (name, birth, address)
    assert subject("juminhyo-agent").shown == (Named(name, birth),)
    assert subject("juminhyo-removed").name == "髙橋　太郎"


def test_who_sent_somebody_is_known_from_the_mandate_where_nobody_else_is_asked_for():
    mandate = {name: BY_FILE["juminhyo-agent"].answers[name] for name in (
        "relation", "mandate_letter", "mandate_date", "mandator_phone", "mandate_matter",
    )}  # fmt: skip
    mandator = dict(zip(("mandator_name", "mandator_birth", "mandator_address"), MAN, strict=True))
    sent = subject("koseki", name="別の　人", person_name="渡邉一郎", **mandate, **mandator)
    assert person(sent) == MAN
    assert sent.shown == (Named("渡邉　一郎", "1980-02-17"),)
    for_child = subject("koseki", name="別の　人", person_name="渡邉　結衣", **mandate, **mandator)
    assert person(for_child) == MAN
    assert for_child.shown == (Named("渡邉　結衣"),)


def test_whoever_shows_the_seal_card_says_whose_it_is():
    registrant = {"registrant_name": "髙橋　花子", "registrant_birth": "1944-05-03"}
    of = subject("inkan", relation="child", **registrant, registrant_address="書蒼市本町")
    assert person(of) == ("髙橋　花子", "1944-05-03", "書蒼市本町")


def test_a_spouse_or_child_asks_for_a_family_register_in_her_own_right():
    own = subject("koseki", relation="child", person_name="渡邉　結衣")
    assert person(own) == MAN
    assert own.shown == (Named("渡邉　結衣"),)


def test_the_head_of_a_home_that_was_hit_is_found_among_its_people():
    rows = [{"victim_name": "別の　人"}, {"victim_name": "渡邉 ハル", "victim_birth": "1952-02-29"}]
    hit = {"relation": "child", "victim_head": "渡邉　ハル", "same_place": False, "place": "港町"}
    assert person(subject("risai", **hit, victims=rows)) == ("渡邉　ハル", "1952-02-29", "港町")
    at_home = subject("risai", relation="child", victim_head="渡邉　ハル")
    assert person(at_home) == ("渡邉　ハル", "", MAN[2])


def test_some_of_a_household_are_those_who_have_to_be_on_it():
    rows = [{"person_name": "渡邉　結衣", "person_birth": "2015-03-21"}]
    part = subject("juminhyo-part", persons=rows)
    assert person(part) == MAN
    assert part.shown == (Named("渡邉　結衣", "2015-03-21"),)


def test_an_answer_to_a_question_that_is_no_longer_asked_does_not_count():
    assert person(subject("juminhyo-agent", relation="self"))[0] == "髙橋　花子"


def test_an_address_in_its_parts_is_one_line():
    parts = {"prefecture": "東京都", "city": "千代田区", "town": "千代田", "number": "1番1号"}
    assert subject("inkan", address=parts).address == "東京都千代田区千代田1番1号"
    flat = {**parts, "building": "皇居前マンション101"}
    assert (
        subject("inkan", address=flat).address == "東京都千代田区千代田1番1号　皇居前マンション101"
    )


def test_what_stands_on_the_clerks_sheet_counts_more_than_what_was_sent_in():
    sent = from_mapping({"name": "高橋　花子", "birth": "1944-05-03"}, Source.PREFILL, NOW)
    order = BY_FILE["inkan"]
    made = desk_case("inkan-shomei", order.answers, sent)
    assert whose(FORMS["inkan-shomei"], made, AT_DESK).name == "渡邉　一郎"
    silent = {name: value for name, value in order.answers.items() if name != "name"}
    unsaid = changed(desk_case("inkan-shomei", silent), facts=sent)
    assert whose(FORMS["inkan-shomei"], unsaid, AT_DESK).name == "高橋　花子"


def test_a_card_speaks_of_its_holder_whatever_was_answered():
    made = case()
    for name, value in {
        "relation": "agent",
        "name": "別の　人",
        "subject_name": "別の　人",
        "subject_birth": "1970-01-01",
        "persons": [{"person_name": "別の　人"}],
    }.items():
        made = changed(made, answers=made.answers.answer(name, value))
    of = whose(FORMS["juminhyo"], made, OCCASION)
    assert of.name == "NGUYEN THI MINH CHAU"
    assert of.shown == (Named("NGUYEN THI MINH CHAU", "1999-08-08"),)


def test_no_other_source_speaks_against_the_card():
    typed = from_mapping({"name": "別の　人"}, Source.TYPED, NOW)
    for both in (Facts(facts().known + typed.known), Facts(typed.known + facts().known)):
        assert said_by(changed(case(), facts=both))["name"] == "NGUYEN THI MINH CHAU"


def test_two_people_leave_two_marks_and_nothing_to_read():
    marks = {subject(file).mark for file in ("juminhyo", "juminhyo-part", *STRANGERS)}
    assert len(marks) == 4
    assert subject("juminhyo").mark == subject("inkan").mark
    assert "渡邉" not in repr(subject("juminhyo-part"))


def test_a_paper_that_follows_an_inspection_is_printed_once_its_outcome_is_known():
    order = BY_FILE["risai"]
    judged = desk_case("risai", order.answers)
    unjudged = desk_case("risai", {**order.answers, "judgement": None})
    vacant = desk_case("risai", {**order.answers, "lived_in": False})
    assert printed_here(FORMS["risai"], judged, AT_DESK)
    assert not printed_here(FORMS["risai"], unjudged, AT_DESK)
    assert not printed_here(FORMS["risai"], vacant, AT_DESK)
    assert not printed_here(FORMS["risai"], changed(judged, identity=Identity.CARD), OCCASION)
    assert printed_here(FORMS["juminhyo"], case(), OCCASION)
    assert not printed_here(FORMS["shimin-no-koe"], case(), OCCASION)


@pytest.mark.parametrize("file", BY_FILE)
def test_every_paper_shows_the_one_it_was_ordered_for(file):
    made = papers(file)
    assert len(made) == (2 if file == "shotoku" else 1)
    assert all(shows(paper, subject(file)) for paper in made)


@pytest.mark.parametrize("file", sorted(set(BY_FILE) - set(STRANGERS)))
@pytest.mark.parametrize("stranger", STRANGERS)
def test_no_paper_shows_anybody_who_did_not_order_it(file, stranger):
    assert not any(shows(paper, subject(stranger)) for paper in papers(file))
    assert not any(shows(paper, subject(file)) for paper in papers(stranger))


@pytest.mark.parametrize("file", ["juminhyo", "kisai", "inkan", "shotoku", "koseki", "fuhyo"])
def test_a_namesake_with_another_birthday_is_somebody_else(file):
    asked = subject(file)
    other = replace(asked, shown=(Named(asked.name, "1980-02-18"),))
    assert not any(shows(paper, other) for paper in papers(file))


def test_a_part_of_a_household_shows_those_who_were_named_and_nobody_else():
    (whole,), asked = papers("juminhyo"), subject("juminhyo-part")
    assert not shows(changed(whole, kind="part"), asked)
    (part,) = papers("juminhyo-part")
    assert not shows(part, subject("juminhyo-part", persons=[{"person_name": "渡邉　由美子"}]))
    more = [{"person_name": "渡邉　結衣"}, {"person_name": "渡邉　由美子"}]
    assert not shows(part, subject("juminhyo-part", persons=more))


def test_the_gap_between_two_names_may_be_of_any_width():
    (part,) = papers("juminhyo-part")
    assert shows(part, subject("juminhyo-part", persons=[{"person_name": "渡邉結衣"}]))


def test_a_family_register_of_another_head_is_another_register():
    asked = subject("koseki")
    (register,), (addresses,) = papers("koseki"), papers("fuhyo")
    assert not shows(register, replace(asked, head="渡邉　正一"))
    assert not shows(addresses, replace(asked, head="渡邉　正一"))
    assert shows(changed(addresses, head=None), replace(asked, head="渡邉　正一"))


def test_a_register_of_before_a_marriage_knows_her_by_her_given_name_and_birth():
    (register,) = papers("koseki")
    assert isinstance(register, Koseki)
    before = changed(register.people[1], name="中村　由美子")
    parents = changed(register, head="中村　豊", people=(before,))
    hers = Subject("渡邉　由美子", "1982-07-07", "", (Named("渡邉　由美子", "1982-07-07"),))
    assert shows(parents, hers)
    assert not shows(parents, replace(hers, shown=(Named("渡邉　由紀子", "1982-07-07"),)))
    assert not shows(parents, replace(hers, shown=(Named("渡邉　由美子"),)))
    assert not shows(parents, replace(hers, shown=(Named("", "1982-07-07"),)))


def test_addresses_of_a_whole_family_may_show_the_others():
    (alone,) = papers("fuhyo")
    assert isinstance(alone, Fuhyo)
    other = changed(alone.people[0], name="渡邉　由美子", birth="1982-07-07")
    both = changed(alone, people=(*alone.people, other))
    assert not shows(both, subject("fuhyo"))
    assert shows(changed(both, kind="whole"), subject("fuhyo"))


def test_a_notice_is_known_by_the_people_in_it():
    (notice,) = papers("juri")
    assert isinstance(notice, Juri)
    others = (Party(role="子", name="鈴木　湊"),)
    assert not shows(changed(notice, parties=others), subject("juri"))
    assert shows(notice, replace(subject("juri"), notice=""))
    assert not shows(changed(notice, parties=others), replace(subject("juri"), notice=""))


def test_a_card_with_an_alias_in_brackets_is_of_the_same_person():
    card = Named("MARIA（山田　真理亜）", "1980-02-17")
    asked = Subject(card.name, card.birth, "", (card,))
    (tax, _), (seal,) = papers("shotoku"), papers("inkan")
    assert isinstance(tax, Shotoku)
    assert shows(changed(tax, name="MARIA"), asked)
    assert shows(changed(seal, name="MARIA", alias="山田　真理亜"), asked)
    assert not shows(changed(seal, name="MARIA", alias="山田　花子"), asked)
    assert shows(Nozei(name="MARIA", address="", lines=()), asked)


def test_an_attested_entry_is_of_whoever_is_named_in_it():
    (attested,) = papers("kisai")
    entries = tuple(
        Item(label=item.label, value="別の　人") if item.label == "氏名" else item
        for item in attested.residents[0]
    )
    assert not shows(changed(attested, residents=(entries,)), subject("kisai"))


def test_damage_is_certified_to_one_of_the_home():
    (damage,) = papers("risai")
    of = subject("risai")
    assert shows(changed(damage, household=()), of)
    assert shows(damage, replace(of, shown=(Named("渡邉　結衣", "2015-03-21"),)))
    assert not shows(damage, replace(of, shown=(Named("渡邉　結衣", "2015-03-22"),)))
