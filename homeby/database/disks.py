"""What kind of disk a path lies on, by the kernel's own list of mounts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")

#: File systems whose locks or whose memory maps cannot be trusted between two processes.
NETWORK_KINDS = frozenset(
    {
        "9p",
        "afs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "fuse.ceph",
        "fuse.davfs2",
        "fuse.gcsfuse",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.smbnetfs",
        "fuse.sshfs",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
        "vboxsf",
    }
)

_ESCAPED = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, kw_only=True)
class Mount:
    """One mounted file system: where, and of what kind."""

    point: Path
    kind: str

    @property
    def is_network(self) -> bool:
        """Whether the files lie on another machine."""
        return self.kind in NETWORK_KINDS


def mount_of(*, path: Path, mounts: str | None = None) -> Mount | None:
    """The mount that `path` lies on; None where the machine keeps no such list (not Linux).

    `mounts` is the text of the list, read from the kernel when not given. A later line hides an
    earlier one of the same place.
    """
    if mounts is None:
        try:
            mounts = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return None
    place = path.resolve()
    found: Mount | None = None
    for line in mounts.splitlines():
        columns = line.split(" ")
        if len(columns) < 3:
            continue
        point = Path(_ESCAPED.sub(lambda match: chr(int(match[1], 8)), columns[1]))
        if not place.is_relative_to(point):
            continue
        if found is None or len(point.parts) >= len(found.point.parts):
            found = Mount(point=point, kind=columns[2])
    return found
