"""The pages, by subject. Importing this package fills the table of pages."""

from console.pages import (
    approvals,
    door,
    held,
    home,
    listings,
    partners,
    people,
    quarantine,
    received,
    reports,
    trace,
    waiting,
)

__all__ = [
    "approvals",
    "door",
    "held",
    "home",
    "listings",
    "partners",
    "people",
    "quarantine",
    "received",
    "reports",
    "trace",
    "waiting",
]
