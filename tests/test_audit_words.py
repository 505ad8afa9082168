"""Every action that the code writes into the audit trail can be told in words."""

import ast
from collections.abc import Iterator

import pytest

from app.endorsement import endorsements
from app.invitation import invitations
from app.letter import letter_states
from app.message import messages
from app.organiser import agreed, proposals
from app.trail import audit_words
from tests.test_house_rules import sources

RECORDING = ("record", "record_about", "record_of_book", "_record", "_set", "set_facts")


def recorded() -> Iterator[str]:
    """The actions that calls name; those that are a status are added by hand."""
    for _name, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "action" and _text(node.value):
                yield _text(node.value)
            if isinstance(node, ast.Call) and _called(node.func) in RECORDING:
                for argument in node.args[:3]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value
    yield from endorsements.MOVES
    yield from (f"invitation {status}" for status in invitations.MOVES)
    yield from (f"letter {status}" for status in letter_states.MOVES)
    yield from (f"proposal {status}" for status in proposals.ENDS)
    yield from (f"message {status}" for status in messages.MOVES)


def _text(value: ast.expr) -> str:
    return str(value.value) if isinstance(value, ast.Constant) else ""


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def test_every_action_has_words_and_no_words_are_left_over() -> None:
    actions = set(recorded())
    assert len(actions) > 20
    assert actions - audit_words.known() == set()
    assert audit_words.known() - actions == set()


@pytest.mark.parametrize("action", sorted(audit_words.known()))
def test_words_are_whole_sentences(action: str) -> None:
    facts = {
        "number": 3,
        "role": "editor",
        "fields": "deadline",
        "came_from": "draft",
        "before": None,
        "to": "2026-12-01T18:00:00+01:00",
        "with_addresses": True,
        "was": "viewer",
        "two_person": True,
        "proposed": "opening",
        "added": 2,
        "changed": 1,
        "entries": 3,
    }
    told = audit_words.sentence(action, facts)
    assert told[0].isupper()
    assert "%(" not in told


def test_whatever_needs_two_has_a_name() -> None:
    assert agreed.ACTIONS
    for action in agreed.ACTIONS:
        assert audit_words.proposed_name(action)
