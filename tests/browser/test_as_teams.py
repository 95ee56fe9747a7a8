"""A card as Teams shows it: Microsoft's own renderer, under the page's content policy and in both themes."""

from __future__ import annotations

import json
from itertools import product

from adapters.teams.preview import as_teams
from adaptive_card_rules import markdown_in, visible
from bot.cards import Bullets, Card, Facts, Mention, Paragraph, Strong
from browser.chromium import Page

DRAWN = "document.querySelector('.drawn .ac-adaptiveCard')"
EAGER = "window.markdownit({ html: true, linkify: true })"
TRICKS = [
    dress.replace("{}", address)
    for address, dress in product(
        (
            "https://evil.example",
            "//evil.com",
            "www.evil.com",
            "mailto:a@evil.com",
            "javascript:alert(1)",
            "evil.com",
        ),
        (
            "{}",
            "<{}>",
            "[Approve]({})",
            "[x][1]\n[1]: {}",
            "![x]({})",
            "<a href='{}'>x</a>",
            "see:{}",
            "**{}**_x_",
        ),
    )
]


async def look(page: Page) -> None:
    await page.click("[data-look]")
    await page.until("document.getElementById('look-dialog').open")
    await page.click(".formats label", "As Teams sees it")
    await page.until(DRAWN)


async def draw(page: Page, activity: object) -> str:
    """What a reader of the drawn message would see."""
    return str(
        await page.value(
            f"""import("/playground/static/teams.js").then(async ({{ draw }}) => {{
                const made = await draw({json.dumps(activity)}, {{ theme: "light", press: () => {{}} }});
                document.body.replaceChildren(made);
                return made.innerText;
            }})"""
        )
    )


async def test_nothing_of_the_renderer_is_loaded_before_it_is_asked_for(page: Page) -> None:
    loaded = "performance.getEntriesByType('resource').filter(each => each.name.includes('vendor')).length"
    assert await page.value(loaded) == 0
    await look(page)
    assert await page.value(loaded) == 3


async def test_a_card_is_drawn_as_teams_shows_it_in_both_themes(page: Page) -> None:
    grounds = set()
    for _ in range(2):
        await look(page)
        assert await page.value(f"{DRAWN}.textContent.includes('On track')")
        grounds.add(await page.value(f"getComputedStyle({DRAWN}).backgroundColor"))
        assert (
            await page.value("JSON.parse(document.querySelector('.payload').textContent).type") == "message"
        )
        await page.key("Escape")
        await page.click("[data-theme-toggle]")
    assert len(grounds) == 2


async def test_what_is_pressed_in_the_picture_is_pressed_in_the_conversation(page: Page) -> None:
    await look(page)
    await page.click(".drawn button", "Renegotiate")
    await page.until("document.getElementById('form-dialog').open")
    assert not await page.value("document.getElementById('look-dialog').open")
    await page.key("Escape")


async def test_a_mention_is_a_name(page: Page) -> None:
    card = Card(title="x", blocks=(Paragraph((Mention("ana", "Ana *A*"), ", look")),))
    assert "Ana *A*, look" in await draw(page, as_teams(card))


async def test_what_people_write_is_drawn_as_words_even_by_the_most_eager_client(page: Page) -> None:
    """With HTML and links in bare words switched on, which Teams does not do."""
    markup = "document.querySelectorAll('.ac-adaptiveCard :is(a, img, script, h1, li, em)').length"
    for trick in TRICKS:
        activity = as_teams(everywhere(trick))
        drawn = await draw(page, activity)
        assert visible(drawn).count(trick.splitlines()[0].replace("<", "‹")) == 6, trick
        assert await page.value(markup) == 0, trick
        texts = list(markdown_in(activity["attachments"][0]["content"]))
        html = f"{json.dumps(texts)}.map(each => {EAGER}.render(each)).join()"
        assert await page.value(f"/<(a|img|h1|li|em)[ >]/.exec({html})?.[0] ?? null") is None, trick


def everywhere(text: str) -> Card:
    return Card(
        title=text,
        blocks=(
            Paragraph((Mention("ana", "Ana"), text, " ", Strong(text))),
            Facts(((text, (text,)),)),
            Bullets(((text,),)),
        ),
    )
