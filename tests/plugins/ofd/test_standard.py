"""Every file is as GB/T 33190 wants it, held against rules of its own; broken ones are found out."""

import pytest

from tests.plugins.ofd.conftest import NAMES
from tests.plugins.ofd.samples import changed
from tests.plugins.ofd.standard import faults

PAGE, DOCUMENT, FONTS = "Doc_0/Pages/Page_0/Content.xml", "Doc_0/Document.xml", "Doc_0/PublicRes.xml"


@pytest.mark.parametrize("name", NAMES)
def test_a_file_keeps_the_standard(ofd_of, name):
    assert faults(ofd_of(name)) == []


# part, what is written there, what instead, what the check must say
BROKEN = {
    "another namespace": (PAGE, b"www.ofdspec.org/2016", b"www.ofdspec.org", "begins with"),
    "no namespace prefix": (PAGE, b"<ofd:FillColor", b"<FillColor", "FillColor is of None"),
    "no boundary": (PAGE, b" Boundary=", b" Bound=", "has no Boundary"),
    "an attribute nobody knows": (PAGE, b" Size=", b" Colour='1' Size=", "may not have Colour"),
    "order of parts": (PAGE, b"<ofd:Area>", b"<ofd:Actions/><ofd:Area>", "in the order"),
    "a unit": (PAGE, b' Size="5.644"', b' Size="16pt"', "Size is '16pt'"),
    "a comma": (PAGE, b'Value="0 0 0"', b'Value="0,0,0"', "Value is"),
    "a colour out of range": (PAGE, b'Value="0 0 0"', b'Value="0 0 256"', "Value is"),
    "off the sheet": (PAGE, b'Boundary="', b'Boundary="9', "leaves the sheet"),
    "a path": (PAGE, b"<ofd:AbbreviatedData>M ", b"<ofd:AbbreviatedData>H ", "AbbreviatedData says"),
    "steps": (PAGE, b' DeltaX="', b' DeltaX="1 ', "steps for"),
    "a font that is not there": (PAGE, b' Font="', b' Font="9', "is no font"),
    "a number twice": (PAGE, b'<ofd:Layer ID="', b'<ofd:Layer ID="1" DrawParam="', "is given twice"),
    "a number beyond the highest": (DOCUMENT, b"<ofd:MaxUnitID>", b"<ofd:MaxUnitID>1</ofd:MaxUnitID><ofd:MaxUnitID>", "MaxUnitID"),
    "a page that is not there": (DOCUMENT, b"Pages/Page_0", b"Pages/Page_77", "is not there"),
    "a font file that is not there": (FONTS, b"font_1", b"font_77", "font Doc_0/Res/font_77"),
    "a damaged identifier": ("OFD.xml", b"<ofd:DocID>", b"<ofd:DocID>0-", "DocID says"),
    "a day": ("OFD.xml", b"2026-07-06", b"6.7.2026", "CreationDate says"),
    "broken XML": ("OFD.xml", b"</ofd:OFD>", b"", "OFD.xml:"),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_the_check_does_find_faults(ofd_of, fault):
    """Positive controls."""
    part, written, instead, said = BROKEN[fault]
    whole = ofd_of("one-page circular")

    broken = changed(whole, part, lambda content: content.replace(written, instead, 1))

    assert any(said in found for found in faults(broken)), faults(broken)


def test_the_check_finds_a_character_the_font_does_not_have(ofd_of):
    broken = changed(
        ofd_of("one-page circular"), PAGE, lambda content: content.replace("通报".encode(), "龘报".encode())
    )

    assert any("the font has no '龘'" in found for found in faults(broken))


def test_the_check_finds_parts_that_nothing_leads_to(ofd_of):
    broken = changed(
        ofd_of("one-page circular"),
        DOCUMENT,
        lambda content: content.replace(b"<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>", b""),
    )

    assert faults(broken) == ["nothing leads to Doc_0/DocumentRes.xml"]
