"""What attackers try, and what they get."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import httpx

from tests.routes import addresses, by_route, values_of
from tests.walk import INVITED, every_get, opened, visitor_of
from tests.world import AURORA, BOREAS, CIRRUS, DARIA, LETTER, OLGA, World, logo, submit, text_of

SCRIPT = "<script>alert(1)</script>"
HOSTILE = "Press \"<img src=x onerror=alert(1)>\" & 'Co'"
TYPED_BY_STRANGERS = (AURORA, BOREAS, CIRRUS, DARIA)


def test_opening_an_address_never_writes(world: World) -> None:
    world.letter("public_proof: true")
    walked = every_get(world)
    visitor = visitor_of(world)
    before, files = world.rows(), files_of(world)
    for address in walked:
        for method in ("GET", "HEAD", "OPTIONS"):
            opened(visitor(address), method, address)
    assert world.rows() == before
    assert files_of(world) == files


def files_of(world: World) -> set[str]:
    """All but the database, and the documents kept ready, which nobody misses."""
    folder, kept_ready = world.settings.data_dir, world.settings.renditions_dir
    found = (path for path in folder.rglob("*") if kept_ready not in (path, *path.parents))
    return {str(path.relative_to(folder)) for path in found if "sqlite" not in path.name}


def test_every_answer_says_what_the_page_may_do(world: World) -> None:
    world.letter("public_proof: true")
    walked = every_get(world)
    visitor = visitor_of(world)
    for address in [*walked, "/nothing", "/letters/../etc/passwd"]:
        must_be_guarded(opened(visitor(address), "GET", address), address)
    for at_desk in (True, False):
        for address in addresses(world.app, "POST", values_of(world), desk=at_desk):
            must_be_guarded(visitor(address).post(address), address)
    must_be_guarded(world.client.get("/", headers={"host": "evil.example"}), "evil.example")
    must_be_guarded(world.client.post("/", content=b"x" * 70_000), "413")


def must_be_guarded(answer: httpx.Response, address: str) -> None:
    policy = dict(
        part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; ")
    )
    assert policy["default-src"] == "'none'", address
    assert policy["base-uri"] == "'none'", address
    assert "unsafe" not in str(policy), address
    assert policy.get("script-src", "'self'") == "'self'", address
    is_embed = re.fullmatch(r"/letters/[^/]+/embed(\?.*)?", address)
    assert policy["frame-ancestors"] == ("*" if is_embed else "'none'"), address
    assert ("x-frame-options" in answer.headers) != bool(is_embed), address
    assert answer.headers["x-content-type-options"] == "nosniff", address
    # The address of a private link to a draft is told to no page at all.
    told = "no-referrer" if address.startswith("/drafts/") else "same-origin"
    assert answer.headers["referrer-policy"] == told, address
    html = answer.headers.get("content-type", "").startswith("text/html")
    if html and "'sha256-" not in policy.get("style-src", ""):
        assert policy["require-trusted-types-for"] == "'script'", address
        must_need_nothing_inline(answer.text, address)


def must_need_nothing_inline(html: str, address: str) -> None:
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|src=.data:", html), address
    # What is no program runs nowhere, and no policy asks about it.
    scripts = re.findall(r'<script(?! type="application/ld\+json">)[^>]*>', html)
    assert all("src=" in tag for tag in scripts), address


def test_even_the_page_of_a_crash_is_guarded(world: World) -> None:
    with world.database.write() as db:
        db.connection().exec_driver_sql("UPDATE letter SET order_rule = 'broken'")
    browser = world.browser(raise_server_exceptions=False)
    answer = browser.get(world.path)
    assert answer.status_code == 500
    assert "It is our mistake, not yours" in answer.text
    assert "broken" not in answer.text
    must_be_guarded(answer, world.path)


def test_script_in_names_is_shown_and_not_run(world: World) -> None:
    world.letter("public_proof: true\nshow_representatives: true")
    world.sign(AURORA, organisation=HOSTILE, name=SCRIPT, role=SCRIPT)
    link = world.link(AURORA["email"])
    shown = [world.client.get(link)]
    world.client.post(link)
    manage = world.link(AURORA["email"], "/manage/")
    desk = world.desk()
    shown.append(desk.browser.get(f"/desk/letters/{world.slug}/endorsements"))
    desk.decide(world.slug, desk_name(shown[-1].text), "approval")
    paths = ("", "/signatories", "/signatories?q=img", "/embed", "/embed/demo", "/letter.html")
    shown += [world.client.get(world.path + path) for path in paths]
    shown += [world.client.get(manage), world.client.get(f"{manage}/receipt")]
    shown += [desk.browser.get(f"/desk/letters/{world.slug}/order")]
    for answer in shown:
        assert answer.status_code == 200
        must_be_inert(answer.text, str(answer.url))
    for mail in world.mails_to(AURORA["email"]):
        html = mail.get_body(("html",))
        assert html is not None
        must_be_inert(html.get_content(), str(mail["subject"]))


def desk_name(page: str) -> str:
    """The one name in the queue, as the markup has it."""
    (name,) = re.findall(r"<h3><bdi>(.+?)</bdi>", page)
    return HOSTILE if "onerror" in name else name


def must_be_inert(html: str, where: str) -> None:
    assert SCRIPT not in html, where
    for tag, attributes in Tags(html).found:
        assert not any(name.startswith("on") for name in attributes), where
        is_program = attributes.get("type") != "application/ld+json"
        if tag == "img" or (tag == "script" and is_program):
            assert is_ours(attributes["src"]), where


def is_ours(source: str) -> bool:
    return source.startswith(("/", "data:image/"))


class Tags(HTMLParser):
    """The tags of a page as a browser understands them, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def test_script_in_a_letters_text_is_text(world: World) -> None:
    hostile = f"""
{SCRIPT}

<img src=x onerror=alert(1)> [press](javascript:alert(1)) [data](data:text/html,x) <b>bold</b>

![tracker](https://evil.example/pixel.png) <javascript:alert(1)> [good](https://good.example)
"""
    world.letter("public_proof: true", text=LETTER.replace("1. Suspend", f"{hostile}\n1. Suspend"))
    world.sign(AURORA)
    pages = (world.path, world.link(AURORA["email"]), f"{world.path}/letter.html")
    for page in pages:
        html = world.client.get(page).text
        must_be_inert(html, page)
        for address in re.findall(r'(?:href|src)="([^"]*)"', html):
            assert not address.lower().startswith(("javascript:", "vbscript:", "data:text")), page
        assert "pixel.png" not in html
        assert 'href="https://good.example"' in html
        assert "<b>bold</b>" not in html


def test_links_come_from_the_base_url_whatever_host_was_asked(world: World) -> None:
    """A mail that leads to the attacker's host would give the token away."""
    for header in ("host", "x-forwarded-host", "forwarded", "x-original-host", "x-host"):
        value = "host=evil.example" if header == "forwarded" else "evil.example"
        headers = {header: value, "x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.1"}
        browser = world.browser(headers=headers)
        answer = world.sign(AURORA, browser=browser)
        assert answer.status_code == (400 if header == "host" else 303)
        asked = browser.post("/desk/sign-in", data={"email": OLGA})
        assert asked.status_code == (400 if header == "host" else 200)
        for path in (world.path, f"{world.path}/signatories.json", f"{world.path}/embed/demo"):
            for _made_and_shelved in range(2):
                assert "evil.example" not in browser.get(path).text
    mails = [*world.mails_to(AURORA["email"]), *world.mails_to(OLGA)]
    assert len(mails) > 4
    for mail in mails:
        assert "evil.example" not in mail.as_string()
        assert world.settings.base_url in text_of(mail)


def test_another_host_is_answered_by_no_page(world: World) -> None:
    world.client.get(world.path)  # from now on it stands on the shelf
    asked = (world.path, f"{world.path}/signatories.json", "/", "/desk/sign-in", "/nothing")
    hosts = ("evil.example", "127.0.0.1.evil.example", "evil.example:8000", "[", "[::1", "", "a b")
    for host in hosts:
        for address in asked:
            answer = world.client.get(address, headers={"host": host})
            assert answer.status_code == 400, (host, address)
            assert "Ardal" not in answer.text
        # Health checks of the machine know no name.
        assert world.client.get("/healthz", headers={"host": host}).status_code == 200


def test_redirects_lead_to_paths_of_our_own(world: World) -> None:
    walked = every_get(world)
    organiser = world.desk().browser
    odd = [
        "//evil.example/",
        "///evil.example//",
        "/%5Cevil.example/",
        "/\\evil.example/",
        "/letters//evil.example/",
        f"{world.path}/",
        f"{world.path}//",
        "/desk//evil.example/",
        f"{world.path}/?next=https://evil.example",
        f"{world.path}/embed/",
    ]
    redirected = 0
    for address in [*walked, *odd]:
        for browser in (world.client, organiser):
            answer = opened(browser, "GET", f"{world.settings.base_url}{address}")
            if "location" in answer.headers:
                redirected += 1
                assert re.match(r"/(?![/\\])", answer.headers["location"]), address
                assert "\\" not in answer.headers["location"], address
    assert redirected > 3
    to_letter = world.client.get(f"{world.path}/")
    assert (to_letter.status_code, to_letter.headers["location"]) == (308, world.path)


def test_no_public_answer_holds_an_address(world: World) -> None:
    world.letter("public_proof: true\nshow_representatives: true")
    walked = every_get(world)
    world.desk().decide(world.slug, "Boreas Legal Aid", "approval")
    for address in walked:
        if not address.startswith("/desk"):
            shown = opened(world.client, "GET", address)
            said = f"{shown.headers}{shown.text if not address.endswith('/live') else ''}"
            for email in (*(who["email"] for who in TYPED_BY_STRANGERS), INVITED):
                assert email not in said, address
                assert email.partition("@")[0] + "@" not in said, address
            assert "…@" not in said, address
    # What was typed is shown again to whoever typed it, and to nobody else.
    again = world.sign(AURORA, country="")
    assert again.status_code == 422
    assert AURORA["email"] in again.text
    assert again.headers["cache-control"] == "no-store"


def test_whoever_steals_the_database_gets_no_address_token_or_network(world: World) -> None:
    visitor = world.browser("203.0.113.77")
    world.sign(AURORA, browser=visitor)
    submit(visitor, "/desk/sign-in", "/desk/sign-in", email=OLGA)
    desk = world.desk()
    # First with mails that wait, then with mails that left.
    secrets: set[str] = {desk.browser.cookies["undersigned-desk"]}
    secrets.add(visitor.cookies["undersigned-browser"])
    stolen = [stolen_bytes(world)]
    tokens = [
        world.link(AURORA["email"]),
        world.link(OLGA, "/desk/sign-in/"),
    ]
    world.confirm(AURORA)
    desk.decide(world.slug, "Aurora Media Watch", "decline", reason="Who?")
    world.told(AURORA["email"])
    tokens.append(world.link(AURORA["email"], "/manage/"))
    stolen.append(stolen_bytes(world))
    for token in tokens:
        secrets.add(token.rpartition("/")[2])
        secrets |= set(token.rpartition("/")[2].split("."))
    for content in stolen:
        for secret in secrets:
            assert secret.encode() not in content
        for fact in (b"203.0.113", b"anna@", b"@aurora", b"olga@", b"@organisers"):
            assert fact not in content
    # It is the right file: what is public stands in it.
    assert all(b"Aurora Media Watch" in content for content in stolen)
    with world.database.read() as db:
        kept = db.connection().exec_driver_sql("SELECT facts FROM outbox").scalars().all()
    assert set(kept) == {None}


def stolen_bytes(world: World) -> bytes:
    """All the database holds: on SQLite the very files."""
    if not world.settings.is_sqlite:
        return repr(world.rows()).encode()
    files = world.settings.data_dir.glob("undersigned.sqlite*")
    return b"".join(file.read_bytes() for file in files)


def chunks(size: int) -> Iterator[bytes]:
    """A body whose length isn't told beforehand."""
    for _chunk in range(size // 1_000):
        yield b"x" * 1_000


def test_no_crawler_is_led_to_what_a_key_opens(world: World) -> None:
    robots = world.client.get("/robots.txt").text
    kept_out = tuple(re.findall(r"^Disallow: (.+)$", robots, re.MULTILINE))
    pages = by_route(world.app, "GET", values_of(world), desk=False)
    keys = [address for path, found in pages.items() if "{token}" in path for address in found]
    assert keys
    assert [address for address in keys if not address.startswith(kept_out)] == []


def test_a_body_has_a_size_that_a_form_may_have(world: World) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    signing = f"{world.path}/endorsements"
    posted = ("/desk/sign-in", "/confirm/unknown", "/manage/unknown/correction", world.path, "/")
    for address in posted:
        for body in (b"a=" + b"x" * 64_000, chunks(65_000)):
            answer = world.client.post(address, content=body, headers=form)
            if address in ("/", world.path) and not isinstance(body, bytes):
                assert answer.status_code == 405  # nobody reads it
            else:
                assert answer.status_code == 413, address
                assert "That is too large" in answer.text
    for body in (b"x" * 1_100_001, chunks(1_200_000)):
        assert world.client.post(signing, content=body, headers=form).status_code == 413
    for length in ("abc", "-1", "9" * 30):
        headers = {**form, "content-length": length}
        assert world.client.post(signing, content=b"", headers=headers).status_code == 413
    assert world.rows()["endorsement"] == []
    assert world.sign(AURORA).status_code == 303


def test_what_is_no_form_is_refused_and_not_echoed(world: World) -> None:
    for content_type, body in (
        ("application/json", b'{"email": "echo@secret.example"}'),
        ("text/plain", b"email=echo@secret.example"),
        ("multipart/form-data", b"echo@secret.example"),
        ("multipart/form-data; boundary=x", b"echo@secret.example"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a'),
        ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(1_500))),
        ("application/x-www-form-urlencoded; charset=utf-16", b"%ff%fe=%80&name=%00&kind=%ed%a0"),
    ):
        answer = world.client.post(
            f"{world.path}/endorsements", content=body, headers={"content-type": content_type}
        )
        assert answer.status_code in (400, 422), content_type
        assert "secret.example" not in answer.text
    organiser = world.desk().browser
    for accept in ("text/html", "application/json"):
        bad = "/desk/letters/x/endorsements/<b>secret.example/address"
        answer = organiser.get(bad, headers={"accept": accept})
        assert answer.status_code == 404
        assert "secret.example" not in answer.text


def test_only_pictures_become_logos_and_only_our_copy_of_them(world: World) -> None:
    png = logo()["logo"][1]
    refused = {
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "gif": logo("GIF")["logo"][1],
        "address": b"https://evil.example/logo.png",
        "pixels": logo(size=(2_001, 2_000))["logo"][1],
        "bytes": png + b"\0" * 1_000_000,
        "broken": png[:60],
    }
    for name, content in refused.items():
        answer = world.sign(AURORA, files={"logo": ("../../logo.png", content, "image/png")})
        assert answer.status_code == 422, name
        assert 'id="logo-error"' in answer.text
        assert f'value="{AURORA["organisation"]}"' in answer.text
    too_large = world.sign(AURORA, files={"logo": ("logo.png", b"x" * 1_200_000, "image/png")})
    assert too_large.status_code == 413
    assert not list(world.settings.logos_dir.glob("*"))

    marked = png[:-12] + b"\0\0\0\x0btEXtsecret\0here\xd4\x0b\x3e\x1c" + png[-12:]
    world.approved(AURORA, files={"logo": ("../../secret.svg", marked, "text/html")})
    address = world.signatories()[0]["logo"]
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/logos/[0-9a-f]{32}\.png", address)
    shown = world.client.get(address)
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert b"here" not in shown.content
    assert shown.content != marked
    for name in ("../undersigned.sqlite", "..%2Fsecret.key", "%2e%2e/secret.key", "a.png", ".png"):
        assert world.client.get(f"/logos/{name}").status_code in (404, 308)


def test_a_person_has_no_logo(world: World) -> None:
    world.approved(DARIA, files=logo())
    assert world.signatories()[0]["logo"] is None
    assert not list(world.settings.logos_dir.glob("*"))


def test_the_local_mailbox_is_for_this_machine_alone(world: World) -> None:
    cases: list[tuple[str, dict[str, str], int]] = [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.1", {}, 404),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, 404),
        ("127.0.0.1", {"forwarded": "for=127.0.0.1"}, 404),
        ("127.0.0.1", {"x-real-ip": "127.0.0.1"}, 404),
        ("127.0.0.1", {"via": "1.1 proxy"}, 404),
        ("192.0.2.1", {"x-forwarded-for": "127.0.0.1"}, 404),
    ]
    with world.elsewhere(smtp_url="mailbox:") as local:
        local.sign(AURORA)
        local.deliver()
        (name,) = (path.stem for path in local.settings.mailbox_dir.glob("*.eml"))
        for address, headers, status in cases:
            browser = local.browser(address, headers=headers)
            for path in ("/mailbox", f"/mailbox/{name}", f"/mailbox/{name}/html"):
                answer = browser.get(path)
                assert answer.status_code == status, (address, headers, path)
                assert ("Review and confirm" in answer.text) == (status == 200)
        assert local.client.get("/mailbox/..%2f..%2fsecret.key").status_code == 404


def test_with_a_mail_server_there_is_no_mailbox(world: World) -> None:
    assert world.client.get("/mailbox").status_code == 404
