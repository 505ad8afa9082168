"""Getting in, in a real browser: passkeys, the second step and the account's pages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import Stage
from tests.harness.browser import Windows, axe, pictures, serves_everybody
from tests.harness.processes import free_port
from tests.harness.server import Server

ACCOUNT = "/desk/account"
OLGA = "desk@undersigned.example"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The demo under a name: at an IP address browsers have no passkeys."""
    port = free_port()
    address = f"http://localhost:{port}"
    folder: Path = tmp_path_factory.mktemp("stage")
    server = Server(folder / "var", {"UNDERSIGNED_BASE_URL": address}, port=port)
    named = Stage(server)
    named.command("demo")
    with server:
        named.url = address
        yield named


def hold_device(page: Page, *, verifies: bool = True) -> None:
    """Gives the browser an authenticator with a fingerprint reader, which is touched at once."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})


def add_passkey(stage: Stage, page: Page, name: str) -> None:
    page.goto(stage.url + ACCOUNT)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What to call it").fill(name)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_text("The passkey is added.")).to_be_visible()
    expect(page.get_by_text(name, exact=True)).to_be_visible()


def test_a_passkey_is_made_and_signs_in(stage: Stage, page: Page) -> None:
    hold_device(page)
    stage.sign_in(page)
    add_passkey(stage, page, "Laptop")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/desk/letters")
    page.goto(f"{stage.url}/desk/step-up?next={ACCOUNT}")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    page.goto(f"{stage.url}{ACCOUNT}/passkeys/new")
    page.get_by_label("What to call it").fill("The same device")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("alert")).to_have_text(
        "This device has a passkey for your account already."
    )
    axe(page)
    page.goto(stage.url + ACCOUNT)
    page.get_by_role("button", name="Remove the passkey Laptop").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()


def test_whoever_is_not_verified_is_told_and_can_still_ask_for_a_link(
    stage: Stage, page: Page
) -> None:
    hold_device(page, verifies=False)
    page.goto(f"{stage.url}/desk/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used")
    axe(page)
    pictures(page, "sign-in-failed")
    page.get_by_label("Your e-mail address").fill(OLGA)
    stage.forget_mails()
    page.get_by_role("button", name="Mail me a link").click()
    expect(page.get_by_role("heading", name="Check your inbox")).to_be_visible()


def test_without_script_there_is_no_button_that_does_nothing(
    stage: Stage, windows: Windows
) -> None:
    page = windows.open(javascript=False)
    page.goto(f"{stage.url}/desk/sign-in")
    expect(page.get_by_role("button", name="Mail me a link")).to_be_visible()
    expect(page.get_by_text("Sign in with a passkey")).to_be_hidden()
    stage.sign_in(page)
    page.goto(f"{stage.url}{ACCOUNT}/passkeys/new")
    expect(page.get_by_text("This needs JavaScript")).to_be_visible()


def test_a_second_step_is_set_up_and_asked_for(stage: Stage, windows: Windows) -> None:
    """Without script, as it works for everybody."""
    page = windows.open(javascript=False)
    stage.sign_in(page)
    page.goto(stage.url + ACCOUNT)
    page.get_by_role("link", name="Set up a second step").click()
    page.get_by_role("button", name="Begin").click()
    code = pyotp.TOTP(page.locator("code.key").inner_text().replace(" ", ""))
    page.get_by_label("The code your app shows now").fill(code.now())
    page.get_by_role("button", name="Turn the second step on").click()
    recovery = page.locator(".codes code").all_inner_texts()
    assert len(recovery) == 10
    pictures(page, "desk-recovery-codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 recovery codes are left.")).to_be_visible()
    pictures(page, "desk-account-second-step")
    page.get_by_role("button", name="Sign out").click()
    stage.forget_mails()
    page.get_by_label("Your e-mail address").fill(OLGA)
    page.get_by_role("button", name="Mail me a link").click()
    page.goto(stage.link(OLGA, "/desk/sign-in/"))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("That code is wrong")
    pictures(page, "sign-in-code")
    page.get_by_label("Code", exact=True).fill(recovery[0])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/letters")
    page.goto(f"{stage.url}/desk/step-up")
    expect(page.get_by_label("Code", exact=True)).to_be_visible()
    pictures(page, "desk-step-up-code")
    page.goto(stage.url + ACCOUNT)
    page.get_by_role("button", name="Remove the second step").click()
    expect(page.get_by_text("The second step is removed.")).to_be_visible()


PAGES = {
    "sign-in": "/desk/sign-in",
    "desk-account": ACCOUNT,
    "desk-passkey": f"{ACCOUNT}/passkeys/new",
    "desk-second-step": f"{ACCOUNT}/second-step",
    "desk-step-up": f"/desk/step-up?next={ACCOUNT}",
}


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_are_accessible_and_fit_a_phone(
    stage: Stage, windows: Windows, name: str
) -> None:
    page = windows.open()
    hold_device(page)
    stage.sign_in(page)
    if name == "desk-account":
        add_passkey(stage, page, "Security key in the drawer at home, the blue one")
    if name == "desk-second-step":
        page.goto(stage.url + PAGES[name])
        page.get_by_role("button", name=re.compile("Begin|another key")).click()
    serves_everybody(page, stage.url + PAGES[name], name)
