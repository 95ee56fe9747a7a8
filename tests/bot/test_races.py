"""Two people at once, in whatever order: one wins, the other is told, and nothing is half done (F54)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations, product

import pytest

from bot import router
from bot.cards import encode
from bot.turns import Outcome, Press, Refused, Reply, Submission, Turn
from builders import ACME_SHARED, ANA, BEN, CARLA, CARLOS
from commitments.errors import StaleWrite
from commitments.events import Kind
from commitments.partnership import Person
from commitments.promise import Promise, State
from driving import Bot, opened, replied
from fake_repositories import FakePromises
from fakes import FakeUnitOfWork

# Who answers, or takes away, the one offer on the table.
ANSWERS: dict[str, Person] = {
    "renegotiation.accept": CARLA,
    "renegotiation.decline": CARLOS,
    "renegotiation.counter": CARLA,
    "renegotiation.take_back": ANA,
    "renegotiation.offline": BEN,
}
# Who settles the promise itself; the offer goes with it.
ENDS: dict[str, Person] = {"promise.done": ANA, "promise.release": CARLOS}
ANSWERED = {Kind.OFFER_ACCEPTED, Kind.OFFER_DECLINED, Kind.OFFER_COUNTERED, Kind.AGREED_OFFLINE}


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def offered(bot) -> Promise:
    return bot.has_offered(bot.has_shown(), "2026-12-04")


def turn_of(bot: Bot, verb: str, promise: Promise) -> Turn:
    """As it was decided on while the card still showed this offer."""
    by = (ANSWERS | ENDS)[verb]
    value = encode(promise.id, promise.proposal.id if promise.proposal else "")
    common = {"tenant": by.tenant, "person_id": by.id, "place_id": ACME_SHARED.id, "now": bot.stage.now}
    if verb == "renegotiation.counter":
        values = {"due": "2026-12-02", "reason": "Sooner"}
        return Submission(form_id=verb, subject=value, values=values, key=verb, **common)
    return Press(verb=verb, value=value, key=verb, **common)


class SlowPromises(FakePromises):
    """Somebody else acts after this one has read and before it writes."""

    overtake: Callable[[], object]

    def save(self, promise: Promise) -> None:
        self.overtake()
        super().save(promise)


def overtaken(bot: Bot, turn: Turn, overtake: Callable[[], object], times: int = 1) -> Outcome:
    """The outcome of the turn, when somebody was quicker than its first tries."""
    left = iter(range(times))

    def open_uow(tenant: str | None) -> FakeUnitOfWork:
        uow = bot.stage.store.open_uow(tenant)
        if next(left, None) is not None:
            uow.promises = SlowPromises(uow._session)
            uow.promises.overtake = overtake
        return uow

    return router.handle(replace(bot.ports, open_uow=open_uow), turn)


def raced(bot: Bot, slow: Turn, quick: Turn) -> tuple[Outcome, Outcome]:
    answers: list[Outcome] = []
    late = overtaken(bot, slow, lambda: answers.append(router.handle(bot.ports, quick)))
    [first] = answers
    return late, first


@pytest.mark.parametrize(("slow", "quick"), [*permutations(ANSWERS, 2)])
def test_of_two_answers_to_one_offer_the_quicker_wins_and_the_other_is_told(bot, offered, slow, quick):
    late, first = raced(bot, turn_of(bot, slow, offered), turn_of(bot, quick, offered))
    assert isinstance(first, Reply)
    assert isinstance(late, Refused)
    assert late.card is not None
    assert sum(kind in ANSWERED for kind in bot.happened(offered)) == 1


@pytest.mark.parametrize(("slow", "quick"), [*product(ANSWERS, ENDS)])
def test_an_answer_that_comes_as_it_ends_changes_nothing(bot, offered, slow, quick):
    late, first = raced(bot, turn_of(bot, slow, offered), turn_of(bot, quick, offered))
    assert isinstance(first, Reply)
    assert isinstance(late, Refused)
    after = bot.again(offered)
    assert (after.proposal, after.due) == (None, offered.due)
    assert after.state in (State.DELIVERED, State.RELEASED)


@pytest.mark.parametrize(("slow", "quick"), [*product(ENDS, ANSWERS)])
def test_ending_it_just_after_an_answer_holds_both(bot, offered, slow, quick):
    """Done is done, whatever date was agreed a moment before; both facts stand in the history."""
    late, first = raced(bot, turn_of(bot, slow, offered), turn_of(bot, quick, offered))
    assert isinstance(first, Reply)
    assert isinstance(late, Reply)
    assert bot.again(offered).state in (State.DELIVERED, State.RELEASED)
    assert len(bot.happened(offered)) == 5


@pytest.mark.parametrize("order", [*permutations(ANSWERS)], ids=" ".join)
def test_pressed_one_after_another_on_the_same_old_card_one_answer_counts(bot, offered, order):
    outcomes = [router.handle(bot.ports, turn_of(bot, verb, offered)) for verb in order]
    assert [isinstance(outcome, Reply) for outcome in outcomes] == [True, False, False, False, False]
    assert all(outcome.card is not None for outcome in outcomes[1:])


@pytest.mark.parametrize("quick", ["promise.confirm", "promise.not_yet"])
@pytest.mark.parametrize("slow", ["promise.confirm", "promise.not_yet"])
def test_of_two_contacts_answering_a_delivery_one_wins(bot, slow, quick):
    shown = bot.has_shown()
    replied(bot.says(ANA, "done P-1"))

    def press(verb: str, by: Person, key: str) -> Press:
        value, place = encode(shown.id), ACME_SHARED.id
        common = {"tenant": by.tenant, "person_id": by.id, "now": bot.stage.now}
        return Press(verb=verb, value=value, place_id=place, key=key, **common)

    late, first = raced(bot, press(slow, CARLA, "slow"), press(quick, CARLOS, "quick"))
    assert isinstance(first, Reply)
    assert isinstance(late, Refused)
    assert bot.again(shown).state is (State.KEPT if quick == "promise.confirm" else State.OPEN)


def test_whoever_is_overtaken_by_something_harmless_succeeds_on_the_second_try(bot, offered):
    def note() -> None:
        replied(bot.says(BEN, "note Acme P-1 a word on the side"))

    assert isinstance(overtaken(bot, turn_of(bot, "renegotiation.accept", offered), note), Reply)
    after = bot.again(offered)
    assert (after.note, after.due) == ("a word on the side", offered.proposal.due)


def test_whoever_is_overtaken_again_and_again_is_asked_to_try_again(bot, offered):
    def stale() -> None:
        raise StaleWrite(offered.id)

    turn = turn_of(bot, "renegotiation.accept", offered)
    assert isinstance(overtaken(bot, turn, stale, times=99), Refused)
    assert bot.again(offered) == offered
    assert isinstance(router.handle(bot.ports, turn), Reply)


def test_the_loser_of_a_race_queues_nothing(bot, offered):
    rows = bot.stage.store.tables.outbox
    quick = turn_of(bot, "renegotiation.accept", offered)
    router.handle(bot.ports, quick)
    queued = {row.intent.key for row in rows.values()}
    for verb in ("renegotiation.decline", "renegotiation.counter", "renegotiation.take_back"):
        router.handle(bot.ports, turn_of(bot, verb, offered))
    assert {row.intent.key for row in rows.values()} == queued


def test_two_forms_open_at_once_make_one_offer(bot):
    shown = bot.has_shown()
    first = opened(bot.presses(ANA, "promise.renegotiate", encode(shown.id)))
    second = opened(bot.presses(BEN, "promise.renegotiate", encode(shown.id)))
    replied(bot.submits(ANA, first, {"due": "2026-12-04"}))
    assert isinstance(bot.submits(BEN, second, {"due": "2026-12-11"}), Refused)
    assert bot.happened(shown).count(Kind.OFFERED) == 1


def test_a_sweep_that_meets_a_press_loses_nothing(bot):
    """The nudge sweep claims the promise while its owner says that it is done."""
    shown = bot.has_shown()
    bot.stage.clock.now = shown.next_at
    done = Press(
        tenant=ANA.tenant,
        person_id=ANA.id,
        place_id=None,
        now=bot.stage.now,
        key="done",
        verb="promise.done",
        value=encode(shown.id),
    )
    assert isinstance(overtaken(bot, done, bot.settle), Reply)
    bot.settle()
    assert bot.again(shown).state is State.DELIVERED
