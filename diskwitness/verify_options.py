"""The options of `verify` as values."""

from dataclasses import dataclass
from pathlib import Path

from acquire.source_options import SourceOptions
from image.errors import UsageError
from verify.request import Expectation
from workflow.verify_exhibit import VerifyOptions


@dataclass(frozen=True, kw_only=True)
class VerifyChoice:
    """What was given on the command line; names are those of the options, None and empty mean "not given"."""

    images: tuple[Path, ...]
    manifest: Path | None
    also: tuple[Path, ...]
    bad_sector_map: Path | None
    checksum_files: tuple[Path, ...]
    expectations: tuple[Expectation, ...]
    names: tuple[str, ...]
    source: str | None
    force_mounted: bool
    from_medium: bool
    second_opinion: bool
    files: bool
    segments_only: bool
    jobs: int | None
    case_folder: Path | None
    progress: str

    def options(self) -> VerifyOptions:
        """How the images are verified.

        Raises:
            UsageError: options that do not go together.
        """
        self._require_sense()
        return VerifyOptions(
            algorithms=self.names,
            manifest=self.manifest,
            expectations=self.expectations,
            from_medium=self.from_medium,
            second_opinion=self.second_opinion,
            source=self.source,
            opening=SourceOptions(forced=self.force_mounted),
            also=self.also,
            segments_only=self.segments_only,
            jobs=self.jobs,
            checksum_files=self.checksum_files,
            bad_sector_map=self.bad_sector_map,
            files=self.files,
        )

    def _require_sense(self) -> None:
        """See that the options go together."""
        about_one = self.manifest or self.checksum_files or self.bad_sector_map
        about_media = self.expectations or self.source
        if len(self.images) > 1 and (about_one or about_media):
            what = "--manifest, --map, --checksum-file, --expect and --source are about one image"
            raise UsageError(what, do="Verify the images one by one")
        if self.segments_only and (about_media or self.second_opinion or self.files):
            asked = "--expect, --source, --second-opinion and --files are about the media"
            what = f"--segments-only decodes nothing: {asked}"
            raise UsageError(what, do="Leave them out, or verify the whole image")
