"""JSON without the `json` package, whose import takes as long as the rest of a hook.

The scanner and the encoder are the ones that `json` itself is built on.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class _Plain:
    """What the scanner wants to know: nothing out of the ordinary."""

    strict = False
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    memo: dict[str, str] = {}  # noqa: RUF012 - the scanner empties it after each text

    @staticmethod
    def parse_constant(name: str) -> float:
        """Refuse NaN and infinities, which are no JSON."""
        raise ValueError(name)


def _reader() -> Callable[[str], object]:
    try:
        from _json import make_scanner
    except ImportError:
        from json import loads

        return loads
    scan = make_scanner(_Plain())  # type: ignore[arg-type]

    def read(text: str) -> object:
        start = 0
        while text[start : start + 1] in (" ", "\n", "\r", "\t"):
            start += 1
        try:
            value, end = scan(text, start)
        except (StopIteration, SystemError):
            # The scanner finds its own error class only where `json` is loaded; else it ends without any.
            raise ValueError("no JSON") from None
        if text[end:].strip(" \n\r\t"):
            raise ValueError("more than one JSON value")
        return value

    return read


def _writer() -> Callable[[object], str]:
    try:
        from _json import encode_basestring_ascii, make_encoder

        # In this order: markers, default, encoder, indent, separators, sort_keys, skipkeys, allow_nan.
        encode = make_encoder(None, _refuse, encode_basestring_ascii, None, ":", ",", *(False,) * 3)
        encode({}, 0)
    except (ImportError, TypeError):
        from json import dumps

        return dumps
    return lambda value: "".join(encode(value, 0))


def _refuse(value: object) -> object:
    raise TypeError(type(value).__name__)


read_json = _reader()
"""Return the value of a JSON text; raises ValueError or RecursionError."""

write_json = _writer()
"""Return a value as JSON on one line, in ASCII."""
