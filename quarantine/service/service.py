"""The whole of what a person can ask and do: one object for each session, and nothing of it names a person or a tenant."""

from collections.abc import Callable
from functools import partial

from quarantine.service.approving import Approving
from quarantine.service.arrivals import Received
from quarantine.service.caller import Parts
from quarantine.service.delegating import Delegating
from quarantine.service.device_keys import DeviceKeys
from quarantine.service.factors import Factors
from quarantine.service.held import HeldForMe
from quarantine.service.holding import Holding
from quarantine.service.inviting import Inviting
from quarantine.service.lists import Lists
from quarantine.service.mails import Mails
from quarantine.service.organisations import Organisations
from quarantine.service.overview import Overview
from quarantine.service.policies import Policies
from quarantine.service.queue import Queue
from quarantine.service.reviewing import Reviewing
from quarantine.service.waves import Waves
from quarantine.service.whereabouts import Presences


class Service(
    Factors,
    Presences,
    Inviting,
    Mails,
    Reviewing,
    HeldForMe,
    Received,
    Overview,
    Queue,
    Waves,
    Lists,
    Policies,
    DeviceKeys,
    Delegating,
    Holding,
    Organisations,
    Approving,
):
    """Its methods without an underscore are the verbs; they take and answer plain data only, by their annotations."""


Services = Callable[[str], Service]
"""The service in the name of a session's token, "" before login."""


def of(parts: Parts) -> Services:
    """The service itself, in the process that has the database."""
    return partial(Service, parts)
