"""Somebody with a browser, whose clicks and typing are counted.

A link counts as one click, so does the button of a form, a box ticked, a choice from a list and a
file chosen; a field filled in counts as typed once, whatever its length. Only what stands on the
page can be followed, filled in and pressed.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx
from lxml import html

File = tuple[str, bytes]
Fields = dict[str, list[str]]


@dataclass
class Effort:
    clicks: int = 0
    typed: int = 0


class Clumsy(AssertionError):
    """What the person wanted to do cannot be done on this page."""


class Person:
    """Follows redirects and keeps cookies, as browsers do; answers from 400 on are a failure."""

    def __init__(self, url: str) -> None:
        self.browser = httpx.Client(base_url=url, follow_redirects=True, timeout=60)
        self.efforts: list[Effort] = []
        self.answer: httpx.Response
        self.page: html.HtmlElement

    def close(self) -> None:
        self.browser.close()

    @contextmanager
    def at_work(self) -> Iterator[Effort]:
        """What is done inside is counted; countings may nest."""
        effort = Effort()
        self.efforts.append(effort)
        try:
            yield effort
        finally:
            self.efforts.remove(effort)

    def visit(self, url: str) -> None:
        """A link in a mail, or a bookmark: one click."""
        self._spent(clicks=1)
        self._take(self.browser.get(url))

    def reload(self) -> None:
        self._spent(clicks=1)
        self._take(self.browser.get(str(self.answer.url)))

    def follow(self, pattern: str) -> None:
        """The first link of the page whose address matches to its end."""
        for link in self.page.iter("a"):
            if re.search(f"(?:{pattern})$", link.get("href", "")):
                self.visit(urljoin(str(self.answer.url), link.get("href")))
                return
        raise Clumsy(f"no link to {pattern} on {self.answer.url}")

    def press(
        self,
        pattern: str,
        *,
        fields: Mapping[str, str] | None = None,
        ticks: Mapping[str, str] | None = None,
        file: tuple[str, File] | None = None,
        beside: str = "",
    ) -> None:
        """The first button that sends to an address that matches to its end.

        `beside` names a field that its form must have; `fields` are typed, `ticks` clicked
        (boxes, radio buttons, choices of a list).
        """
        form, address, own = self._button(pattern, beside)
        sent = _values(self.page, form)
        known = _names(self.page, form)
        for name, value in (fields or {}).items():
            self._known(name, known)
            sent[name] = [value]
        for name, value in (ticks or {}).items():
            self._known(name, known)
            sent[name] = [value]
        self._spent(1 + len(ticks or {}) + (file is not None), len(fields or {}))
        sent.update(own)
        target = urljoin(str(self.answer.url), address)
        if form.get("method", "get").lower() == "get":
            self._take(self.browser.get(target, params=sent))
            return
        files = {file[0]: file[1]} if file else None
        if form.get("enctype") == "multipart/form-data" and files is None:
            files = {"": ("", b"")}  # nothing chosen, as browsers say it
        self._take(self.browser.post(target, data=sent, files=files))

    @property
    def text(self) -> str:
        """What is read on the page."""
        return " ".join(self.page.text_content().split())

    def _button(self, pattern: str, beside: str) -> tuple[html.HtmlElement, str, Fields]:
        for button in self.page.iter("button"):
            form = _form_of(self.page, button)
            if form is None or button.get("aria-hidden") == "true":
                continue
            if beside and beside not in _names(self.page, form):
                continue
            address = button.get("formaction") or form.get("action", "")
            if re.search(f"(?:{pattern})$", address.partition("#")[0]):
                own = {button.get("name"): [button.get("value", "")]} if button.get("name") else {}
                return form, address, own
        raise Clumsy(f"no button for {pattern} on {self.answer.url}")

    def _known(self, name: str, known: set[str]) -> None:
        if name not in known:
            raise Clumsy(f"no field {name} on {self.answer.url}")

    def _spent(self, clicks: int, typed: int = 0) -> None:
        for effort in self.efforts:
            effort.clicks += clicks
            effort.typed += typed

    def _take(self, answer: httpx.Response) -> None:
        if answer.status_code >= 400:
            words = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
            raise Clumsy(
                f"{answer.request.method} {answer.url}: {answer.status_code} {words[:600]}"
            )
        self.answer = answer
        if "html" in answer.headers.get("content-type", ""):
            self.page = html.document_fromstring(answer.content)


def _form_of(page: html.HtmlElement, field: html.HtmlElement) -> html.HtmlElement | None:
    if field.get("form"):
        return page.get_element_by_id(field.get("form"))
    return next(field.iterancestors("form"), None)


def _fields(page: html.HtmlElement, form: html.HtmlElement) -> Iterator[html.HtmlElement]:
    for field in page.iter("input", "select", "textarea"):
        if field.get("name") and _form_of(page, field) is form:
            yield field


def _names(page: html.HtmlElement, form: html.HtmlElement) -> set[str]:
    return {field.get("name") for field in _fields(page, form)}


def _values(page: html.HtmlElement, form: html.HtmlElement) -> Fields:
    """What the browser sends if nothing is touched."""
    sent: Fields = {}
    for field in _fields(page, form):
        kind = field.get("type")
        if kind == "file" or (kind in ("checkbox", "radio") and "checked" not in field.attrib):
            continue
        value = field.value if field.tag != "input" else field.get("value", "")
        sent.setdefault(field.get("name"), []).append(value or "")
    return sent
