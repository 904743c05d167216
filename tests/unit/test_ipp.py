"""What a printer answers is read to the letter, and what is no answer is no answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.ipp import IppPrinter, NoAnswer, _parsed


def piece(tag: int, name: str, value: bytes) -> bytes:
    label = name.encode()
    return (
        bytes([tag]) + len(label).to_bytes(2, "big") + label + len(value).to_bytes(2, "big") + value
    )


HEAD = b"\1\1\0\0\0\0\0\1"
PREAMBLE = b"\1" + piece(0x47, "attributes-charset", b"utf-8")


def test_every_value_of_an_attribute_is_kept_and_a_collection_is_passed_over():
    told = b"".join(
        (
            HEAD,
            PREAMBLE,
            b"\4",
            piece(0x44, "printer-state-reasons", b"media-jam-error"),
            piece(0x44, "", b"toner-low"),
            piece(0x34, "media-col-ready", b""),
            piece(0x4A, "", b"media-size"),
            piece(0x34, "", b""),
            piece(0x4A, "", b"x-dimension"),
            piece(0x21, "", b"\0\0\x52\x08"),
            piece(0x37, "", b""),
            piece(0x37, "", b""),
            piece(0x23, "printer-state", b"\0\0\0\5"),
            piece(0x22, "printer-is-accepting-jobs", b"\0"),
            piece(0x13, "media-ready", b""),
            piece(0x36, "printer-name", b"\0\2ja\0\6" + "窓口".encode()),
            b"\3",
        )
    )
    assert _parsed(told) == (
        0,
        (
            {
                "printer-state-reasons": ("media-jam-error", "toner-low"),
                "printer-state": (5,),
                "printer-is-accepting-jobs": (False,),
                "printer-name": ("窓口",),
            },
        ),
    )


def test_every_job_is_a_group_of_its_own():
    jobs = (b"\2" + piece(0x21, "job-id", number.to_bytes(4, "big")) for number in (7, 8))
    _, groups = _parsed(b"".join((HEAD, PREAMBLE, *jobs, b"\3")))
    assert groups == ({"job-id": (7,)}, {"job-id": (8,)})


@given(st.binary(max_size=80))
def test_noise_is_no_answer_and_no_crash(noise):
    for said in (noise, HEAD + noise, HEAD + PREAMBLE + b"\4" + noise):
        try:
            _parsed(said)
        except NoAnswer:
            continue


def test_half_an_answer_is_none():
    whole = HEAD + PREAMBLE + b"\4" + piece(0x23, "printer-state", b"\0\0\0\3") + b"\3"
    _parsed(whole)
    for end in range(len(whole)):
        with pytest.raises(NoAnswer):
            _parsed(whole[:end])


@pytest.mark.parametrize(
    "device", ["usb://Maker/Model", "socket://10.0.0.1", "implicitclass:x", ""]
)
def test_only_a_printer_that_speaks_ipp_can_be_asked(device):
    assert IppPrinter.at(device, "kiosk", 1) is None
    assert IppPrinter.at("ipps://10.0.0.1/ipp/print", "kiosk", 1) is not None
