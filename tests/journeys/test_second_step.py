"""A code from an app after the mailed link, and recovery codes in its place."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
import pyotp
import pytest
import time_machine
from starlette.testclient import TestClient

from app.organiser import totp
from app.web.desk.sign_in import UNNAMED
from tests.world import OLGA, Desk, Forms, World, at_once, later, submit, text_of

SIGN_IN = "/desk/sign-in"
ACCOUNT = "/desk/account"
SECOND_STEP = f"{ACCOUNT}/second-step"
WRONG = "That code is wrong, or it was used already."


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    """Tomorrow, in the middle of a code's 30 seconds and of the hours in which tries are counted:
    none ends between a line of a story and the next."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with time_machine.travel(tomorrow.replace(hour=7, minute=0, second=10), tick=True):
        yield


class App:
    """An app for one-time codes on somebody's phone."""

    def __init__(self, secret: str) -> None:
        self.codes = pyotp.TOTP(secret.replace(" ", ""))

    def code(self, seconds: int = 0) -> str:
        """What it shows in so many seconds."""
        return self.codes.at(int(datetime.now(UTC).timestamp()) + seconds)


def begun(desk: Desk) -> App:
    """The app after it has scanned what the page shows."""
    submit(desk.browser, SECOND_STEP, SECOND_STEP)
    page = desk.browser.get(SECOND_STEP).text
    assert "<svg" in page
    found = re.search(r'<code class="key"[^>]*>([A-Z2-7 ]+)</code>', page)
    assert found
    return App(found.group(1))


def set_up(desk: Desk) -> tuple[App, list[str]]:
    """The app, and the recovery codes that were shown."""
    app = begun(desk)
    # The code before this one, so that the one of now is still to be used.
    shown = submit(desk.browser, SECOND_STEP, f"{SECOND_STEP}/confirmation", code=app.code(-30))
    assert shown.status_code == 200, shown.text
    return app, recovery_codes(shown)


def recovery_codes(answer: httpx.Response) -> list[str]:
    codes = re.findall(r"<code[^>]*>([a-z2-9]{5}-[a-z2-9]{5})</code>", answer.text)
    assert len(set(codes)) == totp.RECOVERY_CODES
    return codes


def code_page(world: World, browser: TestClient) -> str:
    """The page that a mailed link's button leads to."""
    submit(browser, SIGN_IN, SIGN_IN, email=OLGA)
    link = world.link(OLGA, f"{SIGN_IN}/")
    answer = submit(browser, link, link)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{SIGN_IN}/code/")
    return str(answer.headers["location"])


def is_signed_in(browser: TestClient) -> bool:
    return browser.get("/desk/letters").status_code == 200


def changes_told(world: World) -> list[str]:
    return [text_of(m) for m in world.mails_to(OLGA) if "was changed" in m["subject"]]


def test_after_the_link_a_code_is_asked_for(world: World) -> None:
    app, _codes = set_up(world.desk())
    browser = world.browser()
    page = code_page(world, browser)
    assert "For your account a code is asked for as well." in browser.get(page).text
    assert not is_signed_in(browser)
    answer = submit(browser, page, page, code=app.code())
    assert (answer.status_code, answer.headers["location"]) == (303, UNNAMED)
    assert is_signed_in(browser)
    assert world.trail("signed in")[-1].facts == {"way": "code"}
    assert "a code is asked for" in changes_told(world)[0]


def test_nothing_is_asked_before_a_first_code_has_shown_that_the_app_works(world: World) -> None:
    desk = world.desk()
    app = begun(desk)
    refused = submit(desk.browser, SECOND_STEP, f"{SECOND_STEP}/confirmation", code="123")
    assert refused.status_code == 422
    assert "not the code your app shows now" in refused.text
    assert app.codes.secret in refused.text.replace(" ", "")
    browser = world.browser()
    submit(browser, SIGN_IN, SIGN_IN, email=OLGA)
    link = world.link(OLGA, f"{SIGN_IN}/")
    assert submit(browser, link, link).headers["location"] == UNNAMED
    assert changes_told(world) == []


def test_beginning_again_makes_another_secret(world: World) -> None:
    desk = world.desk()
    old, new = begun(desk), begun(desk)
    path = f"{SECOND_STEP}/confirmation"
    assert submit(desk.browser, SECOND_STEP, path, code=old.code()).status_code == 422
    assert submit(desk.browser, SECOND_STEP, path, code=new.code()).status_code == 200
    page = desk.browser.get(SECOND_STEP).text
    assert "A second step is set up." in page
    assert new.codes.secret not in page.replace(" ", "")
    for path in (SECOND_STEP, f"{SECOND_STEP}/confirmation"):
        assert desk.post(path, page, code=new.code(30)).status_code == 409


def test_a_code_is_taken_once(world: World) -> None:
    app, _codes = set_up(world.desk())
    code = app.code()
    first, second = world.browser(), world.browser()
    page = code_page(world, first)
    assert submit(first, page, page, code=code).status_code == 303
    page = code_page(world, second)
    refused = submit(second, page, page, code=code)
    assert refused.status_code == 422
    assert WRONG in refused.text
    assert not is_signed_in(second)
    # Nor one from before the last that was taken.
    assert submit(second, page, page, code=app.code(-30)).status_code == 422
    assert submit(second, page, page, code=app.code(30)).status_code == 303


def test_of_two_who_type_it_at_once_one_gets_in(world: World) -> None:
    app, _codes = set_up(world.desk())
    posts = []
    for _browser in range(2):
        browser = world.browser()
        page = code_page(world, browser)
        form = Forms(browser.get(page).text).forms[page]
        posts.append(partial(browser.post, page, data={**form, "code": app.code()}))
    assert sorted(answer.status_code for answer in at_once(*posts)) == [303, 422]


def test_the_step_is_taken_once_soon_and_in_the_same_browser(world: World) -> None:
    app, codes = set_up(world.desk())
    browser, thief = world.browser(), world.browser()
    page = code_page(world, browser)
    form = Forms(browser.get(page).text).forms[page]
    thief.get(SIGN_IN)
    own = Forms(thief.get(SIGN_IN).text).forms[SIGN_IN]
    assert thief.get(page).status_code == 403
    assert thief.post(page, data={**own, "code": app.code()}).status_code == 403
    assert browser.post(page, data={"code": app.code()}).status_code == 403
    with later(minutes=10, seconds=1):
        for answer in (browser.get(page), browser.post(page, data={**form, "code": codes[0]})):
            assert answer.status_code == 410
    assert browser.post(page, data={**form, "code": app.code()}).status_code == 303
    for answer in (browser.get(page), browser.post(page, data={**form, "code": codes[0]})):
        assert answer.status_code in (403, 410)
    assert "10 recovery codes are left." in browser.get(ACCOUNT).text


def test_wrong_codes_are_limited_and_right_ones_are_not(world: World) -> None:
    app, codes = set_up(world.desk())
    browser = world.browser()
    page = code_page(world, browser)
    for number in range(9):
        refused = submit(browser, page, page, code=f"{number:06}")
        assert refused.status_code == 422
        assert WRONG in refused.text
    # A right one costs nothing: the tenth and last guess is still there.
    assert submit(browser, page, page, code=codes[0]).status_code == 303
    page = code_page(world, browser)
    assert WRONG in submit(browser, page, page, code="000009").text
    for code in (app.code(), "000010"):
        refused = submit(browser, page, page, code=code)
        assert refused.status_code == 422
        assert "Too many wrong codes were tried." in refused.text
    with later(hours=1, minutes=1):
        page = code_page(world, browser)
        assert submit(browser, page, page, code=app.code()).status_code == 303


def guess_in_vain(world: World, times: int) -> str:
    """Somebody who reads Olga's mail, and has not her app; what they are told at last."""
    thief = world.browser()
    page, told = code_page(world, thief), ""
    for number in range(times):
        told = submit(thief, page, page, code=f"{number:06}").text
    return told


def test_who_only_reads_the_mail_locks_nobody_out(world: World) -> None:
    desk = world.desk()
    app, codes = set_up(desk)
    assert "Use a recovery code or a passkey" in guess_in_vain(world, 11)
    # The desk that is signed in goes on, and shows by a code that it is Olga.
    with later(minutes=11):
        step_up = desk.browser.get(SECOND_STEP).headers["location"]
        page = desk.browser.get(step_up).text
        back = desk.post("/desk/step-up/code", page, code=app.code(), next=SECOND_STEP)
        assert back.headers["location"] == SECOND_STEP
    # Elsewhere a recovery code lets her in, however many wrong ones were tried.
    browser = world.browser()
    page = code_page(world, browser)
    for number in range(30):
        assert WRONG in submit(browser, page, page, code=f"aaaaa-aaa{number + 10}").text
    assert submit(browser, page, page, code=codes[0]).status_code == 303
    assert is_signed_in(browser)


def test_guessing_on_and_on_ends_for_the_day(world: World) -> None:
    app, _codes = set_up(world.desk())
    for hour in range(3):
        with later(hours=hour):
            guess_in_vain(world, 10)
    with later(hours=3):
        browser = world.browser()
        page = code_page(world, browser)
        refused = submit(browser, page, page, code=app.code())
        assert "Too many wrong codes were tried." in refused.text
    with later(hours=24):
        browser = world.browser()
        page = code_page(world, browser)
        assert submit(browser, page, page, code=app.code()).status_code == 303


def test_a_recovery_code_stands_in_for_the_app_once(world: World) -> None:
    desk = world.desk()
    _app, codes = set_up(desk)
    assert "10 recovery codes are left." in desk.browser.get(ACCOUNT).text
    browser = world.browser()
    page = code_page(world, browser)
    typed = f" {codes[3].upper().replace('-', ' ')}"
    assert submit(browser, page, page, code=typed).status_code == 303
    assert "9 recovery codes are left." in browser.get(ACCOUNT).text
    assert "A recovery code was used" in changes_told(world)[-1]
    page = code_page(world, browser)
    assert submit(browser, page, page, code=codes[3]).status_code == 422
    for code in codes:
        assert code not in browser.get(ACCOUNT).text


def test_new_recovery_codes_replace_the_old(world: World) -> None:
    desk = world.desk()
    _app, old = set_up(desk)
    page = desk.browser.get(ACCOUNT).text
    new = recovery_codes(desk.post(f"{ACCOUNT}/recovery-codes", page))
    assert "New recovery codes were made." in changes_told(world)[-1]
    browser = world.browser()
    page = code_page(world, browser)
    assert submit(browser, page, page, code=old[0]).status_code == 422
    assert submit(browser, page, page, code=new[0]).status_code == 303


def test_without_a_second_step_there_are_no_recovery_codes(world: World) -> None:
    desk = world.desk()
    page = desk.browser.get(ACCOUNT).text
    assert desk.post(f"{ACCOUNT}/recovery-codes", page).status_code == 409


def test_once_removed_the_link_signs_in_again(world: World) -> None:
    desk = world.desk()
    set_up(desk)
    page = desk.browser.get(ACCOUNT).text
    removed = desk.post(f"{SECOND_STEP}/removal", page)
    assert removed.headers["location"] == f"{ACCOUNT}?done=second-step-removed"
    assert "The second step was removed" in changes_told(world)[-1]
    rows = world.rows()
    assert (rows["second_step"], rows["recovery_code"]) == ([], [])
    browser = world.browser()
    submit(browser, SIGN_IN, SIGN_IN, email=OLGA)
    link = world.link(OLGA, f"{SIGN_IN}/")
    assert submit(browser, link, link).headers["location"] == UNNAMED


def test_a_code_steps_up_and_a_mail_does_not_any_more(world: World) -> None:
    desk = world.desk()
    app, codes = set_up(desk)
    with later(minutes=11):
        step_up = desk.browser.get(SECOND_STEP).headers["location"]
        page = desk.browser.get(step_up).text
        path = "/desk/step-up/code"
        assert list(Forms(page).forms) == ["/desk/sign-out", path]
        assert desk.post("/desk/step-up/link", page).status_code == 409
        refused = desk.post(path, page, code="000000", next=SECOND_STEP)
        assert refused.status_code == 422
        assert WRONG in refused.text
        assert Forms(refused.text).forms[path]["next"] == SECOND_STEP
        code = app.code()
        back = desk.post(path, page, code=code, next=SECOND_STEP)
        assert (back.status_code, back.headers["location"]) == (303, SECOND_STEP)
        assert desk.browser.get(SECOND_STEP).status_code == 200
        assert desk.post(path, page, code=code).status_code == 422
        for _guess in range(8):
            desk.post(path, page, code="000000")
        refused = desk.post(path, page, code="000000")
        assert "Too many wrong codes were tried." in refused.text
        assert desk.post(path, page, code=codes[0], next=SECOND_STEP).status_code == 303


def test_what_concerns_it_needs_a_fresh_session(world: World) -> None:
    desk = world.desk()
    set_up(desk)
    page = desk.browser.get(ACCOUNT).text
    with later(minutes=11):
        assert desk.browser.get(SECOND_STEP).headers["location"].startswith("/desk/step-up")
        for path in (
            SECOND_STEP,
            f"{SECOND_STEP}/confirmation",
            f"{SECOND_STEP}/removal",
            f"{ACCOUNT}/recovery-codes",
        ):
            assert desk.post(path, page).headers["location"].startswith("/desk/step-up?next="), path
    assert len(world.rows()["second_step"]) == 1


def test_stolen_bytes_hold_neither_the_secret_nor_recovery_codes(world: World) -> None:
    app, codes = set_up(world.desk())
    rows = repr(world.rows())
    for secret in (app.codes.secret, *codes, *(totp.plain(code) for code in codes)):
        assert secret not in rows


def test_codes_are_read_however_they_are_typed() -> None:
    assert totp.plain(" 123 456 ") == "123456"
    assert totp.plain("ABCDE-fghjk\n") == "abcdefghjk"
    assert totp.plain("١٢٣۴۵۶") == "123456"
    assert totp.plain("²") == "2"
    assert totp.plain("--") == ""
