"""The page of all answers, where a form asks for the same of several."""

import pytest

from forms.answers import start
from forms.words import LANGUAGES
from kiosk.domain.states import Case, Identity, Reviewing
from kiosk.ui.kit.label import Label
from kiosk.ui.kit.tokens import LAYOUTS
from tests.fakes.samples import FORMS, OCCASION, facts
from tests.fakes.screen import opened

YEAR = {"year": "2026", "copies": 1, "jan1_where": "same", "declared": "declared"}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_how_many_tax_years_is_told_in_words_and_one_year_fits(qtbot, layout, language):
    answers = start(FORMS["zei-shomei"], facts(), OCCASION).answer("phone", "09012345678")
    answers = answers.answer("kind", "income-tax").answer("years", [YEAR])
    case = Case(language, "zei-shomei", Identity.CARD, facts(), answers)
    window = opened(qtbot, layout)
    window.show_state(Reviewing(case))
    labels = [label.words for label in window.page.findChildren(Label)]
    assert window.form_words("zei-shomei", language).name("section.years") in labels
    assert not [words for words in labels if words.startswith("field.")]
    assert window.page.minimumSizeHint().height() <= window.height()
