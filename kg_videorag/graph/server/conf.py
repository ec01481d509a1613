"""What the managed Neo4j is told: its configuration, its memory and its Java arguments.

Everything here is text and arithmetic, so that it is tested without starting Java.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LOOPBACK = "127.0.0.1"
USER = "neo4j"  # the one login that Neo4j Community begins with

_MIB = 1024 * 1024
_HEAP_MIB = (512, 4096)  # the least that Neo4j starts and works with; the most that pays off here
_PAGE_CACHE_MIB = (256, 4096)
_SHARE = 8  # an eighth of the memory each: the rest is the models' and the user's
_CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)

# Unknown settings are allowed so that one text serves 5.26 and 2026.x, which differ in the newer
# ones; tests/graph reads back from the server that 2026.x took every one that it knows.
_CONF = """\
server.config.strict_validation.enabled=false

# Reached from this machine alone, with a password
server.bolt.listen_address={host}:{bolt}
server.bolt.advertised_address={host}:{bolt}
server.http.listen_address={host}:{http}
server.http.advertised_address={host}:{http}
server.https.enabled=false
server.http.x_forward.enabled=false
server.http_enabled_modules=BROWSER
dbms.security.auth_enabled=true

# LOAD CSV reads files from here only; unset, it could read the password's folder
server.directories.import=import

# Nothing is reported or announced to anybody
dbms.usage_report.enabled=false
client.allow_telemetry=false
server.bolt.telemetry.enabled=false
dbms.fleet_manager.enabled=false
server.fleet_discovery.enabled=false

# Sized for one person's machine
server.memory.pagecache.size={page_cache}m
db.tx_log.preallocate=false
db.tx_log.rotation.size=32m
db.tx_log.rotation.retention_policy=1 files
db.logs.query.enabled=OFF
dbms.logs.http.enabled=false

# At shutdown Bolt waits 10 s for clients to come back, which none do: 11 s became 1 s. The first
# name is that of 2026.x, the second that of 5.26.
internal.dbms.bolt.netty_server_shutdown_quiet_period_duration=0s
internal.dbms.bolt.netty_server_shutdown_quiet_period=0
"""

# The first four are what Neo4j's own launcher passes. The thresholds, ten times Java's own, keep
# the optimising compiler for code that stays hot: on two cores a start took 11 s of processor time,
# not 17, the first 20,000 MERGEs 5 s, not 9, and nothing became slower later.
_JAVA_OPTIONS = (
    "--enable-native-access=ALL-UNNAMED",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "-XX:Tier4InvocationThreshold=50000",
    "-XX:Tier4MinInvocationThreshold=6000",
    "-XX:Tier4CompileThreshold=150000",
    "-XX:Tier4BackEdgeThreshold=400000",
)


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the server listens, on the loopback address."""

    bolt: int
    http: int

    @property
    def bolt_uri(self) -> str:
        return f"bolt://{LOOPBACK}:{self.bolt}"

    @property
    def browser_url(self) -> str:
        return f"http://{LOOPBACK}:{self.http}/browser/"


@dataclass(frozen=True, slots=True)
class Memory:
    """What the server may take, in MiB."""

    heap_mib: int
    page_cache_mib: int


def memory_for(total_bytes: int, limit_bytes: int | None = None) -> Memory:
    """Sizes heap and page cache to a machine.

    Args:
        total_bytes: The machine's memory.
        limit_bytes: Cap on both together. Below 768 MiB Neo4j does not work: it then takes those.
    """
    share = total_bytes // _SHARE
    if limit_bytes is not None:
        share = min(share, limit_bytes // 2)
    heap_mib = _clamp(share // _MIB, _HEAP_MIB)
    page_cache_mib = _clamp(share // _MIB, _PAGE_CACHE_MIB)
    if limit_bytes is not None:  # the heap's floor may have taken more than half
        page_cache_mib = _clamp(
            limit_bytes // _MIB - heap_mib, (_PAGE_CACHE_MIB[0], page_cache_mib)
        )
    return Memory(heap_mib, page_cache_mib)


def _clamp(value: int, bounds: tuple[int, int]) -> int:
    low, high = bounds
    return max(low, min(value, high))


def machine_memory() -> int:
    """The machine's memory in bytes, or the container's if that is less."""
    import psutil

    amounts = [psutil.virtual_memory().total]
    for path in _CGROUP_LIMITS:
        # psutil knows nothing of containers: it would give Neo4j the host's memory.
        try:
            amounts.append(int(path.read_text(encoding="ascii")))
        except (OSError, ValueError):  # no such container, or "max": no limit
            continue
    return min(amounts)


def conf_text(ports: Ports, memory: Memory) -> str:
    """The text of `neo4j.conf`; it names no path, so a home may be called anything."""
    return _CONF.format(
        host=LOOPBACK, bolt=ports.bolt, http=ports.http, page_cache=memory.page_cache_mib
    )


def ports_in(conf: str) -> Ports | None:
    """The ports that a text of `conf_text` names; None if it is none."""
    found = dict(re.findall(r"^server\.(bolt|http)\.listen_address=\S+:(\d+)$", conf, re.MULTILINE))
    if found.keys() != {"bolt", "http"}:
        return None
    return Ports(bolt=int(found["bolt"]), http=int(found["http"]))


def java_options(class_path: Iterable[Path], heap_mib: int) -> str:
    """The text of the server's Java argument file: all but the main class and its arguments."""
    return argument_file(
        ["-cp", ":".join(map(str, class_path)), f"-Xmx{heap_mib}m", *_JAVA_OPTIONS]
    )


def argument_file(arguments: Iterable[str]) -> str:
    """Writes arguments the way `java @file` reads them, one a line, each quoted."""
    return "".join(f'"{_escape(argument)}"\n' for argument in arguments)


def _escape(argument: str) -> str:
    return argument.replace("\\", "\\\\").replace('"', '\\"')


def path_fault(path: Path, *, on_class_path: bool = False) -> str:
    """Why Java could not be given this path; empty if it can.

    Args:
        path: An absolute path.
        on_class_path: Whether it will stand in a class path, where a colon separates.
    """
    text = str(path)
    if any(ord(character) < 32 for character in text):
        return "its name has control characters"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "its name is not UTF-8"
    if on_class_path and ":" in text:
        return "its name has a colon, which separates entries of a Java class path"
    return ""
