"""Watches the room at the destinations while an image is written, and warns before it runs out."""

from collections.abc import Callable, Sequence
from pathlib import Path

from acquire.forecast import Forecast, Measured, Outlook, forecast_space
from image.destinations import Destination
from image.folder_row import free_bytes
from image.segments import SegmentSet
from image.times import Clock

LOOK_SECONDS = 5.0


class SpaceWatch:
    """Looks at the free space every few seconds, in the writing thread; `warn` hears of each worse outlook once."""

    def __init__(
        self,
        segments: SegmentSet,
        media_size_bytes: int,
        clock: Clock,
        warn: Callable[[str], None],
        free: Callable[[Path], int] = free_bytes,
    ) -> None:
        self._segments = segments
        self._media_size_bytes = media_size_bytes
        self._clock = clock
        self._warn = warn
        self._free = free
        self._begun_seconds = self._last_seconds = clock.monotonic()
        self._begun_media: int | None = None
        self._told: dict[int, Outlook] = {}

    def look(self, media_bytes: int) -> None:
        """Look, when it is time; `media_bytes` of the image have gone to the segments."""
        now = self._clock.monotonic()
        if self._begun_media is None:
            self._begun_media = media_bytes
        if now - self._last_seconds < LOOK_SECONDS:
            return
        self._last_seconds = now
        passed = media_bytes - self._begun_media
        left = self._media_size_bytes - media_bytes
        measured = Measured(self._segments.stored_bytes, passed, left, now - self._begun_seconds)
        for device, items in self._by_file_system().items():
            self._judge(device, items, forecast_space(measured, self._free_for(items[0]), len(items)))

    def _judge(self, device: int, items: Sequence[Destination], forecast: Forecast) -> None:
        """Warn, where it stands worse than was told."""
        if forecast.outlook > self._told.get(device, Outlook.ENOUGH):
            self._told[device] = forecast.outlook
            self._warn(forecast_text([str(item.path.parent) for item in items], forecast))

    def _by_file_system(self) -> dict[int, list[Destination]]:
        """The live destinations, together where they share a file system."""
        shared: dict[int, list[Destination]] = {}
        for item in self._segments.live:
            if not item.takes_room:
                continue
            try:
                shared.setdefault(item.path.parent.stat().st_dev, []).append(item)
            except OSError:
                continue
        return shared

    def _free_for(self, item: Destination) -> int:
        """The free bytes that a destination can still use, in its next folders too."""
        return self._free(item.path.parent) if item.row is None else item.row.room_left()


def forecast_text(folders: Sequence[str], forecast: Forecast) -> str:
    """A forecast in words."""
    place = ", ".join(folders)
    needed, short = forecast.needed_bytes, forecast.short_bytes
    rest = f"the rest of the image needs {needed} bytes at the ratio so far, {short} more"
    if forecast.outlook is not Outlook.CRITICAL:
        return f"{place} will not hold the image: {rest} than are free"
    minutes = int((forecast.seconds_left or 0) // 60)
    return f"{place} is full in about {minutes} min: {rest} than are free"
