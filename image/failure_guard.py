"""What is open, guarded while it is made ready: closed again where that fails, left open where it succeeds."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Protocol


class Closable(Protocol):
    """Anything that is open and can be closed."""

    def close(self) -> object:
        """Let go of it."""
        ...


@contextmanager
def closed_on_failure(opened: Closable) -> Iterator[None]:
    """Close it where anything in the `with` block raises, which goes on; behind a block that ends it is open."""
    with ExitStack() as undoing:
        undoing.callback(opened.close)
        yield
        undoing.pop_all()
