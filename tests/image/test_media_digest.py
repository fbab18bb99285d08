"""The digest of the media, asked for by another thread than the one that feeds it."""

import hashlib
import threading

import pytest

from image import media_digest
from image.media_digest import MediaDigester

MEDIA = b"media" * 1000


def test_a_digest_is_waited_for_longer_than_one_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_digest, "WAIT_SECONDS", 0.05)
    digester = MediaDigester()
    late = threading.Timer(0.3, digester.update, (memoryview(MEDIA), ()))
    late.start()
    assert digester.digest_at(len(MEDIA)) == hashlib.sha256(MEDIA).hexdigest()
    late.join()


def test_a_digest_that_is_never_reached_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_digest, "WAIT_SECONDS", 0.001)
    with pytest.raises(RuntimeError, match="stays at byte 0 of 5000"):
        MediaDigester().digest_at(len(MEDIA))
