"""A form of a page as a browser would send it, texts of several lines and choices included."""

from html.parser import HTMLParser


class Filled(HTMLParser):
    """`values` are those of the form with that action."""

    def __init__(self, html: str, action: str) -> None:
        super().__init__()
        self.action = action
        self.values: dict[str, str] = {}
        self._inside = False
        self._text = self._select = ""
        self.feed(html)
        assert self.values, f"the page has no form to {action}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "form":
            self._inside = given.get("action") == self.action
        elif not self._inside:
            return
        elif tag == "input" and name and given.get("type") != "file" and _is_sent(given):
            self.values[name] = value
        elif tag == "textarea":
            self._text = name
            self.values[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and (self._select not in self.values or "selected" in given):
            self.values[self._select] = value

    def handle_data(self, text: str) -> None:
        if self._text:
            self.values[self._text] += text

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            # The line end after the tag is none of the text.
            text = self.values[self._text].replace("\r\n", "\n").removeprefix("\n")
            self.values[self._text] = text.replace("\n", "\r\n")
            self._text = ""


def _is_sent(given: dict[str, str]) -> bool:
    return given.get("type") not in ("checkbox", "radio") or "checked" in given
