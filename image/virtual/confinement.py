"""How qemu is confined: bounded memory, time and files, no network, no rights beyond reading; it ends when we end.

util-linux programs set this up and then become the program, so that nothing of ours runs between fork and exec.
"""

import os
from functools import cache

from image.tools import ToolError, require_tool, run_tool

STACK_BYTES = 1024 * 1024
"""The stack of each thread; qemu has up to 64 of them, and they count as memory."""
ADDRESS_BYTES = 512 * 1024 * 1024
"""Most of it is never used: libraries, stacks of threads and coroutines. What headers ask for is bounded before."""
FILE_BYTES = 1024 * 1024
"""All that it may write: what it complains of."""
ONE_HEAP = "MALLOC_ARENA_MAX=1"
"""Otherwise each thread reserves 64 MiB of addresses for a heap of its own."""
PROBE_SECONDS = 10.0
READ_ONLY_RIGHTS = ("--bounding-set=-all,+dac_read_search", "--inh-caps=-all")


def confined(program: str, arguments: list[str], cpu_seconds: int) -> tuple[str, list[str]]:
    """The program and arguments that run a program confined, for at most `cpu_seconds` of CPU time.

    Raises:
        ToolMissingError: one of the programs is not installed.
    """
    limits = [
        f"--stack={STACK_BYTES}",
        f"--as={ADDRESS_BYTES}",
        f"--fsize={FILE_BYTES}",
        f"--cpu={cpu_seconds}",
        "--core=0",
        "--nofile=256",
    ]
    return "prlimit", [
        *limits,
        *_isolation(),
        str(require_tool("env")),
        ONE_HEAP,
        str(require_tool(program)),
        *arguments,
    ]


@cache
def _isolation() -> tuple[str, ...]:
    """What takes network and rights away from a program; less of it where the system does not let us.

    Raises:
        ToolMissingError: setpriv is not installed.
    """
    setpriv = str(require_tool("setpriv"))
    always = (setpriv, "--pdeathsig", "KILL", "--no-new-privs")
    if os.geteuid() != 0:
        return always
    full = (str(require_tool("unshare")), "--net", *always, *READ_ONLY_RIGHTS)
    return full if _is_allowed(full) else always


def _is_allowed(isolation: tuple[str, ...]) -> bool:
    """Whether a program can be started so."""
    try:
        probe = [*isolation[1:], str(require_tool("true"))]
        return run_tool(isolation[0], probe, timeout_seconds=PROBE_SECONDS).exit_status == 0
    except ToolError:
        return False
