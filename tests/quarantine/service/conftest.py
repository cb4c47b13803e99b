from tests.console.conftest import full, place

__all__ = ["full", "place"]
