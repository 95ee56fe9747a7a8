"""The only place that reads the clock; everything below is handed `now`."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Aware, UTC."""
    return datetime.now(UTC)
