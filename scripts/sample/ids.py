"""Identifiers that look like the host's and come out the same on every run."""

import hashlib

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class Ids:
    """A numbered series of ids for one name; two names never share an id."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._count = 0

    def _digest(self) -> bytes:
        self._count += 1
        return hashlib.sha256(f"{self._name}/{self._count}".encode()).digest()

    def uuid(self) -> str:
        digits = self._digest().hex()
        variant = "89ab"[int(digits[16], 16) % 4]
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"

    def agent(self) -> str:
        return "a" + self._digest().hex()[:16]

    def message(self) -> str:
        return "msg_01" + self._letters(22)

    def request(self) -> str:
        return "req_011C" + self._letters(20)

    def call(self) -> str:
        return "toolu_01" + self._letters(22)

    def _letters(self, length: int) -> str:
        return "".join(ALPHABET[byte % len(ALPHABET)] for byte in self._digest()[:length])


def session_id(name: str) -> str:
    """The id of the session called `name`, known before the session is written."""
    return Ids(f"session {name}").uuid()
