"""Encrypts secrets that the program must be able to read again, with the installation's key."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tenure.kernel.errors import ConfigurationError


class UndecryptableError(ConfigurationError):
    """The secret was encrypted with another key."""

    def __init__(self) -> None:
        super().__init__(
            "The secret was encrypted with another TENURE_SECRET_KEY. Set that one, or rotate the "
            "secret."
        )


class Cipher:
    """Encrypts texts with a key that is derived from TENURE_SECRET_KEY for one purpose.

    A key derived for another purpose does not decrypt them.
    """

    def __init__(self, key: str, purpose: str) -> None:
        # The key may be a passphrase of any length; HKDF makes 32 bytes of it.
        derived = HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(key.encode())
        self._fernet = Fernet(urlsafe_b64encode(derived))

    def encrypt(self, text: str) -> str:
        """The encrypted text, which differs at each call."""
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, encrypted: str) -> str:
        """The text. Raises UndecryptableError."""
        try:
            return self._fernet.decrypt(encrypted).decode()
        except InvalidToken:
            raise UndecryptableError from None
