"""What is said where the record holds nothing that a document of the kind could be about."""


class NothingToReport(ValueError):  # noqa: N818  # it is an answer, not a fault
    """The record holds nothing to make this document of; `what` says what is missing, `do` what to do."""

    def __init__(self, what: str, do: str) -> None:
        super().__init__(what)
        self.what = what
        self.do = do
