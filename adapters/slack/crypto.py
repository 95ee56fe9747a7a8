"""Tokens at rest: AES-256-GCM under a key that is never in the database.

Not Fernet, which cannot bind a ciphertext to its place: here tenant, column and row are authenticated along,
so that a token pasted into another row, or another tenant's, does not open. GCM's nonces are random, safe for
2^32 encryptions under one key (NIST SP 800-38D, 8.3); a workspace makes about eight a day.

A ciphertext reads `k1.KEYID.BASE64(nonce + sealed)`. The key id tells which key sealed it, so that a rotation
knows what is left to do, whoever interrupts it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.redaction import Secret

FORMAT = "k1"
_NONCE_BYTES = 12


class Unsealable(Exception):
    """A stored secret does not open: its key is not among ours, or it was not sealed for this place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Where a ciphertext belongs."""

    tenant: str
    column: str  # with its table
    row: str

    def bytes(self) -> bytes:
        return json.dumps([FORMAT, self.tenant, self.column, self.row]).encode()


class Keyring:
    """The first key seals, every key opens."""

    def __init__(self, keys: Sequence[Secret]) -> None:
        """As KEPT_SECRET_KEY holds them: 32 bytes each in URL-safe base64. Raises ValueError without any."""
        if not keys:
            raise ValueError("no key to seal tokens with")
        raw = [base64.urlsafe_b64decode(key.reveal()) for key in keys]
        self._ciphers = {_id_of(key): AESGCM(key) for key in reversed(raw)}
        self.current_id = _id_of(raw[0])

    @property
    def prefix(self) -> str:
        """What every ciphertext of the current key begins with."""
        return f"{FORMAT}.{self.current_id}."

    @property
    def old_prefixes(self) -> tuple[str, ...]:
        """The same of the keys that only open."""
        return tuple(f"{FORMAT}.{key_id}." for key_id in self._ciphers if key_id != self.current_id)

    def seal(self, secret: str, cell: Cell) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self.current_id].encrypt(nonce, secret.encode(), cell.bytes())
        return self.prefix + base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, cell: Cell) -> Secret:
        """Raises Unsealable."""
        form, _, rest = sealed.partition(".")
        key_id, _, encoded = rest.partition(".")
        cipher = self._ciphers.get(key_id)
        if form != FORMAT or cipher is None:
            raise Unsealable("its key is not in KEPT_SECRET_KEY")
        return Secret(_decrypted(cipher, encoded, cell).decode())


def _decrypted(cipher: AESGCM, encoded: str, cell: Cell) -> bytes:
    try:
        raw = base64.b64decode(encoded, altchars=b"-_", validate=True)
        return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], cell.bytes())
    except (InvalidTag, ValueError):
        raise Unsealable("it was altered, or sealed for another place") from None


def _id_of(key: bytes) -> str:
    """Tells keys apart and says nothing about them: they are 256 random bits."""
    return hashlib.sha256(b"kept key id" + key).hexdigest()[:12]
