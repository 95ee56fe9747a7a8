"""Messages and cards as HTML, from typed spans; what people wrote is text and never markup or a link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from adapters.moments import long_day, wall_time, zone_named
from adapters.playground.markup import Html, element, markup
from adapters.playground.messages import Message
from bot.cards import (
    Block,
    Bullets,
    Button,
    Card,
    Facts,
    Link,
    Mention,
    Moment,
    Paragraph,
    Span,
    Strong,
    Text,
    Tone,
)
from bot.wording import Words
from commitments.partnership import Person

OWN_PAGE = "/?"
_HUES = 8  # as many as the style sheet has


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Who reads, and what is needed to name everybody else."""

    person: Person
    say: Words
    people: Mapping[str, Person]
    place_is_private: bool = False

    def name_of(self, author: str | None) -> str:
        found = self.people.get(author or "")
        return found.name if found else self.say("playground.kept")


def icon(name: str) -> Html:
    return element("svg", element("use", href=f"#icon-{name}"), class_="icon", aria_hidden="true")


def moment(at: datetime, words: str, zone: str) -> Html:
    return element("time", words, datetime=at.astimezone(zone_named(zone)).isoformat(timespec="minutes"))


def avatar(author: str | None, people: Mapping[str, Person]) -> Html:
    if author is None or author not in people:
        return element("span", icon("kept"), class_="avatar kept", aria_hidden="true")
    initials = "".join(part[0] for part in people[author].name.split()[:2])
    hue = list(people).index(author) % _HUES
    return element("span", initials, class_=f"avatar hue-{hue}", aria_hidden="true")


def card_html(card: Card, reading: Reading, *, ref: str = "") -> Html:
    return element(
        "div",
        _tone(card.tone, reading.say),
        element("h4", card.title, dir="auto"),
        [_block(block, reading.person) for block in card.blocks],
        list(_presses(card, ref)),
        class_=f"card {card.tone.value}",
    )


def text_html(text: Text, reader: Person) -> Html:
    return markup([_span(span, reader) for span in text])


def log_html(messages: Iterable[Message], reading: Reading) -> Iterator[Html]:
    """The messages with a heading for each day."""
    titles: dict[str, str] = {}
    zone, locale = reading.person.zone, reading.person.locale
    for day, said in groupby(messages, key=lambda message: message.at.astimezone(zone_named(zone)).date()):
        messages_of_day = list(said)
        at = messages_of_day[0].at
        yield element("h3", moment(at, long_day(at, zone, locale), zone), class_="day", id=f"day-{day}")
        for message in messages_of_day:
            yield message_html(message, reading, titles.get(message.thread or ""))
            titles[message.ref] = message.card.title if message.card else message.text


def message_html(message: Message, reading: Reading, answers: str | None = None) -> Html:
    """`answers` is the first line of the message it stands under."""
    return element(
        "article",
        avatar(message.author, reading.people),
        element("div", _byline(message, reading), _answers(answers, reading), message_body(message, reading)),
        class_="message",
        id=f"message-{message.ref}",
        tabindex=-1,
        aria_labelledby=f"by-{message.ref}",
    )


def _byline(message: Message, reading: Reading) -> Html:
    person, say = reading.person, reading.say
    hidden = message.only_for is not None and not reading.place_is_private
    return element(
        "header",
        element("b", reading.name_of(message.author), id=f"by-{message.ref}"),
        element("small", say("playground.bot")) if message.author is None else None,
        moment(message.at, wall_time(message.at, person.zone, person.locale), person.zone),
        element("small", say("playground.only_you_see")) if hidden else None,
        element("span", list(_tools(message, reading)), class_="tools"),
        class_="byline",
    )


def _tools(message: Message, reading: Reading) -> Iterator[Html]:
    say, name = reading.say, reading.name_of(message.author)
    if message.only_for is None:
        aside = element("span", " ", say("playground.reply_to", name=name), class_="unseen")
        yield element(
            "button",
            icon("reply"),
            element("span", say("playground.reply"), aria_hidden="true"),
            aside,
            type="button",
            class_="button quiet",
            data_answer=message.ref,
            data_author=name,
        )
    if message.card:
        yield element(
            "button",
            icon("look"),
            say("playground.look"),
            type="button",
            class_="button quiet",
            data_look=message.ref,
        )


def _answers(first_line: str | None, reading: Reading) -> Html | None:
    if first_line is None:
        return None
    return element(
        "p", icon("reply"), reading.say("playground.answers", title=first_line), class_="thread", dir="auto"
    )


def message_body(message: Message, reading: Reading) -> Html:
    if message.card:
        return card_html(message.card, reading, ref=message.ref)
    return element("p", message.text, dir="auto")


def _tone(tone: Tone, say: Words) -> Html | None:
    if tone is Tone.CALM:
        return None
    return element("p", icon(tone.value), say(f"playground.tone.{tone.value}"), class_="tone")


def _block(block: Block, reader: Person) -> Html:
    match block:
        case Paragraph(text):
            return element("p", text_html(text, reader), dir="auto")
        case Facts(pairs):
            rows = [
                (element("dt", name), element("dd", text_html(text, reader), dir="auto"))
                for name, text in pairs
            ]
            return element("dl", rows)
        case Bullets(items):
            return element("ul", [element("li", text_html(item, reader), dir="auto") for item in items])


def _span(span: Span, reader: Person) -> Html:
    match span:
        case str():
            return markup(span)
        case Mention(_, name):
            return element("b", name, class_="mention", dir="auto")
        case Moment(at, words):
            return moment(at, words, reader.zone)
        case Strong(text):
            return element("strong", text)
        case Link(text, url):
            return _link(text, url, reader)


def _link(text: str, url: str, reader: Person) -> Html:
    """Only the playground's own pages are one click away, seen by the same person."""
    if not url.startswith(OWN_PAGE):
        return markup(f"{text} ({url})")
    return element("a", text, href=f"{OWN_PAGE}as={reader.id}&{url.removeprefix(OWN_PAGE)}")


def _presses(card: Card, ref: str) -> Iterator[Html]:
    """A bundle repeats the buttons per promise, each group under its title."""
    is_bundle = len({button.about for button in card.buttons}) > 1
    for place, (about, group) in enumerate(groupby(card.buttons, key=lambda button: button.about)):
        heading = f"about-{ref}-{place}"
        titled = is_bundle and about
        yield element(
            "div",
            element("p", about, class_="about", id=heading, dir="auto") if titled else None,
            [_press(button, ref) for button in group],
            class_="presses",
            id=f"presses-{ref}-{place}",
            role="group",
            aria_labelledby=heading if titled else None,
            aria_label=None if titled else card.title,
        )


def _press(button: Button, ref: str) -> Html:
    return element(
        "button",
        button.label,
        type="button",
        class_="button",
        id=f"press-{ref}-{button.verb}-{button.value}",
        data_verb=button.verb,
        data_value=button.value,
        data_message=ref,
    )
