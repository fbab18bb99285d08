"""What the codes of findings in the record mean, for those who print it."""

from image.findings import catalogue


def finding_meanings() -> dict[str, str]:
    """Every finding that there can be: its code, and what it means in a sentence."""
    return {code: kind.meaning for code, kind in catalogue().items()}
