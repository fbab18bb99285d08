"""A defect of one structure, raised where bytes are decoded and turned into a finding where the place is known."""


class DefectError(ValueError):
    """Bytes that are not what the format says; `code` is the finding the reader makes of it."""

    def __init__(self, code: str, detail: str, *, expected: str | None = None, found: str | None = None) -> None:
        self.code = code
        self.detail = detail
        self.expected = expected
        self.found = found
        super().__init__(f"{code}: {detail}")
