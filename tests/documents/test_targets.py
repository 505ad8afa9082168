import pytest

from app.documents.markdown import parse
from app.documents.targets import doubts


def doubted(source: str) -> list[str]:
    lost: list[str] = []
    return doubts(parse(source, lost=lost), lost)


@pytest.mark.parametrize(
    "source",
    [
        "[https://amnesty.org](https://www.amnesty.org/en)",
        "[www.amnesty.org](https://amnesty.org)",
        "[press.amnesty.org](https://amnesty.org)",
        "[Parvati.org](https://parvati.org)",
        "[the U.S. position](https://a.example)",
        "[Dr. med. e.V.](https://a.example)",
        "<https://пример.рф/путь>",
        "[write](mailto:a@b.example) or [a.example](mailto:press@a.example)",
        "[no address](https://evil.example)",
    ],
)
def test_ordinary_links_raise_no_doubt(source: str) -> None:
    assert doubted(source) == []


def test_a_link_that_leads_elsewhere_than_it_says_is_told() -> None:
    assert doubted("> - [**https://amnesty.org**/en](https://evil.example/amnesty.org)") == [
        "The link “https://amnesty.org/en” leads to another site: evil.example."
    ]
    assert doubted("a[^1]\n\n[^1]: [amnesty.org](https://amnesty.org.evil.example)") == [
        "The link “amnesty.org” leads to another site: amnesty.org.evil.example."
    ]


def test_a_host_that_looks_like_another_is_told() -> None:
    [doubt] = doubted("[Apple](https://аррӏе.com) [again](https://xn--80ak6aa92e.com/)")
    assert doubt.startswith("The link to аррӏе.com may mislead: “аррӏе” looks Latin but")


def test_a_link_that_was_left_out_is_told_once() -> None:
    source = "[a](javascript:alert(1)) [b](javascript:alert(1)) [c](https://a@b.example)"
    assert doubted(source) == [
        "A link to “javascript:alert(1)” was left out: links lead to the web or to a mailbox.",
        "A link to “https://a@b.example” was left out: links lead to the web or to a mailbox.",
    ]
