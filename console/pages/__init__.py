"""The pages, by subject; importing this package fills the table of pages. May open: what console/ may."""

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
