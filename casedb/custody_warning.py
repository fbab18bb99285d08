"""One thing that looks wrong in a chain of custody, with the catalogue of all that can."""

from dataclasses import dataclass
from functools import cache

from image.data_tables import data_table


@dataclass(frozen=True)
class CustodyWarning:
    """What looks wrong: its code, the entry it is about, and one line that names that entry."""

    code: str
    sequence: int
    text: str

    def __str__(self) -> str:
        """The line."""
        return self.text


@cache
def custody_warning_meanings() -> dict[str, str]:
    """Every warning about custody that there can be: its code, and what it means in a sentence."""
    table = data_table("casedb", "custody_warnings.toml")
    return {code: str(row["meaning"]) for code, row in table.items()}
