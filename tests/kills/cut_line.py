"""The line to the outside is cut, the station lives: `python -m tests.kills.cut_line`, in a network
namespace of its own (`unshare`), with the provider in another one behind a pair of virtual cables.

A party becomes overdue while the cable is out: nobody can be told, and the station says so. When
the cable is back, the message arrives, once. Prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from tests.kills.frozen import until
from tests.kills.nursery import fork
from tests.kills.provider import DurableProvider, durable_provider

STATION, PROVIDER, WIDTH = "10.77.0.1", "10.77.0.2", "24"
DUE_SECONDS = 3.0
CUT_SECONDS = 3.0
NEEDED = ("ip", "unshare", "nsenter")


def absent() -> str:
    """What this machine lacks for it; empty when nothing."""
    for program in NEEDED:
        if shutil.which(program) is None:
            package = "iproute2" if program == "ip" else "util-linux"
            return f"a line cannot be cut here: install the package {package}"
    cable = ["ip", "link", "add", "inside", "type", "veth", "peer", "name", "outside"]
    if subprocess.run([*apart(), *cable], capture_output=True, check=False).returncode:
        return "a line cannot be cut here: this machine allows no network namespaces of our own"
    return ""


def apart() -> list[str]:
    """The command that runs another in a network of its own; who is not root is root in there."""
    return ["unshare", "-n"] if os.getuid() == 0 else ["unshare", "-rn"]


def _ip(*words: str, inside: int | None = None) -> None:
    where = ["nsenter", "-t", str(inside), "-n"] if inside else []
    subprocess.run([*where, "ip", *words], check=True)


def lay_cable(provider: int) -> None:
    """A pair of virtual cables from here into the namespace of that process."""
    _ip("link", "set", "lo", "up")
    _ip("link", "add", "inside", "type", "veth", "peer", "name", "outside")
    _ip("link", "set", "outside", "netns", str(provider))
    _ip("addr", "add", f"{STATION}/{WIDTH}", "dev", "inside")
    _ip("link", "set", "inside", "up")
    _ip("addr", "add", f"{PROVIDER}/{WIDTH}", "dev", "outside", inside=provider)
    _ip("link", "set", "outside", "up", inside=provider)


def story(provider: DurableProvider) -> dict[str, Any]:
    """Cut, wait until somebody is overdue, mend."""
    from homeby.comms.models import Delivery
    from homeby.watch import watchkeeper
    from homeby.watch.models import Alarm, Watchkeeper
    from tests.promises import killing

    killing.build(provider.url, 1, first_due_in_seconds=DUE_SECONDS)
    _ip("link", "set", "inside", "down")  # not later: on a slow machine somebody would be told
    keeper = fork(lambda: watchkeeper.run(watchkeeper.Keeper(name="cut off")))
    try:
        until(Watchkeeper.objects.exists, "the watchkeeper looks")
        until(Alarm.objects.exists, "the alarm opens")
        threading.Event().wait(CUT_SECONDS)
        while_cut = len(provider.receipts())
        trouble = Delivery.objects.exclude(trouble="").values_list("trouble", flat=True)
        said = sorted(set(trouble))
        _ip("link", "set", "inside", "up")
        told = until(lambda: any(one.names for one in provider.receipts()), "somebody is told")
    finally:
        os.kill(keeper, signal.SIGKILL)
        os.waitpid(keeper, 0)
    keys = [receipt.key for receipt in provider.receipts()]
    return {
        "told_while_cut": while_cut,
        "said_while_cut": said,
        "told_after_seconds": round(told, 2),
        "repeats": len(keys) - len(set(keys)),
    }


def serve(receipts: Path) -> None:
    """The provider, on the other end of the cable; it serves until its input ends."""
    provider = DurableProvider(path=receipts, chance=random.Random(1), faulty=0.0, host="0.0.0.0")
    with durable_provider(provider):
        sys.stdout.write(f"{provider.port}\n")
        sys.stdout.flush()
        sys.stdin.read()


def main(words: list[str]) -> None:
    """Without a word: all of it; `serve FILE`: the provider."""
    if words:
        return serve(Path(words[1]))
    with tempfile.TemporaryDirectory(prefix="homeby-cut-") as folder:
        receipts = Path(folder) / "receipts.jsonl"
        command = ["unshare", "-n", sys.executable, "-m", "tests.kills.cut_line", "serve"]
        far = subprocess.Popen(
            [*command, str(receipts)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert far.stdout is not None
        port = int(far.stdout.readline())
        lay_cable(far.pid)
        provider = DurableProvider(
            path=receipts, chance=random.Random(1), faulty=0.0, host=PROVIDER, port=port
        )
        told = story(provider)
        far.communicate("")
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    import django

    django.setup()
    main(sys.argv[1:])
