from pathlib import Path

import pytest

from linksms_cli.adapters.store.mounts import network_file_system

TABLE = r"""
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 0:40 / /home/team rw,relatime shared:5 - nfs4 files:/team rw,vers=4.2
31 30 254:1 / /home/team/local rw,relatime - xfs /dev/vdb rw
32 22 0:41 / /mnt/with\040blank rw - fuse.sshfs ops@host:/srv rw
33 22 254:2 / /data rw - ext4 /dev/vdc rw
34 22 0:42 / /data rw - cifs //server/share rw
35 22 0:43 / /mnt/backup rw master:7 propagate_from:2 - 9p share rw
a line that no kernel writes
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib/linksms", None),
        ("/home/team", "nfs4"),
        ("/home/team/me/.local/state/linksms", "nfs4"),
        ("/home/teammate/state", None),
        ("/home/team/local/state", None),
        ("/mnt/with blank/state", "fuse.sshfs"),
        ("/data/state", "cifs"),
        ("/mnt/backup/state", "9p"),
    ],
)
def test_the_deepest_and_latest_mount_decides(
    folder: str, kind: str | None, tmp_path: Path
) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(TABLE)
    assert network_file_system(Path(folder), table) == kind


def test_a_link_is_followed(tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(f"30 22 0:40 / {tmp_path}/far rw - nfs files:/team rw\n")
    (tmp_path / "far").mkdir()
    (tmp_path / "near").symlink_to(tmp_path / "far")
    assert network_file_system(tmp_path / "near" / "state", table) == "nfs"


def test_a_circle_of_links_is_on_no_network(tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    # Before Python 3.13 it cannot be resolved; since then it is where its link is.
    table.write_text("30 22 0:40 / / rw - ext4 /dev/sda1 rw\n")
    (tmp_path / "circle").symlink_to("circle")
    assert network_file_system(tmp_path / "circle" / "state", table) is None


def test_this_machine_is_read(tmp_path: Path) -> None:
    assert network_file_system(tmp_path) is None
    assert network_file_system(tmp_path, tmp_path / "no table") is None
