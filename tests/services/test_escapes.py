"""Texts in addresses."""

from __future__ import annotations

from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from soda_core.services.escapes import quoted

TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from("%?/~ +&\n25"))


@given(st.lists(TEXTS, min_size=1), st.sampled_from(["", "/~", "%"]))
def test_texts_are_escaped_as_one_by_one(texts: list[str], safe: str) -> None:
    """Whatever characters they hold, the sign of escapes and the one between them too."""
    assert [quote(text, safe=safe) for text in texts] == quoted(texts, safe)
