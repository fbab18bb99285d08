"""A checkpoint is found in whatever carried it away: text, receipt, report; and in nothing else."""

import io
import zlib
from pathlib import Path

import pytest
from pikepdf import AttachedFileSpec, Dictionary, Name, Pdf, Stream, StreamDecodeLevel

from casedb.signed_note import NoteKey, sign_note
from image.errors import UsageError
from workflow.checkpoint_files import checkpoint_in, read_copies

ORIGIN = "diskwitness.local/ledger/9c1f"
TEXT = f"{ORIGIN}\n14\n{'A' * 43}=\n"
NOTE = f"{TEXT}\n{sign_note(TEXT, NoteKey(ORIGIN, bytes(32)), lambda _: bytes(64))}\n"


def pdf_with(content: bytes, name: str = "checkpoint.txt", **entries: object) -> bytes:
    """A PDF with this attachment; `entries` are put into its stream."""
    with Pdf.new() as pdf:
        pdf.add_blank_page()
        pdf.attachments[name] = AttachedFileSpec(
            pdf, content, filename=name, description="", mime_type="", creation_date="", mod_date=""
        )
        if entries:
            stream = Stream(pdf, content)
            for key, value in entries.items():
                stream[f"/{key}"] = value
            pdf.attachments[name].obj.EF = Dictionary(F=stream)
        out = io.BytesIO()
        pdf.save(out, compress_streams=False, stream_decode_level=StreamDecodeLevel.none)
        return out.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        NOTE,
        NOTE.removesuffix("\n"),
        NOTE.replace("\n", "\r\n"),
        f"RECEIPT\nReleased by: A. Doe\n\nThe lines below are a checkpoint:\n\n{NOTE}",
        f"{NOTE}\nsent by e-mail\n",
        NOTE + "\n" + NOTE,
    ],
)
def test_a_checkpoint_is_found_in_a_text(text: str) -> None:
    assert checkpoint_in(text.encode()) == NOTE.encode()


def test_a_checkpoint_is_found_in_a_pdf() -> None:
    assert checkpoint_in(pdf_with(NOTE.encode())) == NOTE.encode()
    packed = zlib.compress(NOTE.encode())
    assert checkpoint_in(pdf_with(packed, Filter=Name.FlateDecode)) == NOTE.encode()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"%PDF-1.7\nnothing of the kind", "cannot be read"),
        (pdf_with(NOTE.encode(), name="other.txt"), "no attachments"),
        (pdf_with(zlib.compress(bytes(10**8)), Filter=Name.FlateDecode), "larger than"),
        (pdf_with(b"no such packing", Filter=Name.FlateDecode), "cannot be read"),
        (pdf_with(b"41>", Filter=Name.ASCIIHexDecode), "packed in a way"),
        (f"{NOTE}\n{NOTE.replace('14', '15')}".encode(), "several checkpoints"),
        (b"x" * 2_000_000, "too many"),
        (b"", "not a signed note"),
        (TEXT.encode(), "not a signed note"),
        (pdf_with(b"\xff\xfe"), "not a signed note|utf-8"),
    ],
)
def test_what_holds_no_checkpoint_is_refused(data: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "given"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=told):
        read_copies([str(path)])


def test_a_damaged_pdf_is_refused_or_says_the_same() -> None:
    whole = pdf_with(NOTE.encode())
    for offset in range(0, len(whole), 7):
        changed = bytearray(whole)
        changed[offset] ^= 1 << offset % 8
        try:
            checkpoint_in(bytes(changed))
        except ValueError:
            continue
