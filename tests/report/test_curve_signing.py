"""Signatures by keys on elliptic curves (ECDSA): in PKCS#12, by an authority on the same curve."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from report.signing.values import Trust
from tests.report.signing_trial import EXAMINER, REVIEWER, laboratory, small_report
from tests.sim.poppler_signatures import nss_database, pdfsig
from workflow.report_findings import file_findings, is_vouched_for

CURVES = (ec.SECP256R1(), ec.SECP384R1())


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_signatures_on_a_curve_hold_here_and_in_poppler(tmp_path: Path, curve: ec.EllipticCurve) -> None:
    lab = laboratory(tmp_path, curve)
    signed = lab.sign(lab.sign(small_report(), EXAMINER), REVIEWER)
    found = lab.look(signed)
    assert [(item.holds, item.trust) for item in found.signatures] == [(True, Trust.TRUSTED)] * 2
    assert all(item.stamp and item.stamp.trust is Trust.TRUSTED for item in found.signatures)
    assert not list(file_findings(found))
    assert is_vouched_for(found)
    said = pdfsig(nss_database(tmp_path, lab.authority), signed)
    assert said.count("Signature is Valid") >= 2
    assert said.count("Certificate is Trusted") >= 2


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_a_byte_changed_under_a_signature_on_a_curve_is_found(tmp_path: Path, curve: ec.EllipticCurve) -> None:
    lab = laboratory(tmp_path, curve)
    signed = lab.sign(small_report(), EXAMINER, stamped=False)
    changed = signed.replace(b"/MediaBox [ 0 0 300 300 ]", b"/MediaBox [ 0 0 300 301 ]")
    assert changed != signed
    assert not lab.look(changed).signatures[0].holds
