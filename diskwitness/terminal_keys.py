"""Single keys from a terminal that shows bars: no Enter, no echo, and the terminal as it was afterwards.

The terminal is touched only while this process is in its foreground. Even a kill -9 leaves it usable: a shell waits
for the end of this process and then undoes exactly what was done here.
"""

import os
import select
import signal
import sys
import termios
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress

from image.tools import ToolError, held_tool

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_TO_END = 1.0
"""How long the thread may take to end: it waits for a key where another program took the one it was told of."""

LOCAL_FLAGS, CONTROL_CHARACTERS = 3, 6
"""Places in what `tcgetattr` gives."""

Modes = list[int | list[bytes | int]]

RESTORE = 'read -r _; if [ "$(stty -F "$1" -g)" = "$2" ]; then stty -F "$1" "$3"; fi'
"""For a shell whose standard input ends with this process: terminal, modes set by it, modes before."""


@contextmanager
def terminal_keys(actions: Mapping[str, Callable[[], None]]) -> Iterator["Keyboard | None"]:
    """Call the action of each key pressed, in another thread; None where standard input is no terminal."""
    if not sys.stdin or sys.stdin.closed or not sys.stdin.isatty():
        yield None
        return
    keyboard = Keyboard(sys.stdin.fileno(), actions)
    with ExitStack() as watched:
        if keyboard.is_ours:
            with suppress(ToolError):
                watched.enter_context(held_tool("sh", ["-c", RESTORE, "sh", *keyboard.modes_for_stty()]))
        with keyboard.listening():
            yield keyboard


class Keyboard:
    """The terminal behind a descriptor, its lines and echo switched off while this process is in its foreground."""

    def __init__(self, descriptor: int, actions: Mapping[str, Callable[[], None]]) -> None:
        self._descriptor = descriptor
        self._actions = {key.encode(): act for key, act in actions.items()}
        self._before: Modes = termios.tcgetattr(descriptor)
        self._lock = threading.Lock()
        self._is_aside = False

    @property
    def is_ours(self) -> bool:
        """Whether this process is in the foreground of the terminal."""
        with suppress(OSError):
            return os.tcgetpgrp(self._descriptor) == os.getpgrp()
        return False

    def modes_for_stty(self) -> tuple[str, str, str]:
        """The terminal's path, its modes while keys are listened to and its modes before, as stty writes them."""
        return os.ttyname(self._descriptor), _as_stty(_single_keys(self._before)), _as_stty(self._before)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen in a thread of its own for the length of a `with` block."""
        ended = os.eventfd(0)
        thread = threading.Thread(target=self._listen, args=(ended,), name="keys", daemon=True)
        thread.start()
        try:
            yield
        finally:
            os.eventfd_write(ended, 1)
            thread.join(SECONDS_TO_END)
            if not thread.is_alive():
                os.close(ended)
            self._put_back()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Leave the terminal as it was for the length of a `with` block."""
        with self._lock:
            self._is_aside = True
        self._put_back()
        try:
            yield
        finally:
            with self._lock:
                self._is_aside = False

    def _listen(self, ended: int) -> None:
        """Take keys until told to end."""
        while True:
            self._take_terminal()
            watched = [ended, self._descriptor] if self.is_ours else [ended]
            ready, _, _ = select.select(watched, [], [], SECONDS_BETWEEN_LOOKS)
            if ended in ready:
                return
            if ready and not self._answer_key():
                select.select([ended], [], [], SECONDS_BETWEEN_LOOKS)

    def _answer_key(self) -> bool:
        """Act upon one key; False where there was none after all."""
        with _background_is_no_stop(), suppress(OSError):
            key = os.read(self._descriptor, 1)
            self._actions.get(key, _do_nothing)()
            return bool(key)
        return False

    def _take_terminal(self) -> None:
        """Switch lines and echo off, where the terminal is ours and nobody wants it back."""
        with self._lock:
            if not self._is_aside and self.is_ours:
                self._set(_single_keys(self._before))

    def _put_back(self) -> None:
        """Give the terminal its modes of before, where it is ours; where not, its shell has set its own."""
        if self.is_ours:
            self._set(self._before)

    def _set(self, modes: Modes) -> None:
        """Set these modes unless they are set."""
        with _background_is_no_stop(), suppress(termios.error):
            if termios.tcgetattr(self._descriptor) != modes:
                termios.tcsetattr(self._descriptor, termios.TCSANOW, modes)


def _single_keys(modes: Modes) -> Modes:
    """These modes with no lines and no echo; Ctrl-C and Ctrl-Z stay signals."""
    changed = list(modes)
    flags, characters = modes[LOCAL_FLAGS], modes[CONTROL_CHARACTERS]
    assert isinstance(flags, int), "a terminal's flags are a number"
    assert isinstance(characters, list), "a terminal's control characters are a list"
    changed[LOCAL_FLAGS] = flags & ~(termios.ECHO | termios.ICANON)
    characters = list(characters)
    characters[termios.VMIN], characters[termios.VTIME] = 1, 0
    changed[CONTROL_CHARACTERS] = characters
    return changed


def _do_nothing() -> None:
    """Do nothing for a key that means nothing."""


def _as_stty(modes: Modes) -> str:
    """Modes in the form of `stty -g`: input, output, control and local flags, then the characters, in hex."""
    flags, characters = modes[: LOCAL_FLAGS + 1], modes[CONTROL_CHARACTERS]
    assert isinstance(characters, list), "a terminal's control characters are a list"
    numbers = [item if isinstance(item, int) else ord(item) for item in characters]
    return ":".join(f"{number:x}" for number in (*flags, *numbers))


@contextmanager
def _background_is_no_stop() -> Iterator[None]:
    """Keep the kernel from stopping this process where it has just lost the foreground; the call fails instead."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTIN, signal.SIGTTOU})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
