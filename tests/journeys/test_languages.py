"""One letter in several languages, with one list: read, signed, confirmed and printed in each."""

import re
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader
from sqlalchemy import select

from app.endorsement.endorsements import Endorsement
from app.errors import Conflict, NotFound, Refused
from app.letter import imports, letter_files, versions
from app.letter.letters import by_slug
from app.signatory import exports
from app.trail.audit import OPERATOR
from tests.harness.shared import shared
from tests.world import AURORA, BOREAS, CIRRUS, DARIA, TRANSLATION, Forms, World, text_of

TITLE, TITULO = "Free the press of Ardal", "Libertem a imprensa de Ardal"
ASK, PEDIDO = "We, the undersigned, ask you", "Nós, abaixo assinados, pedimos"
PT = {"language": "pt"}


def take_in(world: World, path: str, slug: str, *, is_translation: bool = False, **front: str):
    """Imports a real letter; `front` is more front matter."""
    source = shared(f"letters/{path}").read_text("utf-8")
    more = "".join(f"{key}: {value}\n" for key, value in front.items())
    file = world.folder / path
    file.write_text(source.replace("---\n", f"---\n{more}", 1), "utf-8")
    content = letter_files.read(file, world.settings.logos_dir, is_translation=is_translation)
    with world.database.write() as db:
        letter = imports.take_in(db, content, slug=slug, by=OPERATOR)
        imports.give_owner(db, letter, None)


def opened(world: World, slug: str) -> None:
    world.slug = slug
    assert world.desk().move(slug, "opening").status_code == 303


def languages_read(world: World) -> dict[str, str]:
    """The language on record, by who signed."""
    with world.database.read() as db:
        return {one.listed_name: one.language for one in db.scalars(select(Endorsement))}


def switch(page: str) -> dict[str, str]:
    """Where the switch leads, by the languages' names; the current one's name ends with a star."""
    nav = re.search(r'<nav class="languages".*?</nav>', page, re.DOTALL)
    links = re.findall(
        r'href="([^"]+)"[^>]*?( aria-current="true")?>([^<]+)</a>', nav[0] if nav else ""
    )
    return {
        f"{name}{'*' if current else ''}": unescape(address) for address, current, name in links
    }


def test_a_letter_is_read_in_the_language_one_asks_for(world: World) -> None:
    world.translation()
    original = world.client.get(world.path).text
    assert f'<h1 lang="en" dir="ltr">{TITLE}</h1>' in original
    assert ASK in original
    assert PEDIDO not in original
    translated = world.client.get(f"{world.path}?lang=pt").text
    assert f'<h1 lang="pt" dir="ltr">{TITULO}</h1>' in translated
    assert f"<title>{TITULO}" in translated
    assert PEDIDO in translated
    assert ASK not in translated
    # What the letter says of its own is in its language, what the page says in the page's.
    assert "Signatários:" in translated
    assert 'aria-label="Notas de rodapé"' in translated
    assert '<html lang="en" dir="ltr">' in translated
    # It gives no letterhead, so the original's stands there.
    assert "Lead Organisation" in translated


def test_the_nearest_text_is_shown_and_the_original_to_everybody_else(world: World) -> None:
    world.translation()
    for near in ("pt-BR", "PT", "pt_PT"):
        assert TITULO in world.client.get(f"{world.path}?lang={near}").text
    for far in ("xx", "ru", "<script>", "pt&lang=", ""):
        page = world.client.get(f"{world.path}?lang={far}").text
        assert f'<h1 lang="en" dir="ltr">{TITLE}</h1>' in page
        assert "<script>alert" not in page
    # What a browser prefers decides about the page, not about what one signs.
    page = world.client.get(world.path, headers={"accept-language": "pt"}).text
    assert ASK in page


def test_each_page_leads_to_the_other_languages(world: World) -> None:
    assert switch(world.client.get(world.path).text) == {}
    world.translation()
    path = world.path
    assert switch(world.client.get(path).text) == {
        "English*": f"{path}?lang=en",
        "português": f"{path}?lang=pt",
    }
    page = world.client.get(f"{path}?lang=pt").text
    assert list(switch(page)) == ["English", "português*"]
    assert '<a href="/letters/free-the-press?lang=pt" lang="pt" hreflang="pt" dir="ltr"' in page
    listed = world.client.get(f"{path}/signatories?lang=pt").text
    assert switch(listed)["English"] == f"{path}/signatories?lang=en"
    assert TITULO in listed
    for address in (path, f"{path}/signatories"):
        url = world.settings.url(address)
        page = world.client.get(f"{address}?lang=pt").text
        assert f'<link rel="alternate" hreflang="pt" href="{url}?lang=pt">' in page
        assert f'<link rel="alternate" hreflang="x-default" href="{url}">' in page
    # The way goes on in the language one has chosen.
    world.approved(AURORA)
    page = world.client.get(f"{path}?lang=pt").text
    assert f'href="{path}/signatories?lang=pt"' in page
    assert f'data-source="{path}?lang=pt"' in page
    searched = world.client.get(f"{path}/signatories?lang=pt&q=nobody").text
    assert '<input type="hidden" name="lang" value="pt">' in searched
    assert TITULO in world.client.get("/?lang=pt").text
    assert TITULO in world.client.get(f"{path}/embed?lang=pt").text


def test_somebody_signs_in_portuguese_and_meets_that_text_to_the_end(world: World) -> None:
    world.translation()
    forms = Forms(world.client.get(f"{world.path}?lang=pt").text).forms
    (action,) = (action for action in forms if "/endorsements" in action)
    assert action == f"{world.path}/endorsements?lang=pt#sign"
    answer = world.client.post(action, data={**forms[action], **AURORA})
    assert answer.headers["location"] == f"{world.path}/check-your-inbox?lang=pt"
    assert TITULO in world.client.get(answer.headers["location"]).text

    (mail,) = world.mails_to(AURORA["email"])
    assert mail["subject"] == f"Review and confirm: {TITULO}"
    review = world.client.get(world.link(AURORA["email"])).text
    assert TITULO in review
    assert PEDIDO in review
    assert TITLE not in review
    assert ASK not in review
    assert '<bdi lang="pt">português</bdi>' in review
    assert TITULO in world.confirm(AURORA).text

    (*_earlier, mail) = world.mails_to(AURORA["email"])
    assert TITULO in mail["subject"]
    assert f"{world.settings.url(world.path)}?lang=pt" in text_of(mail)
    manage = world.link(AURORA["email"], "/manage/")
    for page in (manage, f"{manage}/receipt"):
        shown = world.client.get(page).text
        assert TITULO in shown
        assert '<bdi lang="pt">português</bdi>' in shown
    assert languages_read(world) == {"Aurora Media Watch": "pt"}


def test_a_refused_form_comes_back_in_the_language_it_was_read_in(world: World) -> None:
    world.translation()
    refused = world.sign(AURORA, email="nonsense", **PT)
    assert refused.status_code == 422
    assert TITULO in refused.text
    assert PEDIDO in refused.text
    assert Forms(refused.text).forms[f"{world.path}/endorsements?lang=pt#sign"]["language"] == "pt"


@pytest.mark.parametrize("posted", ["", "en", "xx", "ru", "<b>", "p" * 4_000])
def test_a_language_the_letter_hasnt_is_taken_as_the_original(world: World, posted: str) -> None:
    world.translation()
    answer = world.sign(AURORA, language=posted)
    assert answer.headers["location"] == f"{world.path}/check-your-inbox"
    assert languages_read(world) == {"Aurora Media Watch": "en"}
    review = world.client.get(world.link(AURORA["email"])).text
    assert ASK in review  # what they are shown before they confirm is what is on record


def test_who_signs_again_in_another_language_is_told_on_the_page(world: World) -> None:
    world.translation()
    world.sign(AURORA)
    first = world.link(AURORA["email"])
    world.sign(AURORA, **PT)
    page = world.client.get(first).text
    assert PEDIDO in page
    assert "Your details were sent again after this mail left." in page
    assert languages_read(world) == {"Aurora Media Watch": "pt"}


def test_all_languages_share_one_list_in_the_readers_order(world: World) -> None:
    world.letter("articles: skip")
    world.translation()
    world.approved(AURORA, organisation="The Beacon")
    world.approved(BOREAS, organisation="O Arquivo", **PT)
    world.approved(CIRRUS, organisation="Casa Aberta", **PT)
    world.approved(DARIA)
    english = ["The Beacon", "Casa Aberta", "O Arquivo", "Daria Orlova"]
    portuguese = ["O Arquivo", "Casa Aberta", "The Beacon", "Daria Orlova"]
    assert world.names() == english
    facts = world.client.get(f"{world.path}/signatories.json?lang=pt").json()
    assert [one["organisation"] or one["name"] for one in facts["signatories"]] == portuguese
    # Programs know the letter by one title and one revision, in whichever order they ask.
    plain = world.client.get(f"{world.path}/signatories.json").json()
    assert facts["letter"] == plain["letter"]
    assert facts["letter"]["title"] == TITLE
    assert facts["revision"] == plain["revision"]
    for path in ("", "/signatories", "/signatories.csv", "/embed"):
        page = world.client.get(f"{world.path}{path}?lang=pt").text
        places = [page.index(name) for name in portuguese]
        assert places == sorted(places), path
    assert f'data-revision="{plain["revision"]}"' in world.client.get(f"{world.path}?lang=pt").text


def test_the_next_page_of_the_json_is_in_the_same_order(world: World) -> None:
    world.translation()
    world.approved(AURORA)
    world.crowd(1_001)
    facts = world.client.get(f"{world.path}/signatories.json?lang=pt").json()
    assert facts["next"].endswith("&lang=pt")
    following = world.client.get(facts["next"]).json()
    assert len(facts["signatories"]) + len(following["signatories"]) == 1_002


def test_made_up_languages_do_not_fill_the_shelf(world: World) -> None:
    world.translation()
    shelf = world.app.state.site.shelf
    for address in ("?lang=pt", "?lang=en", ""):
        world.client.get(f"{world.path}{address}")
    kept = set(shelf._entries)
    assert len(kept) == 3
    for spelling in ("lang=x1", "lang=pt&lang=pt", "l%61ng=pt", "lang=p%74", "lang=pt&x=1"):
        assert world.client.get(f"{world.path}?{spelling}").status_code == 200
    assert set(shelf._entries) == kept


def test_a_translation_makes_the_next_version(world: World) -> None:
    world.approved(AURORA)
    before = world.client.get(f"{world.path}/signatories.json").json()["letter"]
    world.translation()
    after = world.client.get(f"{world.path}/signatories.json").json()["letter"]
    assert (before["version"], after["version"]) == (1, 2)
    assert before["sha256"] != after["sha256"]
    world.translation()  # the same again
    assert world.client.get(f"{world.path}/signatories.json").json()["letter"] == after
    assert world.names() == ["Aurora Media Watch"]
    # Whoever has not confirmed yet reads again: the version covers every language.
    world.sign(BOREAS, **PT)
    world.translation(TRANSLATION.replace("pedimos", "exigimos"))
    page = world.client.get(world.link(BOREAS["email"])).text
    assert "The text has changed since you signed." in page
    assert "exigimos" in page


def test_a_new_text_of_the_original_keeps_its_translations(world: World) -> None:
    world.translation()
    world.translation(TRANSLATION.replace("language: pt", "language: es"))
    with world.database.read() as db:
        assert versions.outdated(db, by_slug(db, world.slug).id) == []
    world.letter("cc: [The Ombudsman]")
    with world.database.read() as db:
        letter = by_slug(db, world.slug)
        assert (letter.version, letter.languages) == (4, ["en", "es", "pt"])
        assert versions.outdated(db, letter.id) == ["es", "pt"]
    world.translation(TRANSLATION + "\nE mais.\n")
    with world.database.read() as db:
        assert versions.outdated(db, by_slug(db, world.slug).id) == ["es"]
    assert ASK in world.client.get(world.path).text
    assert "E mais." in world.client.get(f"{world.path}?lang=pt").text


def test_the_documents_of_an_outdated_translation_say_so(world: World) -> None:
    world.translation()
    desk = world.desk().browser
    address = f"/desk/letters/{world.slug}/documents"
    warning = "This translation is older than the letter"
    assert warning not in desk.get(address).text
    world.letter("cc: [The Ombudsman]")
    english, portuguese = desk.get(address).text.split('aria-labelledby="documents-')[1:]
    assert english.startswith("en")
    assert warning not in english
    assert warning in portuguese
    world.translation(TRANSLATION + "\nE mais.\n")
    assert warning not in desk.get(address).text


def test_a_file_in_another_language_does_not_take_the_originals_place(world: World) -> None:
    with pytest.raises(Conflict, match=r"written in English.*in Portuguese.*--translation.*--slug"):
        world.letter(text=TRANSLATION)
    with pytest.raises(Conflict, match="written in English"):
        world.translation(TRANSLATION.replace("language: pt", "language: en"))
    with pytest.raises(NotFound, match="“another”"):
        world.translation(TRANSLATION.replace("free-the-press", "another"))
    with world.database.read() as db:
        letter = by_slug(db, world.slug)
        assert (letter.title, letter.version, letter.languages) == (TITLE, 1, ["en"])


def test_a_translation_changes_no_setting(world: World, tmp_path: Path) -> None:
    file = tmp_path / "carta.md"
    file.write_text(TRANSLATION.replace("slug:", "individuals: false\norder: nonsense\nslug:"))
    content = letter_files.read(file, world.settings.logos_dir, is_translation=True)
    assert sorted(re.findall(r"line \d+: “(\w+)” is for", "\n".join(content.warnings))) == [
        "individuals",
        "order",
    ]
    with world.database.write() as db:
        assert imports.take_in(db, content, slug=None, by=OPERATOR).individuals


def test_the_desk_shows_every_text(world: World) -> None:
    world.translation()
    desk = world.desk().browser
    address = f"/desk/letters/{world.slug}"
    assert ASK in desk.get(address).text
    page = desk.get(f"{address}?lang=pt").text
    assert PEDIDO in page
    assert switch(page) == {"English": f"{address}?lang=en", "português*": f"{address}?lang=pt"}


def test_a_public_letter_in_two_languages_is_printed_in_both(world: World) -> None:
    """The same undertaking as its organisers published it, in English and in Portuguese."""
    take_in(world, "dpg-sustainability.en.md", "dpgs", language="en")
    take_in(world, "dpg-sustainability.pt.md", "dpgs", is_translation=True, language="pt")
    opened(world, "dpgs")
    world.approved(AURORA, **PT)
    world.approved(BOREAS)
    titulo = "Carta Pública de Apoio à Sustentabilidade dos DPGs"
    assert titulo in world.mails_to(AURORA["email"])[0]["subject"]
    assert titulo not in world.mails_to(BOREAS["email"])[0]["subject"]
    with world.database.read() as db:
        page = exports.export(db, "dpgs", "html", language="pt").decode()
        # Its organisers wrote with a picture of an envelope, which few machines have a font for.
        pdf = exports.export(db, "dpgs", "pdf", language="pt", allow_missing=True)
        printed = PdfReader(BytesIO(pdf))
        original = exports.export(db, "dpgs", "html").decode()
        with pytest.raises(Refused, match="en, pt"):
            exports.export(db, "dpgs", "html", language="fr")
        word = Document(BytesIO(exports.export(db, "dpgs", "docx", language="pt")))
    written = "".join(word.element.body.itertext())
    text = " ".join(" ".join(one.extract_text() for one in printed.pages).split())
    for said in (
        "2 signatários na lista",
        "Versão 2 da carta",
        "Signatários:",
        "Aurora Media Watch",
    ):
        assert said in text
        assert said in page
        assert said in written
    assert "Versão provisória" in text
    assert '<html lang="pt" dir="ltr">' in page
    for english in ("listed signatories", "Version 2 of", "Proof"):
        assert english not in text
        assert english not in page
        assert english in original


def test_a_letter_from_right_to_left_has_a_translation_that_is_too(world: World) -> None:
    take_in(world, "osd-sos.ar.md", "sos", locale="ar-AE")
    take_in(world, "osd-sos.he.md", "sos", is_translation=True, locale="he-IL")
    opened(world, "sos")
    arabic = world.client.get(world.path).text
    hebrew = world.client.get(f"{world.path}?lang=he-IL").text
    assert '<div class="letter" lang="ar-AE" dir="rtl">' in arabic
    assert '<div class="letter" lang="he-IL" dir="rtl">' in hebrew
    assert 'lang="he-IL" dir="rtl">החותמים:</h2>' in hebrew
    assert 'lang="ar-AE" dir="rtl">الموقعون:</h2>' in arabic
    assert '<html lang="en" dir="ltr">' in hebrew  # the page itself speaks English
    assert 'lang="ar-AE" hreflang="ar-AE" dir="rtl"' in hebrew
