"""Tables of data that lie in our packages as TOML."""

from typing import Any


def data_table(package: str, name: str) -> dict[str, Any]:
    """The table in this file of a package; who reads none does without a reader of TOML.

    Raises:
        OSError: the file is not there, so the program is not whole.
    """
    import tomllib
    from importlib.resources import files

    return tomllib.loads(files(package).joinpath(name).read_text(encoding="utf-8"))
