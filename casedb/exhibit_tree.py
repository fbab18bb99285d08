"""Exhibits and what was found in them, as a tree. Pure."""

from collections.abc import Iterable

from casedb.records import Exhibit

SEPARATOR = "/"


def parent_of(reference: str, known: Iterable[str]) -> str | None:
    """The exhibit that a reference such as JB1/2 is a part of by its name, if that one is known."""
    parent = reference.rpartition(SEPARATOR)[0]
    return parent if parent and parent in set(known) else None


def exhibit_tree(exhibits: Iterable[Exhibit]) -> tuple[tuple[int, Exhibit], ...]:
    """Each exhibit with its depth, behind the one it was found in; each once, whatever parents are recorded."""
    waiting = {item.reference: item for item in exhibits}
    known = frozenset(waiting)
    found: list[tuple[int, Exhibit]] = []

    def take(root: Exhibit) -> None:
        """Take an exhibit and all that was found in it."""
        open_ones = [(0, root)]
        while open_ones:
            depth, item = open_ones.pop()
            if waiting.pop(item.reference, None) is None:
                continue
            found.append((depth, item))
            inside = [part for part in waiting.values() if part.parent == item.reference]
            open_ones += [(depth + 1, part) for part in reversed(inside)]

    for item in tuple(waiting.values()):
        if item.parent is None or item.parent not in known:
            take(item)
    for item in tuple(waiting.values()):
        take(item)
    return tuple(found)
