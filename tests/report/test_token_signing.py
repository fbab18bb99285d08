"""A signature by a key that never leaves its token (SoftHSM)."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from report.signing.errors import SigningError
from report.signing.putting import Means, Wording, put_signature
from report.signing.token_credentials import open_token
from report.signing.values import Trust
from tests.report.signing_trial import AT, EXAMINER, laboratory, small_report
from tests.sim.soft_token import MODULE, PIN, new_token


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The label of a new token."""
    new_token(tmp_path, "lab", monkeypatch)
    return "lab"


def test_a_report_is_signed_by_a_token(token: str, tmp_path: Path) -> None:
    import pkcs11
    from pkcs11.util.rsa import decode_rsa_private_key
    from pkcs11.util.x509 import decode_x509_certificate

    lab = laboratory(tmp_path)
    person = lab.examiner
    der, pkcs1 = serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL
    key = person.key.private_bytes(der, pkcs1, serialization.NoEncryption())
    with pkcs11.lib(str(MODULE)).get_token(token_label=token).open(rw=True, user_pin=PIN) as session:
        facts = decode_x509_certificate(person.certificate.public_bytes(der))
        for holding in (decode_rsa_private_key(key), facts):
            session.create_object(holding | {pkcs11.Attribute.LABEL: "doe", pkcs11.Attribute.TOKEN: True})
    with open_token(str(MODULE), token, "doe", PIN) as signer:
        signed = put_signature(small_report(), EXAMINER, signer, Means(), Wording(at=AT))
    [found] = lab.look(signed).signatures
    assert (found.holds, found.trust) == (True, Trust.TRUSTED)
    assert found.certificate is not None
    assert found.certificate.sha256 == person.sha256


@pytest.mark.parametrize(
    ("module", "label", "pin"),
    [(str(MODULE), "nobody", PIN), (str(MODULE), "doe", "9"), ("/absent.so", "doe", PIN)],
)
def test_what_a_token_refuses_is_one_sentence(token: str, module: str, label: str, pin: str) -> None:
    with pytest.raises(SigningError, match="token"), open_token(module, token, label, pin) as signer:
        put_signature(small_report(), EXAMINER, signer, Means(), Wording(at=AT))
