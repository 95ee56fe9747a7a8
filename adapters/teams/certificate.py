"""A certificate in place of a client secret: what it signs proves who asks for a token.

learn.microsoft.com/entra/identity-platform/certificate-credentials
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.utils import base64url_encode

VALID_FOR = timedelta(minutes=10)  # "5-10 minutes after nbf at most"


class Unreadable(ValueError):
    """Says what is expected, and nothing of what was found."""


class Certificate:
    """From PEM with an RSA key that is not encrypted, and the key's own certificate. Raises Unreadable."""

    def __init__(self, pem: bytes) -> None:
        self._key = _key_in(pem)
        public = self._key.public_key()
        own = (each for each in _certificates_in(pem) if each.public_key() == public)
        found = next(own, None)
        if found is None:
            raise Unreadable("no certificate that belongs to the private key")
        self._thumbprint = base64url_encode(found.fingerprint(SHA256())).decode()
        self.expires_at = found.not_valid_after_utc

    def assertion(self, *, app_id: str, audience: str, now: datetime) -> str:
        claims: dict[str, Any] = {"aud": audience, "iss": app_id, "sub": app_id, "jti": str(uuid4())}
        claims |= {"nbf": now, "iat": now, "exp": now + VALID_FOR}
        return jwt.encode(claims, self._key, algorithm="PS256", headers={"x5t#S256": self._thumbprint})


def _key_in(pem: bytes) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise Unreadable("no private key in PEM that is not encrypted") from None
    if not isinstance(key, RSAPrivateKey):
        raise Unreadable("a private key that is not RSA")
    return key


def _certificates_in(pem: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError:
        raise Unreadable("no certificate in PEM beside the private key") from None
