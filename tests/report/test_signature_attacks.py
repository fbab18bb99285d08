"""Attacks on a signed report, carried out: each is found by the file alone, before any ledger is asked."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from image.findings import Severity
from report.signing.revisions import prefixes
from tests.report.signing_trial import (
    EXAMINER,
    Laboratory,
    laboratory,
    saved,
    small_report,
)
from tests.sim.signing_authority import SigningAuthority
from workflow.report_findings import file_findings, is_vouched_for

SAMPLED_FLIPS = 120


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    """A laboratory with its authorities."""
    return laboratory(tmp_path_factory.mktemp("lab"))


@pytest.fixture(scope="module")
def signed(lab: Laboratory) -> bytes:
    """A report with the examiner's signature."""
    return lab.sign(small_report(), EXAMINER)


def failures(lab: Laboratory, pdf: bytes) -> set[str]:
    """The codes of the failures that are found."""
    return {item.code for item in file_findings(lab.look(pdf)) if item.severity is Severity.FAILURE}


def updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The PDF with one more update behind it."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def painted_over(pdf: bytes) -> bytes:
    """Hide and replace: a stream more on the page paints over it and says something else."""

    def paint(writer: IncrementalPdfFileWriter) -> None:
        text = b"1 g 0 0 300 300 re f 0 g BT /F1 24 Tf 40 150 Td (forged) Tj ET"
        stream = writer.add_object(generic.StreamObject(stream_data=text))
        page = writer.root["/Pages"]["/Kids"][0]
        page[generic.NameObject("/Contents")] = generic.ArrayObject([page.raw_get("/Contents"), stream])
        writer.update_container(page)

    return updated(pdf, paint)


def with_replaced_content(pdf: bytes) -> bytes:
    """Replace: the page's own stream is written anew."""

    def replace(writer: IncrementalPdfFileWriter) -> None:
        content = writer.root["/Pages"]["/Kids"][0]["/Contents"]
        content._data = b"BT /F1 24 Tf 40 150 Td (forged) Tj ET"
        content._encoded_data = None
        writer.update_container(content)

    return updated(pdf, replace)


def with_hiding_annotation(pdf: bytes) -> bytes:
    """Hide: an annotation lies over the page."""

    def hide(writer: IncrementalPdfFileWriter) -> None:
        look = generic.StreamObject(
            {
                generic.NameObject("/Type"): generic.NameObject("/XObject"),
                generic.NameObject("/Subtype"): generic.NameObject("/Form"),
                generic.NameObject("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 300, 300))),
            },
            stream_data=b"1 g 0 0 300 300 re f",
        )
        appearance = generic.DictionaryObject({generic.NameObject("/N"): writer.add_object(look)})
        note = generic.DictionaryObject(
            {
                generic.NameObject("/Type"): generic.NameObject("/Annot"),
                generic.NameObject("/Subtype"): generic.NameObject("/Stamp"),
                generic.NameObject("/Rect"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 300, 300))),
                generic.NameObject("/AP"): appearance,
            }
        )
        page = writer.root["/Pages"]["/Kids"][0]
        annotations = page.get("/Annots", generic.ArrayObject())
        page[generic.NameObject("/Annots")] = generic.ArrayObject([*annotations, writer.add_object(note)])
        writer.update_container(page)

    return updated(pdf, hide)


def with_swapped_attachment(pdf: bytes) -> bytes:
    """An attached file is exchanged, size and checksum with it."""

    def swap(writer: IncrementalPdfFileWriter) -> None:
        stream = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]["/EF"]["/F"]
        stream._data = b"9 9 +\n"
        stream._encoded_data = None
        writer.update_container(stream)

    return updated(pdf, swap)


ATTACKS = {
    "hide and replace": painted_over,
    "replace": with_replaced_content,
    "hide": with_hiding_annotation,
    "attachment swapped": with_swapped_attachment,
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_update_behind_the_signature_is_found(lab: Laboratory, signed: bytes, name: str) -> None:
    assert "report-changed-after-signing" in failures(lab, ATTACKS[name](signed))


@pytest.mark.parametrize("name", ATTACKS)
def test_an_update_between_issue_and_signature_is_found(lab: Laboratory, name: str) -> None:
    attacked = lab.sign(ATTACKS[name](small_report()), EXAMINER)
    assert "report-addition" in failures(lab, attacked)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_update_of_an_unsigned_report_is_found(lab: Laboratory, name: str) -> None:
    assert "report-addition" in failures(lab, ATTACKS[name](small_report()))


def test_a_visible_signature_field_over_the_page_is_found(lab: Laboratory) -> None:
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field

    def lay(writer: IncrementalPdfFileWriter) -> None:
        append_signature_field(writer, SigFieldSpec("Examiner", on_page=0, box=(0, 0, 300, 300)))

    attacked = lab.sign(updated(small_report(), lay), EXAMINER)
    assert "report-visible-addition" in failures(lab, attacked)


def test_a_signature_of_another_report_does_not_hold(lab: Laboratory, signed: bytes) -> None:
    other = small_report("other")
    assert len(other) == len(small_report())
    grafted = other + signed[len(other) :]
    assert "report-signature-broken" in failures(lab, grafted)


def test_a_cut_tail_is_found(lab: Laboratory, signed: bytes) -> None:
    for cut in (2, 3, 40, 700):
        assert failures(lab, signed[:-cut]) or lab.look(signed[:-cut]).problem


def test_appended_bytes_are_found(lab: Laboratory, signed: bytes) -> None:
    for more in (b"x", b"\n\n", b"%forged\n", signed[-200:]):
        assert failures(lab, signed + more) or lab.look(signed + more).problem


def test_a_stripped_signature_leaves_no_examiner(lab: Laboratory, signed: bytes) -> None:
    with pikepdf.open(BytesIO(signed)) as pdf:
        del pdf.Root.AcroForm
        del pdf.pages[0].obj.Annots
        del pdf.Root["/Perms"]
        stripped = saved(pdf)
    assert not is_vouched_for(lab.look(stripped))
    assert not any(prefix.size_bytes == len(small_report()) for prefix in prefixes(stripped))


def test_a_signature_by_another_authority_is_not_believed(lab: Laboratory) -> None:
    stranger = SigningAuthority("Other CA").signer("Erin Examiner")
    forged = lab.sign(small_report(), EXAMINER, stranger, stamped=False, long_term=False)
    assert {item.code for item in file_findings(lab.look(forged))} >= {"report-signer-unknown"}
    assert not is_vouched_for(lab.look(forged))


def test_a_reviewer_in_the_examiners_field_is_found(lab: Laboratory) -> None:
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    from report.signing.credentials import open_pkcs12
    from tests.sim.signing_authority import PASSPHRASE

    meta = PdfSignatureMetadata(field_name="Examiner", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    writer = IncrementalPdfFileWriter(BytesIO(small_report()))
    approved = PdfSigner(meta, open_pkcs12(lab.reviewer.p12, PASSPHRASE)).sign_pdf(writer).getvalue()
    assert "report-role" in failures(lab, approved)


def is_found(lab: Laboratory, pdf: bytes) -> bool:
    """Whether a changed file is told from a good one by itself: it fails, or cannot be read, or nobody vouches."""
    found = lab.look(pdf)
    return found.problem is not None or bool(failures(lab, pdf)) or not is_vouched_for(found)


def flipped(pdf: bytes, place: int, bit: int) -> bytes:
    """The file with one bit changed."""
    return pdf[:place] + bytes([pdf[place] ^ (1 << bit)]) + pdf[place + 1 :]


def test_a_flipped_bit_in_what_was_issued_is_found_everywhere(lab: Laboratory) -> None:
    plain = lab.sign(small_report(), EXAMINER, stamped=False, long_term=False)
    chance = random.Random(4)
    for _ in range(SAMPLED_FLIPS):
        place = chance.randrange(len(small_report()))
        assert is_found(lab, flipped(plain, place, chance.randrange(8))), place


def test_what_is_no_pdf_is_told_in_a_sentence(lab: Laboratory) -> None:
    chance = random.Random(2)
    for data in (b"", b"%PDF-1.7\n", b"%PDF-1.7\nstartxref\n0\n%%EOF\n", chance.randbytes(5000), b"\0" * 9999):
        assert lab.look(data).problem
    assert lab.look(small_report(), at=datetime.now(UTC)).problem is None


@pytest.mark.long
def test_a_flipped_bit_in_a_signed_report_is_found_but_in_what_no_check_needs(lab: Laboratory) -> None:
    plain = lab.sign(small_report(), EXAMINER, stamped=False, long_term=False)
    spare = lab.authority.certificate.public_bytes(Encoding.DER).hex().upper().encode()
    head, end = plain.index(b"/Contents <30"), plain.index(spare) + len(spare)
    places = [place for place in range(0, len(plain), 23) if not head <= place < end]
    chance = random.Random(9)
    missed = [place for place in places if not is_found(lab, flipped(plain, place, chance.randrange(8)))]
    assert missed == []
