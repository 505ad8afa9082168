"""Organisers set the order and the form of the list at the desk."""

import csv
import io
import re
import subprocess
from email.message import EmailMessage
from html import unescape
from typing import Any

import pytest
from sqlalchemy import update

from app.endorsement.endorsements import Endorsement
from app.letter import letters
from app.signatory import exports
from tests.harness.shared import shared
from tests.world import (
    AURORA,
    BOREAS,
    CIRRUS,
    DARIA,
    EMIL,
    OTTO,
    Desk,
    Forms,
    World,
    at_once,
    later,
    listed_name,
    text_of,
)

LEADS = 'letterhead: ["Cirrus Foundation", "Not Signed", "BOREAS legal aid"]'
IN_THE_WORLD = """---
slug: free-the-press
title: "Free the press of Ardal"
language: en
{extra}
---

We, the undersigned, ask you to give the frequency back.
"""


def address(world: World, page: str = "order") -> str:
    return f"/desk/letters/{world.slug}/{page}"


def order_page(desk: Desk, world: World) -> str:
    answer = desk.browser.get(address(world))
    assert answer.status_code == 200
    return answer.text


def sort(desk: Desk, world: World, order: str, articles: str = "keep", **more: str) -> None:
    page = order_page(desk, world)
    chosen = desk.post(address(world), page, order=order, articles=articles, **more)
    assert (chosen.status_code, chosen.headers["location"]) == (303, address(world))


def shape(desk: Desk, world: World, form: str = "auto", by: str = "none", **more: str) -> None:
    page = order_page(desk, world)
    path = address(world, "list-form")
    chosen = desk.post(path, page, list_form=form, grouped_by=by, **more)
    assert (chosen.status_code, chosen.headers["location"]) == (303, address(world))


def fields_beside(page: str, name: str) -> dict[str, str]:
    """What a browser would send for one signatory, by the start of the fields' names."""
    for row in page.split("<tr>"):
        if f"<bdi>{name}</bdi>" in unescape(row):
            found = re.findall(r'name="((?:sort_key|category|seen)_\w+)"[^>]*?value="([^"]*)"', row)
            return {field: unescape(value) for field, value in found}
    raise AssertionError(f"{name} is not on the page")


def place(desk: Desk, world: World, name: str, page: str = "", **typed: str) -> Any:
    """Types a sort key or a category beside a name and saves; all else goes as it stood."""
    path = address(world, "sorting")
    page = page or desk.browser.get(path).text
    form = Forms(page).forms[path]
    for field in fields_beside(page, name):
        kind = field.rpartition("_")[0]
        if kind in typed:
            form[field] = typed[kind]
    return desk.browser.post(path, data=form)


def selected(page: str, field: str) -> str:
    (options,) = re.findall(rf'<select id="{field}".*?</select>', page, re.DOTALL)
    (chosen,) = re.findall(r'<option value="([^"]*)" selected>', options)
    return str(chosen)


class TestSettings:
    def test_the_order_and_the_form_are_set_and_shown_again(self, world: World) -> None:
        desk = world.desk()
        sort(desk, world, "country", "skip", leads_first="yes")
        shape(desk, world, "3", "region", logo_wall="yes")
        page = order_page(desk, world)
        chosen = {"order": "country", "articles": "skip", "list_form": "3", "grouped_by": "region"}
        assert {field: selected(page, field) for field in chosen} == chosen
        for path, box in (("order", "leads_first"), ("list-form", "logo_wall")):
            assert Forms(page).forms[address(world, path)][box] == "yes"
        shape(desk, world, "table", "category")
        sort(desk, world, "time")
        page = order_page(desk, world)
        assert selected(page, "list_form") == "table"
        for path, box in (("order", "leads_first"), ("list-form", "logo_wall")):
            assert box not in Forms(page).forms[address(world, path)]
        with world.database.read() as db:
            assert letters.by_slug(db, world.slug).list_columns == 3  # for when names come back
        facts = [entry.facts for entry in world.trail("list form set")]
        assert facts[0] == {
            "list_form": "names",
            "list_columns": 3,
            "grouped_by": "region",
            "logo_wall": True,
        }

    @pytest.mark.parametrize(
        ("path", "typed", "field"),
        [
            ("order", {"order": "random", "articles": "skip"}, "order"),
            ("order", {"order": "time", "articles": "perhaps"}, "articles"),
            ("order", {}, "order"),
            ("list-form", {"list_form": "4", "grouped_by": "none"}, "list_form"),
            ("list-form", {"list_form": "names", "grouped_by": "shoe size"}, "grouped_by"),
            ("list-form", {"list_form": "table"}, "grouped_by"),
        ],
    )
    def test_what_is_not_offered_is_refused_and_the_form_shown_again(
        self, world: World, path: str, typed: dict[str, str], field: str
    ) -> None:
        desk = world.desk()
        before = world.rows()
        box = {"order": "leads_first", "list-form": "logo_wall"}[path]
        page = order_page(desk, world)
        refused = desk.post(address(world, path), page, **typed, **{box: "yes"})
        assert refused.status_code == 422
        assert f'href="#{field}"' in refused.text
        assert f'id="{field}-error"' in refused.text
        assert Forms(refused.text).forms[address(world, path)][box] == "yes"
        if typed.get("articles") == "skip":
            assert selected(refused.text, "articles") == "skip"
        assert world.rows() == before

    def test_the_page_shows_the_first_lines_as_they_stand_in_the_letter(self, world: World) -> None:
        desk = world.desk()
        assert "Nobody is listed yet." in order_page(desk, world)
        world.letter("show_representatives: true")
        for who in (AURORA, BOREAS, DARIA):
            world.approved(who)
        world.crowd(20)
        shape(desk, world, "table", "country")
        shown = order_page(desk, world).partition("preview-heading")[2].partition("</section>")[0]
        headings = re.findall(r"<h3>(.+?)</h3>", shown)
        assert headings == ["Germany", "Norway"]
        assert "<td>Norway</td>" in shown
        assert "<bdi>Anna Berg</bdi>" in shown
        assert "<bdi>Daria Orlova</bdi>" in shown
        assert "And 10 more." in shown
        shape(desk, world, "2")
        shown = order_page(desk, world).partition("preview-heading")[2].partition("</section>")[0]
        assert '<ul class="columns-2">' in shown
        assert "<h3>" not in shown


class TestGroups:
    def test_readers_find_the_groups_with_their_headings(self, world: World) -> None:
        for who in (AURORA, BOREAS, CIRRUS, DARIA):
            world.approved(who)
        facts = world.client.get(f"{world.path}/signatories.json").json()["signatories"]
        assert all("group" not in line for line in facts)
        shape(world.desk(), world, by="region")
        expected = {
            "Cirrus Foundation": "Asia",
            "Aurora Media Watch": "Europe",
            "Boreas Legal Aid": "Europe",
            "Daria Orlova": None,
        }
        facts = world.client.get(f"{world.path}/signatories.json").json()["signatories"]
        assert {listed_name(line): line["group"] for line in facts} == expected
        assert [listed_name(line) for line in facts] == [*expected]
        for path, tag in (("", "h4"), ("/signatories", "h4"), ("/embed", "h3")):
            page = world.client.get(world.path + path).text
            assert re.findall(
                rf'<{tag}[^>]*><bdi lang="en" dir="ltr">(.+?)</bdi></{tag}>', page
            ) == [
                "Asia",
                "Europe",
            ]

    def test_lead_organisations_stand_before_all_groups(self, world: World) -> None:
        world.letter(f"leads_first: true\n{LEADS}", text=IN_THE_WORLD)
        for who in (AURORA, BOREAS, CIRRUS, DARIA):
            world.approved(who)
        desk = world.desk()
        assert world.names()[:3] == ["Cirrus Foundation", "Boreas Legal Aid", "Aurora Media Watch"]
        shape(desk, world, by="country")
        assert world.names()[:3] == ["Cirrus Foundation", "Boreas Legal Aid", "Aurora Media Watch"]
        sort(desk, world, "collation")
        assert world.names()[:3] == ["Cirrus Foundation", "Boreas Legal Aid", "Aurora Media Watch"]
        shape(desk, world)
        assert world.names()[:3] == ["Aurora Media Watch", "Boreas Legal Aid", "Cirrus Foundation"]


class TestByHand:
    def test_it_starts_from_the_order_shown_now(self, world: World) -> None:
        for who in (CIRRUS, AURORA, BOREAS):
            world.approved(who)
        desk = world.desk()
        page = order_page(desk, world)
        assert "You start from that order" in page
        path = address(world, "order/positions")
        form = Forms(page).forms[path]
        assert desk.browser.post(path, data=form).status_code == 303
        assert world.names() == ["Aurora Media Watch", "Boreas Legal Aid", "Cirrus Foundation"]
        page = order_page(desk, world)
        assert selected(page, "order") == "manual"
        assert "You start from that order" not in page
        assert [entry.facts["signatories"] for entry in world.trail("ordered by hand")] == [3]

    def test_kinds_leads_and_groups_are_arranged_apart(self, world: World) -> None:
        world.letter(f"leads_first: true\ngrouped_by: country\n{LEADS}", text=IN_THE_WORLD)
        for who in (CIRRUS, EMIL, AURORA, BOREAS, DARIA):
            world.approved(who)
        world.approved(AURORA, organisation="Fjord Media", email="f@fjord.example")
        desk = world.desk()
        page = order_page(desk, world)
        lists = re.findall(r"<h3[^>]*>([^<]+)</h3>\s*<ol class=\"order\" start=\"(\d+)\">", page)
        assert lists == [("Lead organisations", "1"), ("Norway", "3"), ("Individuals", "5")]
        bounds = re.findall(r'value="(\d)" min="(\d)" max="(\d)"', page)
        assert bounds == [("3", "3", "4"), ("4", "3", "4"), ("5", "5", "6"), ("6", "5", "6")]
        form = Forms(page).forms[address(world, "order/positions")]
        ids = {listed_name(line): line["id"] for line in world.signatories()}
        form[f"position_{ids['Fjord Media']}"] = "3"
        form[f"position_{ids['Emil Quist']}"] = "5"
        desk.browser.post(address(world, "order/positions"), data=form)
        leads = ["Cirrus Foundation", "Boreas Legal Aid"]
        rest = ["Fjord Media", "Aurora Media Watch", "Emil Quist", "Daria Orlova"]
        assert world.names() == [*leads, *rest]
        # The leads keep their places among the others when they no longer come first.
        sort(desk, world, "manual")
        shape(desk, world)
        assert world.names() == [*leads, *rest]

    def test_whoever_the_letters_file_names_comes_to_stand_where_it_says(
        self, world: World
    ) -> None:
        world.letter(
            'order: manual\nsignatories: ["Aurora Media Watch", "Boreas Legal Aid",'
            ' "Cirrus Foundation"]'
        )
        world.approved(CIRRUS)
        world.approved(AURORA)
        world.approved(AURORA, organisation="Unforeseen", email="u@unforeseen.example")
        assert world.names() == ["Aurora Media Watch", "Cirrus Foundation", "Unforeseen"]
        desk = world.desk()
        page = order_page(desk, world)
        ids = {listed_name(line): line["id"] for line in world.signatories()}
        dragged = [ids[name] for name in ("Unforeseen", "Cirrus Foundation", "Aurora Media Watch")]
        desk.post(address(world, "order/positions"), page, id=dragged)  # type: ignore[arg-type]
        world.approved(BOREAS)
        assert world.names() == [
            "Unforeseen",
            "Cirrus Foundation",
            "Aurora Media Watch",
            "Boreas Legal Aid",
        ]

    def test_thousands_are_arranged_with_and_without_script(self, world: World) -> None:
        world.approved(AURORA)
        world.crowd(2_000)
        desk = world.desk()
        path = address(world, "order/positions")
        form = Forms(order_page(desk, world)).forms[path]
        positions = [name for name in form if name.startswith("position_")]
        assert len(positions) == 2_001
        # Without script somebody types 1 beside the last; with script the lines come in order.
        last = positions[-1]
        assert desk.browser.post(path, data={**form, last: "1"}).status_code == 303
        assert world.names()[:2] == ["Member 1999", "Aurora Media Watch"]
        turned = {name: str(number) for number, name in enumerate(reversed(positions), start=1)}
        answer = desk.browser.post(path, data={"csrf": form["csrf"], **turned})
        assert answer.status_code == 303
        assert world.names() == [f"Member {number}" for number in range(1_999, 999, -1)]

    @pytest.mark.parametrize("round_", range(3))
    def test_two_arrange_and_a_third_approves_at_once(self, world: World, round_: int) -> None:
        for who in (AURORA, BOREAS):
            world.approved(who)
        world.verified(CIRRUS)
        olga, otto = world.desk(), world.share(OTTO)
        path = address(world, "order/positions")
        hers, his = (Forms(order_page(desk, world)).forms[path] for desk in (olga, otto))
        first, second = (name for name in his if name.startswith("position_"))
        queue = olga.queue(world.slug)
        answers = at_once(
            lambda: olga.browser.post(path, data=hers),
            lambda: otto.browser.post(path, data={**his, first: "2", second: "1"}),
            lambda: olga.press(queue, "Cirrus Foundation", "approval"),
        )
        assert [answer.status_code for answer in answers] == [303, 303, 303]
        both = ["Aurora Media Watch", "Boreas Legal Aid"]
        assert world.names() in ([*both, "Cirrus Foundation"], [*both[::-1], "Cirrus Foundation"])

    def test_a_list_too_long_for_it_says_so(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.web.desk.order.MOST_BY_HAND", 1)
        world.approved(AURORA)
        desk = world.desk()
        assert "is not arranged by hand" not in order_page(desk, world)
        world.approved(BOREAS)
        page = order_page(desk, world)
        assert "A list of more than 1 signatories is not arranged by hand." in page
        assert address(world, "order/positions") not in page


def told(world: World, who: dict[str, str]) -> EmailMessage:
    """The newest mail to somebody, once notices that could still be replaced have left."""
    with later(minutes=11):
        return world.mails_to(who["email"])[-1]


class TestSortKeys:
    def test_a_sort_key_moves_a_signatory_and_its_signer_is_told(self, world: World) -> None:
        for who in (AURORA, BOREAS, DARIA, EMIL):
            world.approved(who)
        desk = world.desk()
        page = desk.browser.get(address(world, "sorting")).text
        assert re.findall(r"<bdi>(.+?)</bdi>", page) == world.names()
        saved = place(desk, world, "Aurora Media Watch", sort_key="  Media  Watch, Aurora ")
        assert saved.headers["location"] == address(world, "sorting?saved=1")
        assert "1 signatory was changed" in desk.browser.get(saved.headers["location"]).text
        assert world.names()[:2] == ["Boreas Legal Aid", "Aurora Media Watch"]
        mail = told(world, AURORA)
        assert mail["subject"] == "Your place in the list: Free the press of Ardal"
        assert "it is now sorted as “Media Watch, Aurora”" in text_of(mail)
        assert world.client.get(world.link(AURORA["email"], "/manage/")).status_code == 200
        (entry,) = world.trail("placed")
        assert entry.facts == {"fields": "sort_key"}
        assert entry.actor.startswith("organiser:")
        # The names of the others' mailboxes get nothing.
        assert "place in the list" not in told(world, BOREAS)["subject"]

        place(desk, world, "Aurora Media Watch", sort_key="")
        assert world.names()[:2] == ["Aurora Media Watch", "Boreas Legal Aid"]
        assert "sorted by this name itself" in text_of(told(world, AURORA))

    def test_of_many_changes_the_signer_is_told_the_last(self, world: World) -> None:
        world.approved(AURORA)
        desk, before = world.desk(), len(world.told(AURORA["email"]))
        for sort_key in ("Watch", "", "Media", "Media Watch"):
            place(desk, world, "Aurora Media Watch", sort_key=sort_key)
        assert len(world.mails_to(AURORA["email"])) == before
        assert "it is now sorted as “Media Watch”" in text_of(told(world, AURORA))
        assert len(world.mails_to(AURORA["email"])) == before + 1

    def test_a_category_is_a_heading_and_no_news_to_the_signer(self, world: World) -> None:
        for who in (AURORA, BOREAS, CIRRUS):
            world.approved(who)
        desk = world.desk()
        shape(desk, world, by="category")
        place(desk, world, "Boreas Legal Aid", category="Legal aid")
        place(desk, world, "Aurora Media Watch", category="Media")
        facts = world.client.get(f"{world.path}/signatories.json").json()["signatories"]
        assert [(line["organisation"], line["group"]) for line in facts] == [
            ("Boreas Legal Aid", "Legal aid"),
            ("Aurora Media Watch", "Media"),
            ("Cirrus Foundation", "Others"),
        ]
        page = desk.browser.get(address(world, "sorting")).text
        assert re.findall(r'<option value="(.+?)">', page) == ["Legal aid", "Media"]
        assert "approved" in world.told(AURORA["email"])[-1]["subject"]

    def test_saving_what_stood_there_changes_nothing(self, world: World) -> None:
        world.approved(AURORA)
        desk = world.desk()
        place(desk, world, "Aurora Media Watch", sort_key="Media", category="Media")
        world.deliver()
        before = world.rows()
        saved = place(desk, world, "Aurora Media Watch")
        assert "Nothing was different" in desk.browser.get(saved.headers["location"]).text
        assert world.rows() == before

    def test_what_can_not_be_taken_comes_back_with_its_reason(self, world: World) -> None:
        world.approved(AURORA)
        world.approved(BOREAS)
        desk = world.desk()
        page = desk.browser.get(address(world, "sorting")).text
        before = world.rows()
        aurora, boreas = (
            {field.rpartition("_")[0]: field for field in fields_beside(page, listed_name(who))}
            for who in (AURORA, BOREAS)
        )
        form = Forms(page).forms[address(world, "sorting")]
        form[aurora["sort_key"]] = "x" * 201
        form[aurora["category"]] = "y" * 121
        form[boreas["sort_key"]] = "Legal aid <i>"
        form[boreas["category"]] = "www.boreas.example"
        refused = desk.browser.post(address(world, "sorting"), data=form)
        assert refused.status_code == 422
        for field in (aurora["sort_key"], aurora["category"], boreas["category"]):
            assert f'href="#{field}"' in refused.text
            assert f'id="{field}-error"' in refused.text
        assert f'id="{boreas["sort_key"]}-error"' not in refused.text
        again = Forms(refused.text).forms[address(world, "sorting")]
        assert again == form
        assert world.rows() == before
        # Once they are mended, the same page saves all of it.
        mended = {aurora["sort_key"]: "x" * 200, aurora["category"]: "", boreas["category"]: "Law"}
        saved = desk.browser.post(address(world, "sorting"), data={**again, **mended})
        assert saved.headers["location"].endswith("saved=2")

    def test_two_who_save_at_once_do_not_undo_each_other(self, world: World) -> None:
        world.approved(AURORA)
        world.approved(BOREAS)
        olga, otto = world.desk(), world.share(OTTO)
        hers, his = (desk.browser.get(address(world, "sorting")).text for desk in (olga, otto))
        answers = at_once(
            lambda: place(olga, world, "Aurora Media Watch", hers, sort_key="Media Watch"),
            lambda: place(otto, world, "Boreas Legal Aid", his, category="Law"),
        )
        assert [answer.status_code for answer in answers] == [303, 303]
        page = olga.browser.get(address(world, "sorting")).text
        assert "Media Watch" in fields_beside(page, "Aurora Media Watch").values()
        assert "Law" in fields_beside(page, "Boreas Legal Aid").values()
        # On the page opened before, the line that somebody else changed is shown, not overwritten.
        refused = place(otto, world, "Aurora Media Watch", his, sort_key="Watch")
        assert refused.status_code == 422
        assert "changed this line since you opened the page: it is sorted as “Media Watch”" in (
            unescape(refused.text)
        )

    def test_a_page_full_of_long_keys_in_any_script_is_saved(self, world: World) -> None:
        world.approved(AURORA)
        world.crowd(99)
        desk, path = world.desk(), address(world, "sorting")
        form = Forms(desk.browser.get(path).text).forms[path]
        form |= {name: "ა" * 200 for name in form if name.startswith("sort_key_")}
        form |= {name: "მედია" for name in form if name.startswith("category_")}
        saved = desk.browser.post(path, data=form)
        assert saved.headers["location"] == f"{path}?saved=100"

    def test_who_never_confirmed_gets_no_mail_about_it(self, world: World) -> None:
        world.approved(AURORA)
        before = len(world.told(AURORA["email"]))
        with world.database.write() as db:  # as if it had been collected by hand
            db.execute(update(Endorsement).values(verified_at=None, origin="reported"))
        assert place(world.desk(), world, "Aurora Media Watch", sort_key="Watch").is_redirect
        told(world, AURORA)
        assert len(world.mails_to(AURORA["email"])) == before

    def test_a_confidential_signatory_can_be_sorted_and_nothing_public_moves(
        self, world: World
    ) -> None:
        world.approved(AURORA)
        world.approved(BOREAS, visibility="confidential")
        desk = world.desk()
        with world.database.read() as db:
            revision = letters.by_slug(db, world.slug).revision
        assert place(desk, world, "Boreas Legal Aid", sort_key="Aid").is_redirect
        with world.database.read() as db:
            assert letters.by_slug(db, world.slug).revision == revision
        mail = text_of(told(world, BOREAS))
        assert "it is now sorted as “Aid”" in mail
        assert "stays confidential" in mail
        assert place(desk, world, "Aurora Media Watch", sort_key="Watch").is_redirect
        with world.database.read() as db:
            assert letters.by_slug(db, world.slug).revision == revision + 1

    def test_only_approved_signatories_of_this_letter_are_placed(self, world: World) -> None:
        world.approved(AURORA)
        page = world.desk().browser.get(address(world, "sorting")).text
        fields = fields_beside(page, "Aurora Media Watch")
        world.desk().decide(
            world.slug, "Aurora Media Watch", "decline", status="approved", reason="No."
        )
        desk = world.desk()
        page = desk.browser.get(address(world, "sorting")).text
        assert "Nobody is listed yet." in page
        before = world.rows()["endorsement"]
        for slug in (world.slug, world.another_letter()):
            typed = {field: "Else" for field in fields if not field.startswith("seen")}
            saved = desk.post(f"/desk/letters/{slug}/sorting", page, **typed)
            assert saved.headers["location"].endswith("saved=0")
        assert world.rows()["endorsement"] == before

    def test_long_lists_come_in_pages_with_a_search(self, world: World) -> None:
        world.approved(AURORA, organisation="Ärzte für São Tomé")
        world.crowd(205)
        desk = world.desk()

        def names(query: str) -> tuple[list[str], str]:
            page = desk.browser.get(address(world, f"sorting{query}")).text
            return re.findall(r"<bdi>(.+?)</bdi>", page), page

        first, page = names("")
        assert (len(first), first[0], first[1]) == (100, "Ärzte für São Tomé", "Member 0000")
        following = re.search(r'rel="next" href="([^"]+)"', page)
        assert following
        assert following[1] == "?page=2"
        second, page = names("?page=2")
        assert (len(second), second[0]) == (100, "Member 0099")
        assert 'rel="prev" href="?"' in page
        third, page = names("?page=3")
        assert (len(third), 'rel="next"' in page) == (6, False)
        assert "The list ends before this page." in names("?page=4")[1]
        found, page = names("?q=arzte sao")
        assert found == ["Ärzte für São Tomé"]
        assert names("?q=member&page=2")[0][0] == "Member 0100"
        assert "No signatory matches “nobody”." in names("?q=nobody")[1]
        # One comes back to the page one was on.
        form = Forms(names("?q=member&page=2")[1]).forms[address(world, "sorting")]
        saved = desk.browser.post(address(world, "sorting"), data=form)
        assert saved.headers["location"] == address(world, "sorting?q=member&page=2&saved=0")


REFERENCE = "letters/azerbaijan-iaj"


@pytest.fixture
def signed(world: World) -> list[dict[str, str]]:
    """The reference letter, signed by its eleven in no order at all; answers their own order."""
    with open(shared(f"{REFERENCE}.signatories.csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [f'  - "{row["name"]}"' for row in rows]
    text = shared(f"{REFERENCE}.md").read_text("utf-8")
    text = text.replace('deadline: "2025-09-29', 'deadline: "2099-09-29')
    settings = "\n".join(["public_proof: true", "signatories:", *names])
    world.letter(text=text.replace("order: manual", f"order: manual\n{settings}", 1))
    for number, row in sorted(enumerate(rows), key=lambda pair: pair[1]["name"][::-1]):
        who = AURORA if row["kind"] == "organisation" else DARIA
        named = {"organisation" if who is AURORA else "name": row["name"]}
        world.approved(who, **named, email=f"s{number}@s{number}.example")
    return rows


def outputs(world: World) -> dict[str, list[str]]:
    """The names as they stand on the page, in the JSON and the CSV, and in the documents."""
    names = world.names()
    table = world.client.get(f"{world.path}/signatories.csv").content.decode()
    with world.database.read() as db:
        pdf = exports.export(db, world.slug, "pdf")
        html = exports.export(db, world.slug, "html").decode()
    printed = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    texts = {
        "page": world.client.get(world.path).text.partition('id="signatories"')[2],
        "html": html.partition("The signatories:")[2],
        "pdf": printed.stdout.decode().partition("The signatories:")[2],
    }
    texts = {name: " ".join(unescape(text).split()) for name, text in texts.items()}
    return {
        "json": names,
        "csv": [listed_name(line) for line in csv.DictReader(io.StringIO(table))],
        **{name: sorted(names, key=text.index) for name, text in texts.items()},
    }


def test_the_reference_letter_comes_out_under_t_under_i_and_as_its_organisers_wanted(
    world: World, signed: list[dict[str, str]]
) -> None:
    by_hand = [row["name"] for row in signed]
    jurists = "The International Commission of Jurists"
    organisations, person = by_hand[:-1], by_hand[-1]
    others = sorted(name for name in organisations if name != jurists)
    under_i = others.index("Independent Lawyers' Network") + 1
    desk = world.desk()
    for settings, expected in [
        (("manual", "keep"), by_hand),
        (("collation", "keep"), [*others, jurists, person]),
        (("collation", "skip"), [*others[:under_i], jurists, *others[under_i:], person]),
        (("manual", "skip"), by_hand),
    ]:
        sort(desk, world, *settings)
        for output, names in outputs(world).items():
            assert names == expected, (settings, output)

    # And as dragged, from the order by name.
    sort(desk, world, "collation", "skip")
    ids = {listed_name(line): line["id"] for line in world.signatories()}
    dragged = {f"position_{ids[name]}": str(place) for place, name in enumerate(by_hand, start=1)}
    desk.post(address(world, "order/positions"), order_page(desk, world), **dragged)
    for output, names in outputs(world).items():
        assert names == by_hand, output
