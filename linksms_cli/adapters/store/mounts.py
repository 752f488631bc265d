"""Whether a folder lies on a network file system, where SQLite's locks do not hold.

SQLite's write-ahead log shares memory between processes of one machine, and its locks are only as
good as the file system's (https://www.sqlite.org/wal.html, "All processes using a database must be
on the same host computer"; https://www.sqlite.org/howtocorrupt.html, 2.1). Two machines on one
network folder each see their own lock: both send.
"""

import re
from pathlib import Path

# Linux's table of mounts, proc(5): on other systems there is none, and nobody can tell.
TABLE = Path("/proc/self/mountinfo")
_NETWORK = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "davfs"),
    *("fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.rclone", "fuse.s3fs", "fuse.davfs2"),
}
_ESCAPED = re.compile(r"\\([0-7]{3})")


def network_file_system(folder: Path, table: Path = TABLE) -> str | None:
    """Return the type of the network file system that `folder` lies on, like "nfs4".

    None: it lies on a local one, or nobody can tell: the system has no table of mounts, or the
    links on the way lead nowhere. The folder need not exist.
    """
    try:
        lines = table.read_text(errors="surrogateescape").splitlines()
        place = folder.resolve()
    except (OSError, RuntimeError):  # RuntimeError: a circle of links, before Python 3.13
        return None
    found, kind = -1, ""
    for line in lines:
        mounted, _, source = line.partition(" - ")
        fields = mounted.split(" ")
        if len(fields) < 5 or not source:
            continue
        point = Path(_ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), fields[4]))
        # The deepest mount counts, and of several on one point the last, which hides the others.
        if place.is_relative_to(point) and len(point.parts) >= found:
            found, kind = len(point.parts), source.split(" ")[0]
    return kind if kind in _NETWORK else None
