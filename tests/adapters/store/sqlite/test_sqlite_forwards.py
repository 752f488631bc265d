"""What those who forward from a folder notice."""

from contextlib import closing
from pathlib import Path

from linksms_cli.adapters.store import store_in
from linksms_cli.sms.forward.target import ForwardAs, Target


def test_another_store_in_its_place_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    target = Target(url="http://h/", form=ForwardAs.EVENT, name="h")
    with closing(store_in(folder).forwards(target, "a")) as forwards:
        assert not forwards.is_moved()
        folder.rename(tmp_path / "elsewhere")
        assert forwards.is_moved()
