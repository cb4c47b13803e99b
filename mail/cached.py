"""What is worked out once for an object, when somebody first asks."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from functools import cached_property
else:

    class cached_property:
        """functools.cached_property as Python 3.12 has it: without the lock that 3.11 takes at each first question, which
        costs more than most answers. Two threads that ask at once may both work."""

        def __init__(self, work: Callable[[Any], Any]) -> None:
            self._work, self.__doc__ = work, work.__doc__

        def __set_name__(self, owner: type, name: str) -> None:
            self._name = name

        def __get__(self, instance: Any, owner: type | None = None) -> Any:
            if instance is None:
                return self
            instance.__dict__[self._name] = answer = self._work(instance)
            return answer


__all__ = ["cached_property"]
