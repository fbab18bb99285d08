"""The lab configuration: what is the same for every job of this laboratory, read from one TOML file."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from image.errors import UsageError
from image.user_folders import configuration_folder

MAXIMUM_BYTES = 1024 * 1024
TEMPERATURE_LIMITS_CELSIUS = (30, 90)
"""What a drive may be allowed: below, it would never be cool enough; above, makers promise nothing."""

MAXIMUM_PATIENCE_SECONDS = 300
"""So long a time-stamping authority may be waited for at the end of a job."""

_LOWEST_CELSIUS, _HIGHEST_CELSIUS = TEMPERATURE_LIMITS_CELSIUS
TemperatureLimit = Annotated[int, msgspec.Meta(ge=_LOWEST_CELSIUS, le=_HIGHEST_CELSIUS)]


class Letterhead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands at the head of a report beside the agency: address lines, accreditation, a picture file."""

    address: tuple[str, ...] = ()
    accreditation: str | None = None
    logo: str | None = None


class Defaults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Options of `acquire` as this laboratory wants them; None leaves the program's own default."""

    format: Literal["e01", "raw"] | None = None
    compression: Literal["none", "fast", "best"] | None = None
    segment_size: str | None = None
    hash: str | None = None
    retries: int | None = None
    verify: bool | None = None
    second_opinion: bool | None = None
    files: bool | None = None
    blocker: str | None = None
    temperature_limit: TemperatureLimit | None = None


class Reports(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What reports say of the laboratory's practice, by name (report/entered.py), and how old a proof may be.

    `statement_days` is how many days ago the verification behind a statement may have ended, `language` what
    documents are printed in (report/wording.py); None is English.
    """

    entered: dict[str, str] = {}
    language: Literal["en", "de", "fr"] | None = None
    statement_days: Annotated[int, msgspec.Meta(ge=0, le=36_500)] = 30


class Hook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A program to run after each acquisition and verification, without a shell."""

    command: tuple[str, ...] = ()
    timeout_seconds: int = 60


class Timestamps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The time-stamping authority: its address, the file of its certificates (PEM), the policy it shall go by."""

    url: str | None = None
    authority: str | None = None
    policy: str | None = None
    timeout_seconds: Annotated[float, msgspec.Meta(gt=0, le=MAXIMUM_PATIENCE_SECONDS)] = 5


class Signing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose signatures under reports are believed: files of certificates, and of lists of revoked ones."""

    trust: tuple[str, ...] = ()
    crls: tuple[str, ...] = ()


class Laboratory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The lab configuration; everything may be left out."""

    agency: str | None = None
    examiner: str | None = None
    paper: Literal["A4", "Letter"] = "A4"
    letterhead: Letterhead = Letterhead()
    defaults: Defaults = Defaults()
    hook: Hook = Hook()
    timestamps: Timestamps = Timestamps()
    reports: Reports = Reports()
    signing: Signing = Signing()


def configuration_path(environment: Mapping[str, str]) -> Path:
    """Where the configuration is looked for: `diskwitness/config.toml` in the XDG configuration folder."""
    return configuration_folder(environment) / "config.toml"


def read_laboratory(path: Path | None = None) -> Laboratory:
    """Read the lab configuration; where there is no file, an empty one.

    Raises:
        UsageError: not TOML, an unknown name, or a value of the wrong kind; names the place.
    """
    path = path or configuration_path(os.environ)
    try:
        if path.stat().st_size > MAXIMUM_BYTES:
            raise UsageError("too large for a configuration file", str(path))
        return decode_laboratory(path.read_bytes(), str(path))
    except (FileNotFoundError, NotADirectoryError):
        return Laboratory()
    except OSError as error:
        raise UsageError(f"cannot read the configuration file ({error.strerror or error})", str(path)) from error


def decode_laboratory(data: bytes, where: str) -> Laboratory:
    """The lab configuration in these bytes of TOML.

    Raises:
        UsageError: not TOML, an unknown name, or a value of the wrong kind; names the place.
    """
    import tomllib

    try:
        return msgspec.convert(tomllib.loads(data.decode("utf-8")), Laboratory)
    except (ValueError, RecursionError) as error:
        advice = "Mend it; docs/reference/configuration.md lists every name"
        raise UsageError(f"the configuration file is wrong ({error})", where, advice) from error


def as_facts(laboratory: Laboratory) -> dict[str, str]:
    """What the configuration says, flat, as it is copied into a manifest: `defaults.format` -> `raw`."""
    return dict(sorted(_flat("", msgspec.to_builtins(laboratory)).items()))


def _flat(prefix: str, table: dict[str, object]) -> dict[str, str]:
    """Dotted names and texts of a nested table, without what is not set."""
    facts: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            facts |= _flat(f"{prefix}{name}.", value)
        elif isinstance(value, (list, tuple)):
            facts |= {f"{prefix}{name}": "\n".join(map(str, value))} if value else {}
        elif value is not None:
            facts[prefix + name] = str(value)
    return facts
