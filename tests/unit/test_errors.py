"""Every error has a code of its own, and the tree in the docstring is the true one."""

from __future__ import annotations

import re

import pytest

import kg_videorag
from kg_videorag import errors
from kg_videorag.errors import KgVideoRagError, MediaTruncatedError


def descendants(kind):
    yield kind
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from descendants(child)


ALL = list(descendants(KgVideoRagError))


def drawn_tree():
    """(name, parent's name) of every line of the tree in the module's docstring."""
    branch = []  # (column, name) from the root to the last line
    for line in errors.__doc__.splitlines():
        match = re.match(r"^(?P<lines>[ │├└─]{4,})(?P<name>[A-Z]\w+)", line)
        if match:
            column = len(match["lines"])
            branch = [entry for entry in branch if entry[0] < column]
            yield match["name"], branch[-1][1] if branch else None
            branch.append((column, match["name"]))


def test_the_docstring_draws_the_hierarchy():
    actual = [
        (kind.__name__, None if kind is KgVideoRagError else kind.__base__.__name__) for kind in ALL
    ]
    assert sorted(drawn_tree(), key=str) == sorted(actual, key=str)


def test_every_error_has_a_code_of_its_own():
    assert len({kind.code for kind in ALL}) == len(ALL)


@pytest.mark.parametrize("kind", ALL)
def test_a_code_is_said_by_its_class(kind):
    assert "code" in vars(kind)
    assert re.fullmatch(r"[a-z_]+", kind.code)


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind is not MediaTruncatedError])
def test_an_error_carries_message_and_hint(kind):
    error = kind("it broke", hint="mend it")
    assert (str(error), error.message, error.hint) == ("it broke", "it broke", "mend it")
    assert kind("it broke").hint == ""


def test_a_truncated_file_says_how_far_it_went():
    error = MediaTruncatedError("cut short", decoded_ms=1_500)
    assert (error.decoded_ms, error.message, error.hint) == (1_500, "cut short", "")


@pytest.mark.parametrize("name", kg_videorag.__all__)
def test_public_names_exist(name):
    assert getattr(kg_videorag, name).__name__ == name


def test_an_unknown_name_of_the_package_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nonsense"):
        _ = kg_videorag.nonsense
