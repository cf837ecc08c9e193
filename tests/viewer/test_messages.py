"""What a page may say: only what is declared; everything else is one clear refusal."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.viewer.messages import parsed
from model.errors import InputError

WORDS = st.sampled_from(["op", "open", "rules", "scenario", "parameters", "period", "step",
                         "change", "name", "value", "__class__", "world", "ack"])  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | WORDS, inner,
                                                                max_size=5),
    max_leaves=12,
)  # fmt: skip


@pytest.mark.property
@given(JSON)
def test_any_message_is_understood_or_refused(value):
    operation, told = None, ""
    try:
        operation = parsed(json.dumps(value))
    except InputError as error:
        told = str(error)
    assert (operation is None) == bool(told)
    assert len(told) <= 300
    assert operation is None or value["op"] == operation.op


@pytest.mark.property
@given(st.text())
def test_any_text_is_understood_or_refused(text):
    with pytest.raises(InputError):
        parsed(text)


@pytest.mark.parametrize(
    "message",
    [
        {"op": "eval", "code": "1"}, {"op": "step", "periods": 101}, {"op": "step", "periods": 1.5},
        {"op": "step", "periods": "3"}, {"op": "speed", "periods": 1e9}, {"op": "play", "x": 1},
        {"op": "story", "citizen": -1}, {"op": "ack", "frame": True},
        {"op": "find", "text": "x" * 81}, {"op": "export", "what": "/etc/passwd", "form": "csv"},
        {"op": "open", "rules": {"scenario": "x", "parameters": {"a": {"b": 1}}}},
        {"op": "open", "rules": {"scenario": "x", "changes": [[0, "a", 1]]}},
        {"op": "open", "rules": {"scenario": "x"}, "period": -1},
        {"op": "colour", "by": "secret"}, {"op": "change", "name": "detection", "value": None},
        {"op": "study", "parameter": "detection", "begin": 0, "end": 1, "levels": 51},
    ],
)  # fmt: skip
def test_what_is_not_declared_is_refused(message):
    with pytest.raises(InputError, match="message refused"):
        parsed(json.dumps(message))


def test_a_deep_message_is_refused_not_followed():
    with pytest.raises(InputError):
        parsed("[" * 20_000 + "]" * 20_000)
