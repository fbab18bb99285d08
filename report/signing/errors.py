"""Why something was not signed."""


class SigningError(Exception):
    """What stands in the way of a signature: `what` in a few words, `do` what helps."""

    def __init__(self, what: str, do: str = "") -> None:
        self.what = what
        self.do = do
        super().__init__(what)


class StampingError(SigningError):
    """The time-stamping authority gave no timestamp that can be used."""
