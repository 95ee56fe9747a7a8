"""Text as Slack delivers it becomes what a person meant, and nothing typed becomes an id of ours."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.texts import channels_in, meant, people_in, without

PEOPLE = {"U0ANA": "a" * 32}
CHANNELS = {"C0SHARED": "c" * 32}


@pytest.mark.parametrize(
    ("delivered", "said"),
    [
        ("send it", "send it"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt;", "&lt;"),
        ("<@U0ANA|ana> please", f"<@{'a' * 32}> please"),
        ("<@U0ANA>", f"<@{'a' * 32}>"),
        ("<@U0NOBODY|nobody> please", "@nobody please"),
        ("link Acme <#C0SHARED|acme-shared>", f"link Acme <#{'c' * 32}>"),
        ("link Acme <#C0OTHER|secret>", "link Acme #secret"),
        ("link Acme <#C0OTHER|>", "link Acme #channel"),
        ("<https://example.com/a|the report>", "the report (https://example.com/a)"),
        ("<https://example.com/a>", "https://example.com/a"),
        ("see <http://acme.com|acme.com>", "see acme.com"),
        ("<mailto:a@b.org|a@b.org>", "a@b.org"),
        ("<!channel> now", "@channel now"),
        ("<!here|here> now", "@here now"),
        ("<!subteam^S1|@staff>", "@staff"),
        ("<!date^1^{date}|Friday>", "@Friday"),
        (f"&lt;@{'a' * 32}&gt;", f"< @{'a' * 32}>"),
        (f"&lt;#{'c' * 32}&gt;", f"< #{'c' * 32}>"),
        (f"\ufdd0@{'a' * 32}\ufdd1", f"@{'a' * 32}"),
    ],
)
def test_what_was_delivered_is_read_as_it_was_meant(delivered, said):
    assert meant(delivered, PEOPLE, CHANNELS) == said


@given(st.text(max_size=80))
def test_nothing_that_was_typed_becomes_somebody(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert not re.search(r"<[@#]", meant(escaped, PEOPLE, CHANNELS))


@given(st.text(alphabet="<>@#!|^&;ltgamp:/UC0ANASHRED ", max_size=60))
def test_only_whom_slack_named_is_somebody(text):
    found = re.findall(r"<[@#]([^>]*)>", meant(text, PEOPLE, CHANNELS))
    assert set(found) <= {*PEOPLE.values(), *CHANNELS.values()}


def test_only_a_few_are_looked_up_for_one_message():
    assert len(people_in(" ".join(f"<@U{number}>" for number in range(1000)))) == 10
    assert channels_in("<#C1|a> <#C2> <#C1>") == ["C1", "C2"]


def test_kepts_own_name_is_no_part_of_what_it_is_told():
    assert without("<@U0KEPT|kept>: list mine", "U0KEPT") == "list mine"
    assert without("please <@U0KEPT> list", "U0KEPT") == "please list"
