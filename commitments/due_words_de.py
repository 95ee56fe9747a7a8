"""Words for due dates."""

from commitments.due_words import Kind, Value


def words() -> dict[tuple[Kind, Value], str]:
    return {}
