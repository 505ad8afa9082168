"""The share image: its size, what fits on it, and which way it is written."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageOps

from app.documents import card
from app.documents.card import MOST_BYTES, SIZE, Card
from app.documents.document import Lead
from app.documents.press import Press
from tests.documents.letters import picture

ACCENT = (0x1F, 0x44, 0x80)
BAR = 630 - 112
TITLES = {
    "en": "Joint letter on the arbitrary detention of journalists, lawyers and defenders ",
    "ar": "رسالة مشتركة بشأن الاحتجاز التعسفي للصحفيين والمحامين والمدافعين ",
    "ka": "საერთო წერილი ჟურნალისტების უკანონო დაპატიმრების შესახებ ",
    "zh-CN": "关于任意拘留记者、律师和人权捍卫者的联名信",
}
LEADS = (Lead("Lead", logo=picture("PNG")), Lead("House of Human Rights"))


def drawn(shown: Card) -> Image.Image:
    png = card.render(shown)
    assert len(png) <= MOST_BYTES
    with Image.open(BytesIO(png)) as image:
        assert (image.format, image.size) == ("PNG", SIZE)
        return image.convert("RGB")


def of(
    language: str, title: str, *, signatories: int = 214, leads: tuple[Lead, ...] = LEADS
) -> Card:
    return Card(language, title, signatories, "letters.example.org", leads)


def ink(image: Image.Image) -> tuple[int, int, int, int]:
    """The box around all that stands above the bar."""
    upper = image.crop((0, 0, SIZE[0], BAR))
    box = ImageChops.difference(upper, Image.new("RGB", upper.size, "white")).getbbox()
    assert box
    return box


@pytest.mark.parametrize("language", TITLES)
@pytest.mark.parametrize("leads", [(), LEADS, LEADS * 3])
def test_a_title_of_300_characters_fits(language: str, leads: tuple[Lead, ...]) -> None:
    long = (TITLES[language] * 20)[:300]
    image = drawn(of(language, long, leads=leads))
    left, top, right, bottom = ink(image)
    assert left >= 50
    assert top >= 40
    assert right <= SIZE[0] - 50
    assert bottom < BAR
    # The bar is whole beneath it: nothing hangs into it.
    assert image.getpixel((600, BAR + 2)) == ACCENT
    # The end of the title is there: a shorter one looks otherwise.
    shorter = drawn(of(language, long[:-8], leads=leads))
    assert ImageChops.difference(image, shorter).getbbox()


def test_a_word_wider_than_the_picture_is_broken() -> None:
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    assert ink(drawn(of("de", word * 2)))[2] <= SIZE[0] - 50


def test_what_is_written_from_the_right_is_mirrored() -> None:
    short = {"en": "Free them", "ar": "أفرجوا عنهم"}
    leads = (Lead("", logo=picture("PNG")),)
    left = ink(drawn(of("en", short["en"], leads=leads)))
    right = ink(drawn(of("ar", short["ar"], leads=leads)))
    assert left[0] < 100
    assert left[2] < 700
    assert right[0] > 500
    assert right[2] > 1100
    mirrored = ImageOps.mirror(drawn(of("ar", short["ar"], leads=leads)))
    assert ink(mirrored)[0] < 100


def test_the_count_is_said_in_the_letters_language() -> None:
    assert of("en", "x", signatories=1).tally == "1 signatory"
    assert of("pt", "x").tally == "214 signatários"
    assert of("ar", "x").tally == "عدد الموقعين: 214"
    assert of("en", "x", signatories=0).tally == ""
    assert of("fa", "x").tally.endswith("۲۱۴")


def test_a_logo_that_can_not_be_drawn_gives_way_to_the_name() -> None:
    broken = of("en", "Title", leads=(Lead("House", logo=b"\x89PNG\r\n\x1a\nnothing"),))
    named = of("en", "Title", leads=(Lead("House"),))
    assert not ImageChops.difference(drawn(broken), drawn(named)).getbbox()


def test_the_same_card_is_the_same_picture_wherever_it_is_drawn() -> None:
    shown = of("en", "Free the press")
    assert Press().draw(shown) == card.render(shown)
    assert shown.digest == of("en", "Free the press").digest
    others = (of("en", "Free them"), of("pt", "Free the press"), of("en", "x", signatories=1))
    assert shown.digest not in {other.digest for other in others}
