"""Organisers ask a signer by mail; the answer comes back beside the entry."""

import re
from html import unescape

from tests.world import AURORA, BOREAS, CIRRUS, Forms, World, later, submit, text_of

NAME = "Aurora Media Watch"
QUESTION = "Does your board know?\nWho chairs it?"


def path_of(world: World, name: str, status: str = "verified") -> str:
    return f"{world.desk().entry(world.slug, name, status)}/question"


def ask(world: World, name: str, question: str, status: str = "verified") -> int:
    path = path_of(world, name, status)
    return submit(world.desk().browser, path, path, question=question).status_code


def names_of(page: str) -> list[str]:
    return [unescape(name) for name in re.findall(r"<h3><bdi>(.+?)</bdi>", page)]


def test_a_question_is_mailed_and_its_answer_stands_first(world: World) -> None:
    for who in (AURORA, BOREAS, CIRRUS):
        world.verified(who)
    desk = world.desk()
    assert ask(world, "Cirrus Foundation", QUESTION) == 303
    mail = world.mails_to(CIRRUS["email"])[-1]
    assert mail["subject"] == "A question about your signature: Free the press of Ardal"
    assert "> Does your board know?\n> Who chairs it?" in text_of(mail).replace("\r", "")
    assert "Question asked" in desk.queue(world.slug)

    manage = world.link(CIRRUS["email"], "/manage/")
    assert "Does your board know?" in world.client.get(manage).text
    form = f"{manage}/answer"
    answered = submit(world.client, manage, form, answer="It does.\n<b>Nino</b> chairs it.")
    assert answered.status_code == 303
    assert "You answered on" in world.client.get(manage).text

    page = desk.queue(world.slug)
    assert names_of(page) == ["Cirrus Foundation", NAME, "Boreas Legal Aid"]
    assert "Question answered" in page
    assert "&lt;b&gt;Nino&lt;/b&gt; chairs it." in page
    only = f"/desk/letters/{world.slug}/endorsements?only=question"
    assert names_of(desk.browser.get(only).text) == ["Cirrus Foundation"]
    (asked,), (told,) = world.trail("question asked"), world.trail("question answered")
    assert asked.reason == QUESTION
    assert (asked.actor[:10], told.actor) == ("organiser:", "signer")


def test_a_question_without_words_or_with_a_link_is_refused(world: World) -> None:
    world.verified(AURORA)
    path = path_of(world, NAME)
    for typed, complaint in (
        ("  \n", "Write the question."),
        ("x" * 1001, "too long"),
        ("See https://evil.example now", "Leave out web and e-mail addresses"),
        ("Write to me@evil.example", "Leave out web and e-mail addresses"),
    ):
        refused = submit(world.desk().browser, path, path, question=typed)
        assert refused.status_code == 422
        assert complaint in refused.text
        assert typed.strip() in unescape(refused.text)
    assert not any("question" in mail["subject"] for mail in world.mails_to(AURORA["email"]))


def test_only_a_confirmed_address_is_asked(world: World) -> None:
    world.sign(AURORA)
    (one,) = world.desk().ids(world.slug)
    path = f"/desk/letters/{world.slug}/endorsements/{one}/question"
    page = world.desk().browser.get(path).text
    assert "This signer can't be asked" in page
    desk = world.desk()
    assert desk.post(path, desk.queue(world.slug), question="Who?").status_code == 409
    assert [mail["subject"] for mail in world.mails_to(AURORA["email"])] == [
        "Review and confirm: Free the press of Ardal"
    ]


def test_asking_again_takes_the_place_of_the_question_before(world: World) -> None:
    world.verified(AURORA)
    ask(world, NAME, "First?")
    manage = world.link(AURORA["email"], "/manage/")
    old = Forms(world.client.get(manage).text).forms[f"{manage}/answer"]
    ask(world, NAME, "Second?")
    refused = world.client.post(f"{manage}/answer", data={**old, "answer": "To the first."})
    assert refused.status_code == 409
    assert "have asked anew since you opened the page" in refused.text
    assert "To the first." in refused.text
    assert submit(world.client, manage, f"{manage}/answer", answer="Two.").status_code == 303
    page = world.desk().queue(world.slug)
    assert "another question took its place" in page
    again = world.client.post(f"{manage}/answer", data={"answer": "Three."})
    assert again.status_code == 409
    # Whoever answered may be asked again.
    assert ask(world, NAME, "Third?") == 303


def test_an_answer_needs_words(world: World) -> None:
    world.verified(AURORA)
    ask(world, NAME, "Who?")
    manage = world.link(AURORA["email"], "/manage/")
    for typed, complaint in ((" ", "Write your answer."), ("x" * 2001, "too long")):
        refused = submit(world.client, manage, f"{manage}/answer", answer=typed)
        assert refused.status_code == 422
        assert complaint in refused.text
        assert typed.strip() in refused.text


def test_five_questions_a_day_are_enough(world: World) -> None:
    world.verified(AURORA)
    assert [ask(world, NAME, f"Question {n}?") for n in range(6)] == [303] * 5 + [422]
    with later(hours=25):
        assert ask(world, NAME, "The next day?") == 303
