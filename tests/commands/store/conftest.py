"""What the tests of `linksms store` share: a store in each database."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from linksms_cli.adapters.store import Store, find_store
from tests.conftest import BACKENDS

if TYPE_CHECKING:
    from tests.postgres import PostgresServer


@pytest.fixture(params=BACKENDS)
def state(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What LINKSMS_STATE names: a store that is not there yet."""
    if request.param == "sqlite":
        return str(tmp_path / "store")
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.database()


@pytest.fixture
def store(state: str) -> Store:
    return find_store({"LINKSMS_STATE": state})
