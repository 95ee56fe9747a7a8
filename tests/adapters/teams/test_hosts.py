"""No byte goes to a host that is not listed, however its address is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from adapters.teams.hosts import LONGEST, Hosts, NotListed

PUBLIC = {
    "smba.trafficmanager.net",
    "smba.infra.gcc.teams.microsoft.com",
    "smba.onyx.prod.teams.trafficmanager.net",
}
GOOD = "https://smba.trafficmanager.net"

TRICKS = {
    "not a text": None,
    "a number": 5,
    "bytes": b"https://smba.trafficmanager.net/",
    "a list": [GOOD],
    "an object": {"url": GOOD},
    "true": True,
    "nothing": "",
    "a slash": "/",
    "host alone": "smba.trafficmanager.net/emea/",
    "no scheme": "//smba.trafficmanager.net/emea/",
    "one slash": "https:/smba.trafficmanager.net/",
    "three slashes": "https:///smba.trafficmanager.net/",
    "http": "http://smba.trafficmanager.net/emea/",
    "ftp": "ftp://smba.trafficmanager.net/",
    "file": "file:///etc/passwd",
    "websocket": "wss://smba.trafficmanager.net/",
    "a script": "javascript:fetch('https://smba.trafficmanager.net/')",
    "a scheme in a scheme": "https:https://smba.trafficmanager.net/",
    "user": "https://evil@smba.trafficmanager.net/",
    "user and password": "https://a:b@smba.trafficmanager.net/",
    "ours as user": "https://smba.trafficmanager.net@evil.example/",
    "ours as user and port": "https://smba.trafficmanager.net:443@evil.example/",
    "an encoded at": "https://smba.trafficmanager.net%40evil.example/",
    "an empty user": "https://@smba.trafficmanager.net/",
    "port": "https://smba.trafficmanager.net:8443/",
    "the usual port": "https://smba.trafficmanager.net:443/",
    "an empty port": "https://smba.trafficmanager.net:/",
    "ours before theirs": "https://smba.trafficmanager.net.evil.example/",
    "theirs before ours": "https://evil.smba.trafficmanager.net/",
    "glued before": "https://evilsmba.trafficmanager.net/",
    "a hyphen before": "https://evil-smba.trafficmanager.net/",
    "a name of their own there": "https://evil.trafficmanager.net/",
    "the bare domain": "https://trafficmanager.net/",
    "another ending": "https://smba.trafficmanager.com/",
    "glued after": "https://smba.trafficmanager.network/",
    "trailing dot": "https://smba.trafficmanager.net./emea/",
    "doubled dot": "https://smba..trafficmanager.net/",
    "backslash": "https://smba.trafficmanager.net\\@evil.example/",
    "backslashes for slashes": "https:\\\\smba.trafficmanager.net\\emea",
    "backslash in the path": "https://smba.trafficmanager.net/\\evil.example/",
    "encoded dot": "https://smba%2Etrafficmanager.net/",
    "encoded slash": "https://evil.example%2F.smba.trafficmanager.net/",
    "encoded nothing": "https://smba.trafficmanager.net%00.evil.example/",
    "encoded path": "https://smba.trafficmanager.net/%2e%2e/",
    "fullwidth dot": "https://smba．trafficmanager.net/",
    "ideographic dot": "https://smba。trafficmanager.net/",
    "halfwidth dot": "https://smba｡trafficmanager.net/",
    "Cyrillic a": "https://smbа.trafficmanager.net/",
    "long s": "https://ſmba.trafficmanager.net/",
    "a script capital": "https://𝓈mba.trafficmanager.net/",
    "punycode": "https://xn--smb-5cd.trafficmanager.net/",
    "soft hyphen": "https://smba.traffic\u00admanager.net/",
    "zero width": "https://smba.trafficmanager\u200b.net/",
    "right to left": "https://\u202esmba.trafficmanager.net/",
    "the metadata service": "http://169.254.169.254/latest/meta-data/",
    "an address": "https://52.112.0.1/",
    "a decimal address": "https://2130706433/",
    "a hexadecimal address": "https://0x7f000001/",
    "an octal address": "https://0177.0.0.1/",
    "IPv6": "https://[::1]/",
    "IPv4 in IPv6": "https://[::ffff:127.0.0.1]/",
    "this machine": "http://127.0.0.1:3978/",
    "this machine by name": "http://localhost:56150/_connector",
    "this machine, https": "https://localhost/",
    "fragment": "https://smba.trafficmanager.net/#@evil.example/",
    "fragment for a path": "https://smba.trafficmanager.net#.evil.example/",
    "query": "https://smba.trafficmanager.net/?x=",
    "query for a path": "https://smba.trafficmanager.net?.evil.example/",
    "semicolon": "https://smba.trafficmanager.net;evil.example/",
    "parent": "https://smba.trafficmanager.net/emea/../../",
    "itself": "https://smba.trafficmanager.net/./",
    "an empty step": "https://smba.trafficmanager.net//evil.example/",
    "line end after": "https://smba.trafficmanager.net/emea/\n",
    "line end within": "https://smba.trafficmanager.net/\r\nHost: evil.example",
    "line end before": "\nhttps://smba.trafficmanager.net/",
    "tab": "https://smba.traffic\tmanager.net/",
    "space before": " https://smba.trafficmanager.net/",
    "space after": "https://smba.trafficmanager.net/ ",
    "nothing after": "https://smba.trafficmanager.net/\0",
    "two addresses": "https://smba.trafficmanager.net/,https://evil.example/",
    "another channel of Microsoft's": "https://webchat.botframework.com/",
    "direct line": "https://directline.botframework.com/",
    "the login service": "https://login.botframework.com/",
    "GCC High, whose keys are others": "https://smba.infra.gov.teams.microsoft.us/gcch/",
    "DoD, the same": "https://smba.infra.dod.teams.microsoft.us/teams/",
    "a surrogate": "https://smba.trafficmanager.net/\ud800",
    "too long": f"{GOOD}/{'a' * LONGEST}",
}
LOCAL_TRICKS = {
    "a name that resolves here": "http://localhost.evil.example/",
    "ours as user": "http://localhost@evil.example/",
    "short": "http://127.1/",
    "another of the block": "http://127.0.0.2/",
    "every address": "http://0.0.0.0:3978/",
    "decimal": "http://2130706433/",
    "bare IPv6": "http://::1/",
    "zone": "http://[::1%25lo]/",
    "trailing dot": "http://localhost./",
    "no digits in the port": "http://127.0.0.1:x/",
    "a long port": "http://127.0.0.1:123456/",
    "no such port": "http://127.0.0.1:65536/",
    "ours after": "http://127.0.0.1.evil.example/",
    "another scheme": "gopher://127.0.0.1/",
}


def takes(hosts: Hosts, url: object) -> bool:
    try:
        hosts.checked(url)
    except NotListed:
        return False
    return True


@pytest.mark.parametrize("url", TRICKS.values(), ids=TRICKS)
def test_no_trick_passes(url):
    assert not takes(Hosts(), url)


@pytest.mark.parametrize(
    "url", [*(url for trick, url in TRICKS.items() if "this machine" not in trick), *LOCAL_TRICKS.values()]
)
def test_no_trick_passes_where_loopback_is_listed(url):
    assert not takes(Hosts(loopback=True), url)


@pytest.mark.parametrize("url", LOCAL_TRICKS.values(), ids=LOCAL_TRICKS)
def test_loopback_is_not_listed_unless_asked_for(url):
    assert not takes(Hosts(), url)


@pytest.mark.parametrize(
    ("url", "checked"),
    [
        ("https://smba.trafficmanager.net/emea/", "https://smba.trafficmanager.net/emea/"),
        ("https://smba.trafficmanager.net/emea", "https://smba.trafficmanager.net/emea/"),
        ("https://smba.trafficmanager.net", "https://smba.trafficmanager.net/"),
        ("HTTPS://SMBA.TrafficManager.NET/Emea/", "https://smba.trafficmanager.net/Emea/"),
        (
            "https://smba.trafficmanager.net/amer-client-ss.msg/",
            "https://smba.trafficmanager.net/amer-client-ss.msg/",
        ),
        (
            "https://smba.trafficmanager.net/emea/5f0b4f6e-4d4a-4e83-9d0e-1d6a0a4b2c11/",
            "https://smba.trafficmanager.net/emea/5f0b4f6e-4d4a-4e83-9d0e-1d6a0a4b2c11/",
        ),
        ("https://smba.infra.gcc.teams.microsoft.com/gcc", "https://smba.infra.gcc.teams.microsoft.com/gcc/"),
        (
            "https://smba.onyx.prod.teams.trafficmanager.net/emea/",
            "https://smba.onyx.prod.teams.trafficmanager.net/emea/",
        ),
    ],
)
def test_what_teams_sends_is_listed_and_ends_in_a_slash(url, checked):
    assert Hosts().checked(url) == checked
    assert Hosts().checked(checked) == checked


@pytest.mark.parametrize(
    ("url", "checked"),
    [
        ("http://localhost:56150/_connector", "http://localhost:56150/_connector/"),
        ("http://127.0.0.1:3978", "http://127.0.0.1:3978/"),
        ("http://[::1]:3978/", "http://[::1]:3978/"),
    ],
)
def test_an_emulator_on_this_machine_is_listed_only_when_asked_for(url, checked):
    assert Hosts(loopback=True).checked(url) == checked
    assert not takes(Hosts(), url)


ODD = "htps:/@.\\#?%[]smba.trafficmanager.netéı。\r\n\0 "
AWKWARD = st.text(st.one_of(st.sampled_from(ODD), st.characters()), max_size=12)


@given(before=AWKWARD, within=AWKWARD, after=AWKWARD, at=st.integers(0, len(GOOD)))
def test_whatever_passes_reaches_a_listed_host_as_the_client_reads_it(before, within, after, at):
    url = f"{before}{GOOD[:at]}{within}{GOOD[at:]}{after}"
    if takes(Hosts(), url):
        parsed = URL(Hosts().checked(url))
        assert parsed.raw_host in PUBLIC
        assert parsed == URL.build(scheme="https", host=parsed.raw_host, path=parsed.path)


def test_a_refusal_does_not_repeat_the_address():
    with pytest.raises(NotListed) as refusal:
        Hosts().checked("https://evil.example/?secret=1")
    assert "evil" not in str(refusal.value)
