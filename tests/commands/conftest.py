"""What the tests of several commands share."""

from collections.abc import Iterator

import pytest

from tests.loopback import Recorder


@pytest.fixture
def gateway() -> Iterator[Recorder]:
    with Recorder() as recorder:
        yield recorder
