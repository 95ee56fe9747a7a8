"""What a person entered in a modal, as the values of the form's fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from adapters.slack.modals import CANDIDATES, DAY, NOTHING, PART, PICKERS, TIME

State = Mapping[str, Mapping[str, Mapping[str, Any]]]  # block id, action id, element


class UnknownPerson(Exception):
    """Somebody was chosen whom Kept has not met; to go on would mistake them for another."""

    def __init__(self, field: str, user: str) -> None:
        super().__init__(f"{field}: no person for this Slack user")
        self.field = field
        self.user = user


def read_values(view: Mapping[str, Any], person_of: Callable[[str], str | None]) -> dict[str, str]:
    """By field. `view` is that of a view_submission, its shape checked; `person_of` takes a Slack user id.

    Raises UnknownPerson.
    """
    state: State = view.get("state", {}).get("values", {})
    before = {each.get("block_id", ""): each for each in view.get("blocks", ())}
    fields = [block_id for block_id in state if PART not in block_id]
    return {name: _value(name, state, before, person_of) for name in fields}


def _value(
    name: str,
    state: State,
    before: Mapping[str, Mapping[str, Any]],
    person_of: Callable[[str], str | None],
) -> str:
    element = next(iter(state[name].values()), {})
    if user := element.get("selected_user"):
        return _known(name, user, person_of)
    entered = _entered(element)
    if entered != (before.get(name, {}).get("element", {}).get("initial_value") or ""):
        return entered  # typed just now: nothing that was merely clicked outdoes it
    return _candidate(name, state) or _picked(name, state, before) or entered


def _known(name: str, user: str, person_of: Callable[[str], str | None]) -> str:
    person = person_of(user)
    if person is None:
        raise UnknownPerson(name, user)
    return person


def _entered(element: Mapping[str, Any]) -> str:
    option = element.get("selected_option")
    if option is not None:
        return "" if option["value"] == NOTHING else str(option["value"])
    return element.get("value") or ""


def _candidate(name: str, state: State) -> str:
    element = state.get(f"{name}{PART}{CANDIDATES}", {}).get(CANDIDATES, {})
    return _entered(element)


def _picked(name: str, state: State, before: Mapping[str, Mapping[str, Any]]) -> str:
    """A day, or a day with a time, when either was changed; a time alone says nothing."""
    block_id = f"{name}{PART}{PICKERS}"
    picks = state.get(block_id, {})
    day, time = picks.get(DAY, {}).get("selected_date"), picks.get(TIME, {}).get("selected_time")
    shown = {each.get("action_id"): each for each in before.get(block_id, {}).get("elements", ())}
    same_day = day == shown.get(DAY, {}).get("initial_date")
    same_time = time == shown.get(TIME, {}).get("initial_time")
    if not day or (same_day and same_time):
        return ""
    return f"{day}T{time}" if time else str(day)
