"""Signatures under a report: put by three people, and what is seen of them later."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from image.times import instant_from
from report.signing.credentials import open_pkcs12, require_usable, signer_certificate
from report.signing.errors import SigningError, StampingError
from report.signing.values import Changes, SignatureLevel, SigningRole, Trust
from tests.report.signing_trial import (
    ATTACHED,
    AUTHORISER,
    EXAMINER,
    REVIEWER,
    Laboratory,
    laboratory,
    small_report,
)
from tests.sim.poppler_signatures import nss_database, pdfsig
from tests.sim.signing_authority import PASSPHRASE, SigningAuthority
from workflow.report_findings import file_findings, is_vouched_for

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    """A laboratory with its authorities."""
    return laboratory(tmp_path_factory.mktemp("lab"))


@pytest.fixture(scope="module")
def signed(lab: Laboratory) -> dict[SigningRole, bytes]:
    """A report after each of three signatures."""
    found, pdf = {}, small_report()
    for role in (EXAMINER, REVIEWER, AUTHORISER):
        pdf = found[role] = lab.sign(pdf, role)
    return found


def codes(lab: Laboratory, pdf: bytes, **look: object) -> set[str]:
    """The codes of what is found."""
    return {item.code for item in file_findings(lab.look(pdf, **look))}  # type: ignore[arg-type]


def test_each_signature_leaves_the_bytes_before_it_as_they_are(signed: dict[SigningRole, bytes]) -> None:
    assert signed[EXAMINER].startswith(small_report())
    assert signed[REVIEWER].startswith(signed[EXAMINER])
    assert signed[AUTHORISER].startswith(signed[REVIEWER])


def test_three_people_sign_and_nothing_is_to_be_said(lab: Laboratory, signed: dict[SigningRole, bytes]) -> None:
    found = lab.look(signed[AUTHORISER])
    assert [item.field for item in found.signatures] == ["Examiner", "Reviewer", "Authoriser"]
    assert [item.certifies for item in found.signatures] == [True, False, False]
    assert all(item.holds and item.trust is Trust.TRUSTED and item.stamp for item in found.signatures)
    assert Changes.FORBIDDEN not in {item.changes for item in found.signatures}
    assert Changes.FORBIDDEN not in {item.changes for item in found.stamps}
    assert len(found.stamps) == 3
    assert not list(file_findings(found))
    assert is_vouched_for(found)


def test_the_first_revision_is_the_report_as_it_was_issued(
    lab: Laboratory, signed: dict[SigningRole, bytes]
) -> None:
    assert lab.look(signed[AUTHORISER]).first_bytes == len(small_report())


def test_what_is_attached_is_told_with_its_digest(lab: Laboratory, signed: dict[SigningRole, bytes]) -> None:
    import hashlib

    [item] = lab.look(signed[EXAMINER]).attachments
    assert (item.name, item.size_bytes) == ("JB1.map", len(ATTACHED))
    assert item.sha256 == hashlib.sha256(ATTACHED).hexdigest()


def test_a_signer_whom_nobody_knows_is_not_believed(lab: Laboratory, signed: dict[SigningRole, bytes]) -> None:
    assert codes(lab, signed[EXAMINER], known=False) == {"report-signer-unknown", "report-stamp-unknown"}


def test_a_signature_without_a_timestamp_holds_and_says_so(lab: Laboratory) -> None:
    plain = lab.sign(small_report(), EXAMINER, stamped=False, long_term=False)
    assert codes(lab, plain) == {"report-not-stamped"}


def test_a_timestamp_outlives_the_certificate_of_the_signer(lab: Laboratory) -> None:
    brief = lab.authority.signer("Brief Examiner", days=(-30, 1))
    later = datetime.now(UTC) + 10 * DAY
    stamped = lab.sign(small_report(), EXAMINER, brief)
    assert codes(lab, stamped, at=later) == set()
    plain = lab.sign(small_report(), EXAMINER, brief, stamped=False)
    assert codes(lab, plain, at=later) == {"report-signer-expired", "report-not-stamped"}


def test_a_certificate_that_was_not_yet_valid_fails(lab: Laboratory) -> None:
    plain = lab.sign(small_report(), EXAMINER, stamped=False, long_term=False)
    assert "report-signer-early" in codes(lab, plain, at=datetime.now(UTC) - 5 * DAY)


def test_a_certificate_that_was_revoked_before_the_signature_fails(lab: Laboratory) -> None:
    crl = lab.authority.revocations(lab.examiner)
    plain = lab.sign(small_report(), EXAMINER, stamped=False, long_term=False)
    assert "report-signer-revoked" in codes(lab, plain, crls=crl)


def test_a_revocation_list_that_nobody_asked_is_told(lab: Laboratory) -> None:
    person = lab.authority.signer("Linda Listed", revocation_url="http://127.0.0.1:9/list.crl")
    assert "report-revocation-unknown" in codes(lab, lab.sign(small_report(), EXAMINER, person))
    with_list = lab.sign(small_report(), EXAMINER, person, crls=lab.authority.revocations())
    assert codes(lab, with_list) == set()


def test_an_expired_certificate_is_refused_before_anything_is_signed(lab: Laboratory) -> None:
    for days, word in (((-20, -10), "expired"), ((10, 20), "not valid before")):
        person = lab.authority.signer("Late Examiner", days=days)
        certificate = signer_certificate(open_pkcs12(person.p12, PASSPHRASE))
        with pytest.raises(SigningError, match=word):
            require_usable(certificate, instant_from(datetime.now(UTC)))


def test_a_wrong_passphrase_is_one_sentence(lab: Laboratory) -> None:
    for data, passphrase in ((lab.examiner.p12, b"wrong"), (b"no pkcs12", PASSPHRASE), (b"", None)):
        with pytest.raises(SigningError, match="no key can be taken"):
            open_pkcs12(data, passphrase)


def test_a_signer_of_another_authority_is_refused_with_advice(lab: Laboratory) -> None:
    stranger = SigningAuthority("Other CA").signer("Sam Stranger")
    with pytest.raises(SigningError, match="leads to none that is believed"):
        lab.sign(small_report(), EXAMINER, stranger)


def test_an_authority_that_answers_nonsense_leaves_nothing_signed(lab: Laboratory) -> None:
    from report.signing.putting import Means, Wording, put_signature

    signer = open_pkcs12(lab.examiner.p12, PASSPHRASE)
    for answer in (b"", b"<html>", b"\x30\x03\x02\x01\x05"):
        answers = iter([answer])
        with pytest.raises((StampingError, SigningError)):
            put_signature(small_report(), EXAMINER, signer, Means(ask=lambda _: next(answers)), Wording())  # noqa: B023


def test_the_level_says_how_long_a_signature_can_be_checked(lab: Laboratory) -> None:
    from report.signing.certificates import read_certificates
    from report.signing.putting import Means

    roots = read_certificates(lab.authority.pem)
    assert Means().level is SignatureLevel.BASIC
    assert Means(ask=bytes).level is SignatureLevel.TIMESTAMPED
    assert Means(roots).level is SignatureLevel.LONG_TERM
    assert Means(roots, ask=bytes).level is SignatureLevel.ARCHIVED


@pytest.fixture
def nss(tmp_path: Path, lab: Laboratory) -> Path:
    """A database that believes the authority."""
    return nss_database(tmp_path, lab.authority)


def test_poppler_calls_the_signatures_valid_and_trusted(nss: Path, signed: dict[SigningRole, bytes]) -> None:
    said = pdfsig(nss, signed[AUTHORISER])
    assert said.count("Signature is Valid") >= 3
    assert said.count("Certificate is Trusted") >= 3


def test_poppler_does_not_see_a_page_that_was_painted_over(
    nss: Path, lab: Laboratory, signed: dict[SigningRole, bytes]
) -> None:
    from tests.report.test_signature_attacks import painted_over

    attacked = painted_over(signed[EXAMINER])
    assert "Signature is Valid" in pdfsig(nss, attacked)
    assert "report-changed-after-signing" in codes(lab, attacked)
