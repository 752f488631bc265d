"""What the tests of `linksms store` share."""

import pytest

from linksms_cli.adapters.store import Store, find_store


@pytest.fixture
def store(state: str) -> Store:
    """The store that LINKSMS_STATE names; it is not there yet."""
    return find_store({"LINKSMS_STATE": state})
