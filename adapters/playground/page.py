"""The page, whole, for one person in one place: the script fetches it again and applies the difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from string import Template

from adapters.moments import city, long_day, wall_time, zone_named
from adapters.playground.html import Reading, avatar, icon, log_html, moment
from adapters.playground.markup import Html, element, markup
from adapters.playground.playing import COMMANDS, View
from adapters.playground.story import Step
from bot.addresses import Place, PlaceKind
from bot.wording import Words, catalogue, words_for
from commitments.partnership import Person

COMPLETIONS = ("form", "capture", "list", "notes", "help", "away", "win", "heard", "partner")
_TEMPLATE = Path(__file__).with_name("page.html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    view: View
    person: Person
    place: Place
    reading: Reading
    steps: Sequence[Step]
    counts: dict[str, int]  # messages by place, of every person's private place and of what this one sees

    @property
    def say(self) -> Words:
        return self.reading.say


def screen(
    view: View,
    place_id: str | None,
    steps: Sequence[Step],
    counts: dict[str, int],
    languages: tuple[str, ...],
) -> Screen:
    """`view` is of a person. A place they do not see falls back to one they do."""
    if view.person is None:
        raise ValueError("a page is somebody's")
    place = _place(view, view.person, place_id)
    say = words_for(view.person.language, view.person.locale, languages)
    reading = Reading(
        person=view.person,
        say=say,
        people=view.people,
        place_is_private=place.kind is PlaceKind.PRIVATE,
    )
    return Screen(view=view, person=view.person, place=place, reading=reading, steps=steps, counts=counts)


def render(screen: Screen) -> str:
    say, person = screen.say, screen.person
    return _template().substitute(
        _page_words(say.language),
        language="en-GB" if say.language == "en" else say.language,  # so that dates in forms read day first
        title=markup(say("playground.title", place=screen.place.name)),
        person=markup(person.id),
        place=markup(screen.place.id),
        zone=markup(person.zone),
        now=_now(screen.view.now, person),
        monday=next_monday_at_ten(screen.view.now, person.zone).isoformat(),
        people=_people(screen),
        places=_places(screen),
        conversation=_conversation(screen),
        story=_story(screen),
    )


def next_monday_at_ten(now: datetime, zone: str) -> datetime:
    """When digests go out; the next one after `now`."""
    local = now.astimezone(zone_named(zone))
    monday = (local - timedelta(days=local.weekday())).replace(hour=10, minute=0, second=0, microsecond=0)
    return monday if monday > local else monday + timedelta(weeks=1)


@cache
def _template() -> Template:
    return Template(_TEMPLATE.read_text("utf-8"))


@cache
def _page_words(language: str) -> dict[str, str]:
    start = "playground.page."
    words = catalogue(language).items()
    return {key.removeprefix(start): markup(str(text)) for key, text in words if key.startswith(start)}


def _place(view: View, person: Person, place_id: str | None) -> Place:
    """One's own conversation with Kept, where that was asked for as somebody else; colleagues begin there."""
    seen = {place.id: place for place in view.places}
    if place_id in seen:
        return seen[place_id]
    private = next(place for place in view.places if place.kind is PlaceKind.PRIVATE)
    wants_private = (place_id or "").startswith("dm-") or (place_id is None and person.is_ours)
    return private if wants_private else view.places[0]


def _now(now: datetime, person: Person) -> Html:
    words = f"{long_day(now, person.zone, person.locale)}, {wall_time(now, person.zone, person.locale)}"
    return markup([moment(now, words, person.zone), " ", element("small", city(person.zone, person.locale))])


def _people(screen: Screen) -> Html:
    return markup(
        [
            (element("h3", screen.say(f"playground.side.{side}")), element("ul", _links_to(screen, side)))
            for side in ("ours", "theirs")
        ]
    )


def _links_to(screen: Screen, side: str) -> list[Html]:
    people = screen.view.people.values()
    return [_person_link(screen, each) for each in people if each.is_ours == (side == "ours")]


def _person_link(screen: Screen, person: Person) -> Html:
    private = f"dm-{person.id}"
    key = f"playground.hint.{person.id}"
    link = element(
        "a",
        avatar(person.id, screen.view.people),
        element("span", person.name, element("small", screen.say(key))),
        _badge(),
        href=f"/?as={person.id}&place={screen.place.id}",
        id=f"person-{person.id}",
        aria_current="true" if person.id == screen.person.id else None,
        data_counter=f"{person.id}/{private}",
        data_count=screen.counts.get(private, 0),
    )
    return element("li", link)


def _places(screen: Screen) -> Html:
    return element("ul", [_place_link(screen, place) for place in screen.view.places])


def _place_link(screen: Screen, place: Place) -> Html:
    link = element(
        "a",
        icon(place.kind.value),
        element("span", place.name, element("small", _audience(screen, place))),
        _badge(),
        href=f"/?as={screen.person.id}&place={place.id}",
        id=f"place-{place.id}",
        aria_current="page" if place.id == screen.place.id else None,
        data_counter=f"{screen.person.id}/{place.id}",
        data_count=screen.counts.get(place.id, 0),
    )
    return element("li", link)


def _badge() -> Html:
    """Filled in by the script, which knows what was looked at."""
    return element("span", class_="fresh", hidden=True, data_own=True)


def _audience(screen: Screen, place: Place) -> str:
    if place.kind is not PlaceKind.CUSTOMER:
        return screen.say(f"playground.audience.{place.kind.value}")
    name = screen.view.partnerships.get(place.partnership_id or "")
    return (
        screen.say("playground.audience.customer", name=name)
        if name
        else screen.say("playground.audience.unlinked")
    )


def _conversation(screen: Screen) -> Html:
    return markup([_heading(screen), _log(screen), _composer(screen)])


def _heading(screen: Screen) -> Html:
    place = screen.place
    audience = element(
        "p", icon(place.kind.value), _audience(screen, place), class_=f"audience {place.kind.value}"
    )
    return element(
        "header", element("h2", place.name, id="place-title"), audience, class_="place", id="place-header"
    )


def _log(screen: Screen) -> Html:
    said = [message for message in screen.view.messages if message.place_id == screen.place.id]
    empty = element("p", screen.say("playground.nothing_here"), class_="empty-place")
    return element(
        "div",
        list(log_html(said, screen.reading)) or empty,
        class_="log",
        role="log",
        id=f"log-{screen.person.id}-{screen.place.id}",
        aria_labelledby="place-title",
        tabindex=0,
    )


def _composer(screen: Screen) -> Html:
    say, is_ours = screen.say, screen.person.is_ours
    label = say("playground.composer.write_as", name=screen.person.name, place=screen.place.name)
    return element(
        "form",
        _answering(say),
        _completions(say) if is_ours else None,
        element("label", label, for_="composer-text", class_="unseen"),
        element("div", _line(screen), class_="line"),
        element("ul", [_command(say, name) for name in COMMANDS], class_="commands")
        if is_ours
        else element("p", say("playground.composer.no_commands"), class_="aside"),
        class_="composer",
        id=f"composer-{screen.person.id}-{screen.place.id}",
    )


def _answering(say: Words) -> Html:
    stop = element(
        "button",
        icon("close"),
        type="button",
        class_="button quiet",
        data_answer="",
        aria_label=say("playground.composer.stop_answering"),
    )
    words = (say("playground.composer.answering"), " ", element("b"), stop)
    return element("p", *words, class_="answering", hidden=True, data_own=True)


def _line(screen: Screen) -> Iterator[Html]:
    say, is_ours = screen.say, screen.person.is_ours
    yield element(
        "input",
        id="composer-text",
        type="text",
        autocomplete="off",
        placeholder=say(f"playground.composer.{'ours' if is_ours else 'theirs'}"),
        role="combobox" if is_ours else None,
        aria_expanded="false" if is_ours else None,
        aria_controls="completions" if is_ours else None,
        aria_autocomplete="list" if is_ours else None,
        data_own=True,
    )
    yield element("button", say("playground.composer.send"), type="submit", class_="button strong")


def _completions(say: Words) -> Html:
    options = [_completion(say, name) for name in COMPLETIONS]
    return element(
        "ul",
        options,
        role="listbox",
        id="completions",
        class_="completions",
        aria_label=say("playground.composer.commands"),
        hidden=True,
        data_own=True,
    )


def _completion(say: Words, name: str) -> Html:
    text = say(f"playground.completion.{name}.text")
    return element(
        "li",
        element("code", text),
        element("span", say(f"playground.completion.{name}.says")),
        role="option",
        id=f"completion-{name}",
        data_text=text,
        aria_selected="false",
    )


def _command(say: Words, name: str) -> Html:
    words = element("code", f"/{name}"), element("span", say(f"playground.command.{name}.says"))
    text = say(f"playground.command.{name}.text")
    return element("li", element("button", words, type="button", class_="button", data_write=text))


def _story(screen: Screen) -> Html:
    say = screen.say
    following = next((n for n, step in enumerate(screen.steps) if not step.is_done), None)
    lead = element("p", say("playground.story.lead"))
    box = _next_step(screen, following) if following is not None else _story_over(say)
    return markup(
        [
            lead,
            box,
            element(
                "ol", [_step(say, n, step, following) for n, step in enumerate(screen.steps)], class_="steps"
            ),
        ]
    )


def _next_step(screen: Screen, number: int) -> Html:
    say, step = screen.say, screen.steps[number]
    name = screen.view.people[step.person].name
    where = say("playground.story.step", n=number + 1, count=len(screen.steps), name=name)
    play = element(
        "button", say("playground.story.play"), type="button", class_="button strong", data_story_next=True
    )
    return element(
        "div",
        element("small", where),
        element("h3", say(f"playground.step.{step.id}.title")),
        element("p", say(f"playground.step.{step.id}.text")),
        play,
        class_="next",
    )


def _story_over(say: Words) -> Html:
    words = element("h3", say("playground.story.over_title")), element("p", say("playground.story.over"))
    return element("div", words, class_="next")


def _step(say: Words, number: int, step: Step, following: int | None) -> Html:
    return element(
        "li",
        element("span", say("playground.story.done"), " ", class_="unseen") if step.is_done else None,
        say(f"playground.step.{step.id}.title"),
        class_="done" if step.is_done else None,
        aria_current="step" if number == following else None,
    )
