"""What a printer's words mean, weight by weight."""

import pytest

from devices.faults import PaperOut, PrinterGone, PrinterStopped
from devices.reasons import fault, heard, notes


@pytest.mark.parametrize("weight", ["", "-report", "-warning", "-error"])
@pytest.mark.parametrize("word", ["media-empty", "media-needed"])
def test_no_paper_is_no_paper_however_gravely_it_is_said(word, weight):
    assert isinstance(fault([word + weight]), PaperOut)


@pytest.mark.parametrize("weight", ["", "-report", "-warning", "-error"])
@pytest.mark.parametrize(
    "word", ["media-jam", "cover-open", "door-open", "toner-empty", "input-tray-missing", "paused"]
)
def test_what_needs_hands_stops_under_its_bare_name(word, weight):
    told = fault(["none", word + weight])
    assert isinstance(told, PrinterStopped)
    assert told.reasons == (word,)


def test_a_jam_without_paper_is_both():
    told = fault(["media-empty-warning", "media-jam-error"])
    assert isinstance(told, PrinterStopped)
    assert told.reasons == ("media-jam", "media-empty")


@pytest.mark.parametrize("word", ["toner-low", "marker-supply-low", "media-low", "never-heard-of"])
def test_what_runs_low_or_is_not_known_stops_nothing_and_is_noted(word):
    assert fault([f"{word}-warning"]) is None
    assert notes([f"{word}-warning", "cups-waiting-for-job-completed", "none"]) == (word,)


def test_an_unknown_word_that_the_printer_calls_an_error_stops():
    told = fault(["never-heard-of-error"])
    assert isinstance(told, PrinterStopped)
    assert told.reasons == ("never-heard-of",)


def test_a_printer_out_of_reach_is_gone_whatever_else_it_once_said():
    assert isinstance(fault(["connecting-to-device", "media-empty"]), PrinterGone)
    assert isinstance(fault(["offline-report"]), PrinterGone)


def test_a_stop_is_no_note():
    assert notes(["media-jam", "toner-low"]) == ("toner-low",)


def test_the_queues_own_housekeeping_is_not_heard():
    assert heard(["none", "cups-remote-pending", "cups-ipp-missing-job-history"]) == ()
    assert fault(["none", "cups-remote-pending"]) is None
