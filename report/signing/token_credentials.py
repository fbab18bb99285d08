"""A key and certificate inside a token (PKCS#11): a smart card, a module, SoftHSM. The key never leaves it."""

from collections.abc import Iterator
from contextlib import contextmanager

from pyhanko.sign.signers import Signer

from report.signing.errors import SigningError

ADVICE = "See that the module's file, the labels of token and key, and the PIN are right"


@contextmanager
def open_token(module: str, token: str, label: str, pin: str | None) -> Iterator[Signer]:
    """The signer whose key and certificate bear this label, for as long as the token is open.

    Raises:
        SigningError: the extra `pkcs11` or the module is absent, or the token refuses.
    """
    try:
        from pkcs11 import PKCS11Error
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
    except ImportError as error:
        what = "a key in a token needs the extra pkcs11"
        raise SigningError(what, "Install it: pip install 'diskwitness[pkcs11]'") from error
    try:
        with open_pkcs11_session(module, token_criteria=TokenCriteria(label=token), user_pin=pin) as session:
            signer = PKCS11Signer(session, cert_label=label, key_label=label)
            if signer.signing_cert is None:
                raise SigningError(f"the token holds no certificate {label!r}", ADVICE)
            yield signer
    except (PKCS11Error, RuntimeError, LookupError) as error:
        told = " ".join(str(error).split())[:200] or type(error).__name__
        raise SigningError(f"the token cannot be used ({told})", ADVICE) from error
