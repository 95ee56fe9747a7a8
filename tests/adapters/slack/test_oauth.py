"""Installing: one state, one browser, ten minutes, our own address, our own app."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from adapters.redaction import Secret
from adapters.slack.client import OAuth
from adapters.slack.crypto import Keyring
from adapters.slack.installations import Installations
from adapters.slack.oauth import Installing, Page, Visit, add_oauth_routes
from adapters.slack.scopes import names
from adapters.slack.states import MOST, States
from adapters.slack.tables import installations, oauth_states
from fake_slack import CLIENT_ID, CLIENT_SECRET, TEAM, Drop, Status

PUBLIC = "https://kept.example.com"
KEY = Secret("A" * 43 + "=")


@pytest.fixture
def store(engine) -> Installations:
    return Installations(engine, Keyring([KEY]), iter("abcdefgh").__next__)


@pytest.fixture
def installing(engine, store, slack, session, clock) -> Installing:
    return an_installing(engine, store, slack, session, clock)


def an_installing(engine, store, slack, session, clock, public_url: str = PUBLIC, **more) -> Installing:
    return Installing(
        public_url=public_url,
        api_url=slack.api_url,
        client_id=CLIENT_ID,
        states=States(engine),
        installations=store,
        oauth=OAuth(slack.api_url, session, CLIENT_ID, Secret(CLIENT_SECRET), clock),
        now=clock,
        **more,
    )


def a_visit(*query: tuple[str, str], cookies: dict[str, str] | None = None, languages: str = "en") -> Visit:
    return Visit(query=query, cookies=cookies or {}, languages=languages)


def asked(page: Page) -> dict[str, str]:
    assert page.location is not None
    return {name: values[0] for name, values in parse_qs(urlsplit(page.location).query).items()}


async def come_back(installing: Installing, *query: tuple[str, str], **how) -> Page:
    """From Slack, in the same browser."""
    begun = await installing.begin(a_visit())
    cookies = {installing.cookie: begun.cookie or ""}
    return await installing.finish(a_visit(("state", asked(begun)["state"]), *query, cookies=cookies, **how))


async def test_slack_is_asked_for_what_the_manifest_says_and_sent_back_to_us(installing, slack):
    page = await installing.begin(a_visit())
    assert page.status == 302
    assert page.location.startswith(slack.api_url.replace("/api/", "/oauth/v2/authorize?"))
    assert asked(page)["redirect_uri"] == f"{PUBLIC}/slack/oauth_redirect"
    assert asked(page)["scope"] == ",".join(names())
    assert asked(page)["client_id"] == CLIENT_ID
    assert len(asked(page)["state"]) >= 40
    assert page.cookie not in page.location


async def test_where_kept_may_read_along_slack_is_asked_for_that_too(engine, store, slack, session, clock):
    page = await an_installing(engine, store, slack, session, clock, reading=True).begin(a_visit())
    assert asked(page)["scope"] == ",".join(names(reading=True))


async def test_an_installation_is_kept_with_its_token(installing, store, slack):
    slack.issue_code("code")
    page = await come_back(installing, ("code", "code"))
    assert page.status == 200
    assert "Kept is installed" in page.body
    found = store.find(TEAM)
    assert found.token.reveal() in slack.tokens
    assert (found.bot_id, found.installed_by) == ("B0KEPT", "U0ADMIN")
    (exchange,) = slack.calls("oauth.v2.access")
    assert exchange.fields["redirect_uri"] == f"{PUBLIC}/slack/oauth_redirect"


async def test_the_same_answer_again_is_refused(installing, slack):
    begun = await installing.begin(a_visit())
    slack.issue_code("one")
    slack.issue_code("two")
    cookies = {installing.cookie: begun.cookie}
    state = ("state", asked(begun)["state"])
    assert (await installing.finish(a_visit(state, ("code", "one"), cookies=cookies))).status == 200
    assert (await installing.finish(a_visit(state, ("code", "two"), cookies=cookies))).status == 400
    assert len(slack.calls("oauth.v2.access")) == 1


async def test_eight_tabs_with_one_answer_install_once(installing, slack):
    begun = await installing.begin(a_visit())
    slack.issue_code("code")
    visit = a_visit(
        ("state", asked(begun)["state"]), ("code", "code"), cookies={installing.cookie: begun.cookie}
    )
    pages = await asyncio.gather(*(installing.finish(visit) for _ in range(8)))
    assert sorted(page.status for page in pages) == [200] + [400] * 7


@pytest.mark.parametrize("cookie", [None, "", "another", "x" * 300])
async def test_another_browser_cannot_finish(installing, slack, cookie):
    begun = await installing.begin(a_visit())
    cookies = {} if cookie is None else {installing.cookie: cookie}
    page = await installing.finish(
        a_visit(("state", asked(begun)["state"]), ("code", "code"), cookies=cookies)
    )
    assert page.status == 400
    assert "ten minutes" in page.body
    assert slack.seen == []


async def test_after_ten_minutes_it_is_too_late(installing, slack, clock):
    begun = await installing.begin(a_visit())
    clock.advance(timedelta(minutes=10, seconds=1))
    visit = a_visit(
        ("state", asked(begun)["state"]), ("code", "c"), cookies={installing.cookie: begun.cookie}
    )
    assert (await installing.finish(visit)).status == 400
    assert slack.seen == []


@pytest.mark.parametrize(
    "query",
    [
        (),
        (("code", ""),),
        (("code", "a b"),),
        (("code", "x" * 600),),
        (("code", "one"), ("code", "two")),
        (("code", "../../chat.postMessage"),),
        (("code", "<script>"),),
    ],
)
async def test_an_odd_code_is_not_shown_to_slack(installing, slack, query):
    page = await come_back(installing, *query)
    assert page.status == 400
    assert "<script" not in page.body
    assert slack.seen == []


async def test_a_state_given_twice_is_none(installing, slack):
    begun = await installing.begin(a_visit())
    state = ("state", asked(begun)["state"])
    page = await installing.finish(
        a_visit(state, state, ("code", "c"), cookies={installing.cookie: begun.cookie})
    )
    assert page.status == 400
    assert slack.seen == []


async def test_who_declines_is_told_that_nothing_happened(installing, slack):
    page = await come_back(installing, ("error", "access_denied"))
    assert (page.status, "Nothing was installed" in page.body) == (400, True)
    assert slack.seen == []


async def test_a_code_slack_does_not_know_installs_nothing(installing, store):
    page = await come_back(installing, ("code", "unknown"))
    assert (page.status, store.find(TEAM)) == (400, None)
    assert "kept check" in page.body


@pytest.mark.parametrize("fault", [Drop(after=True), Status(503), Status(200, "<html>")])
async def test_no_clear_answer_installs_nothing_and_says_so(installing, store, slack, fault):
    slack.issue_code("code")
    slack.go_wrong("oauth.v2.access", fault)
    page = await come_back(installing, ("code", "code"))
    assert (page.status, store.find(TEAM)) == (502, None)


async def test_the_first_workspace_settles_which_app_this_is(installing, store, slack):
    slack.issue_code("first")
    slack.issue_code("second", team="T2", app_id="A0THER")
    slack.issue_code("third", team="T3")
    assert (await come_back(installing, ("code", "first"))).status == 200
    assert (await come_back(installing, ("code", "second"))).status == 403
    assert (await come_back(installing, ("code", "third"))).status == 200
    assert store.find("T2") is None


async def test_the_only_workspace_may_move_to_another_app(installing, store, slack):
    slack.issue_code("first")
    slack.issue_code("again", app_id="ANEW")
    await come_back(installing, ("code", "first"))
    assert (await come_back(installing, ("code", "again"))).status == 200
    assert store.find(TEAM).app_id == "ANEW"


async def test_asking_for_states_without_end_is_answered_with_patience(installing, engine, clock):
    for number in range(MOST):
        States(engine).issue(str(number), "b", clock())
    page = await installing.begin(a_visit())
    assert (page.status, page.location, page.cookie) == (429, None, None)


async def test_pages_speak_the_readers_language(installing):
    page = await come_back(installing, ("error", "access_denied"), languages="de-AT,de;q=0.9")
    assert '<html lang="de">' in page.body
    assert "Es wurde nichts installiert" in page.body


# Over HTTP


@pytest.fixture
async def browser(installing) -> AsyncIterator[TestClient]:
    app = web.Application()
    add_oauth_routes(app, installing)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(browser):
    answer = await browser.get("/slack/install", allow_redirects=False)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-kept-install=")
    for part in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=600"):
        assert part in cookie
    assert "Domain" not in cookie


async def test_pages_are_not_kept_and_tell_no_other_site_the_code(browser):
    answer = await browser.get("/slack/oauth_redirect?code=c&state=s")
    assert answer.status == 400
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Max-Age=0" in answer.headers["Set-Cookie"]


async def test_a_glance_begins_nothing(browser, engine):
    assert (await browser.head("/slack/install")).status == 405
    with engine.begin() as connection:
        assert connection.execute(select(oauth_states)).all() == []


async def test_on_this_machine_it_works_over_http_from_end_to_end(
    engine, store, slack, session, clock, unused_tcp_port
):
    """There a browser would not send a Secure cookie back."""
    slack.issue_code("code")
    base = f"http://127.0.0.1:{unused_tcp_port}"
    app = web.Application()
    add_oauth_routes(app, an_installing(engine, store, slack, session, clock, public_url=base))
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", unused_tcp_port).start()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as jar:
        begun = await jar.get(f"{base}/slack/install", allow_redirects=False)
        sent = {
            name: values[0] for name, values in parse_qs(urlsplit(begun.headers["Location"]).query).items()
        }
        done = await jar.get(sent["redirect_uri"], params={"code": "code", "state": sent["state"]})
        assert (done.status, "Kept is installed" in await done.text()) == (200, True)
    await runner.cleanup()
    assert store.find(TEAM).is_active


def header_sets() -> list[dict[str, str]]:
    hosts = ("evil.example", "evil.example:443", "kept.example.com.evil.example", "127.0.0.1", "[::1]")
    named = ("Host", "X-Forwarded-Host", "X-Original-Host", "X-Host", "Forwarded", "X-Forwarded-Server")
    sets = [{name: f"host={host}" if name == "Forwarded" else host} for name in named for host in hosts]
    sets += [{"X-Forwarded-Proto": proto} for proto in ("http", "javascript", "https,http")]
    sets += [{"X-Forwarded-Prefix": "/evil"}, {"X-Original-URL": "/evil"}, {"X-Rewrite-URL": "/evil"}]
    sets += [
        {"X-Forwarded-Port": "8080"},
        {"Origin": "https://evil.example"},
        {"Referer": "https://evil.example"},
    ]
    return [*sets, {"X-Forwarded-For": "1.2.3.4"}]


async def test_t39_no_header_moves_the_address_slack_sends_people_back_to(browser, engine):
    sets = header_sets()
    assert len(sets) == 40
    for headers in sets:
        answer = await browser.get("/slack/install", headers=headers, allow_redirects=False)
        sent = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert sent["redirect_uri"] == [f"{PUBLIC}/slack/oauth_redirect"], headers


async def test_t08_no_token_and_no_code_is_logged_or_shown(installing, slack, caplog, engine):
    slack.issue_code("canary-code")
    page = await come_back(installing, ("code", "canary-code"))
    slack.go_wrong("oauth.v2.access", Status(500, "canary-body"))
    other = await come_back(installing, ("code", "canary-code"))
    with engine.begin() as connection:
        rows = str(connection.execute(select(installations)).all())
    said = caplog.text + page.body + other.body + str(page) + rows
    assert not [secret for secret in (*slack.tokens, "canary", CLIENT_SECRET) if secret in said]
