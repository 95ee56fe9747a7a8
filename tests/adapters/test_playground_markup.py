import pytest

from adapters.playground.markup import Html, element, markup

HOSTILE = "<script>alert('x')</script> & \"more\""


def test_text_is_escaped_wherever_it_stands() -> None:
    assert "<script" not in element("p", HOSTILE, [HOSTILE, (HOSTILE,)], title=HOSTILE)


def test_an_attribute_cannot_be_left_by_a_quote() -> None:
    assert element("p", title='" onclick="x') == '<p title="&quot; onclick=&quot;x"></p>'


def test_markup_is_escaped_once_however_deep_it_is_nested() -> None:
    inner = element("b", "R&D")
    assert element("p", [inner, " & co"]) == "<p><b>R&amp;D</b> &amp; co</p>"


def test_nothing_where_there_is_nothing_to_say() -> None:
    assert element("p", None, [], title=None, hidden=False) == "<p></p>"


@pytest.mark.parametrize(
    ("written", "read"),
    [({"class_": "card"}, 'class="card"'), ({"data_verb": "promise.done"}, 'data-verb="promise.done"')],
)
def test_attribute_names_read_as_html(written: dict[str, str], read: str) -> None:
    assert element("p", **written) == f"<p {read}></p>"


def test_a_true_attribute_is_bare_and_a_void_element_is_not_closed() -> None:
    assert element("input", required=True, tabindex=-1) == '<input required tabindex="-1">'


def test_joined_markup_is_markup_and_text_is_not() -> None:
    assert isinstance(markup(["a", "b"]), Html)
    assert markup("a < b") == "a &lt; b"
