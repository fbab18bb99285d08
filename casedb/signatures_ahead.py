"""The signatures of checkpoints, checked by another process ahead of the walk along a long ledger.

They are half of what a verification costs. A guess says which key signed; an answer counts only for exactly the
key, signature and message that were checked. What was not guessed or not answered is checked when it is asked for:
a wrong guess, or a process that dies, costs time and changes no answer.
"""

import base64
import multiprocessing
import signal
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Self, TypeAlias

from casedb.signed_note import KEY_ID_BYTES, SIGNATURE_MARK, Check, NoteKey
from image.child_processes import start_child

WORTH_A_PROCESS = 2000
"""So many signatures take as long as starting a process."""
NOTES_AT_ONCE = 64
BATCHES_AHEAD = 3
PATIENCE_SECONDS = 30.0

Signed: TypeAlias = tuple[bytes, bytes, bytes]
"""Public key, signature, message."""


class SignaturesAhead:
    """Checks the signatures of these checkpoints, by the number of their entry, in that order; use with `with`."""

    def __init__(self, check: Check, public_keys: Collection[bytes], notes: Mapping[int, str]) -> None:
        self._check = check
        self._keys = tuple(public_keys)
        self._notes = dict(notes)
        self._numbers = iter(self._notes)
        self._asked: deque[tuple[int, list[Signed]]] = deque()
        self._answers: dict[Signed, bool] = {}
        self._child: SpawnProcess | None = None

    def __enter__(self) -> Self:
        if len(self._notes) >= WORTH_A_PROCESS:
            with suppress(OSError):
                self._start()
            for _ in range(BATCHES_AHEAD):
                self._ask()
        return self

    def _start(self) -> None:
        """Start the child.

        Raises:
            OSError: the system has no room for it.
        """
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        child = context.Process(target=answer, args=(theirs, self._check), daemon=True)
        try:
            start_child(child)
            self._child = child
        finally:
            theirs.close()

    def __exit__(self, *_: object) -> None:
        self._answers = {}
        self._end_child()

    def reach(self, sequence: int) -> None:
        """Come to this entry: what is asked from here on is about its checkpoint, or one behind it."""
        while self._asked and self._asked[0][0] <= sequence:
            _, guesses = self._asked.popleft()
            self._answers = self._received(guesses)
            self._ask()

    def holds(self, public_key: bytes, signature: bytes, message: bytes) -> bool:
        """Whether the key made this signature over this message."""
        signed = (public_key, signature, message)
        found = self._answers.get(signed)
        return self._check(*signed) if found is None else found

    def _ask(self) -> None:
        """Give the child the next checkpoints."""
        numbers = list(islice(self._numbers, NOTES_AT_ONCE))
        if numbers and self._child is not None:
            guesses = [guessed(self._notes[number], self._keys) for number in numbers]
            known = [signed for signed in guesses if signed is not None]
            with suppress(OSError):
                self._pipe.send(known)
                self._asked.append((numbers[0], known))

    def _received(self, asked: Sequence[Signed]) -> dict[Signed, bool]:
        """The child's next answers; none where it does not answer any more."""
        with suppress(EOFError, OSError):
            if self._child is not None and self._pipe.poll(PATIENCE_SECONDS):
                return dict(zip(asked, self._pipe.recv(), strict=True))
        self._end_child()
        return {}

    def _end_child(self) -> None:
        """Let the child go."""
        if self._child is not None:
            self._pipe.close()
            self._child.kill()
            self._child.join()
            self._child = None


def answer(pipe: Connection, check: Check) -> None:
    """What the child does: check what it is given, until nothing more comes.

    An answer is a few bytes, so that neither side can wait for the other to take what it sends.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        while True:
            pipe.send([check(*signed) for signed in pipe.recv()])


def guessed(note: str, public_keys: Collection[bytes]) -> Signed | None:
    """What will be asked about a checkpoint with one signature, so far as it can be told at a glance."""
    text, _, line = note.rpartition("\n\n")
    name, _, encoded = line.removeprefix(SIGNATURE_MARK).rstrip("\n").partition(" ")
    try:
        signature, message = base64.b64decode(encoded), f"{text}\n".encode()
    except ValueError:
        return None
    named = (public for public in public_keys if NoteKey(name, public).key_id == signature[:KEY_ID_BYTES])
    public = next(named, None)
    return None if public is None else (public, signature[KEY_ID_BYTES:], message)
