"""A process that appends to a case until it has done its share or is killed; says each entry that it was told of.

Run as `python -m tests.casedb.appending FOLDER NAME COUNT`.
"""

import sys
from pathlib import Path

from casedb.records import Role
from casedb.submissions import NewPerson
from tests.casedb.building import reopened


def append(folder: Path, name: str, count: int) -> None:
    """Add this many people and print the number of each entry when it is committed."""
    with reopened(folder) as store:
        for number in range(count):
            person = store.add_person(NewPerson(f"{name} {number}", Role.WITNESS))
            sys.stdout.write(f"{person.person_id[1:]}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    append(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
