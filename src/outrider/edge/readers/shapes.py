"""The shapes of transcript lines, as far as anything of them is read.

Only the fields named here are ever built; all others are skipped by the decoder without an object. A
line whose fields have other types than these is read again by :func:`lenient_line`, part by part, so
that one odd value never costs the record.
Source of the shapes: captured client records of 1.0 to 2.1.330 (the format is internal to the client).
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any, TypeVar, get_args, get_origin

import msgspec

from outrider.kernel import limits

Label = Annotated[str, msgspec.Meta(max_length=limits.LABEL_CHARS)]
"""A name or an id. A longer one sends the line through :func:`lenient_line`, which cuts it."""

Path = Annotated[str, msgspec.Meta(max_length=limits.PATH_CHARS)]

Count = Annotated[int, msgspec.Meta(ge=0, lt=limits.TOKENS)]
"""A number of tokens. Any other number is damage and counts as none."""

Ms = Annotated[float, msgspec.Meta(ge=0, lt=limits.LATEST_INSTANT_MS)]


class Shape(msgspec.Struct, gc=False):
    """A part of a line."""


class CacheCreation(Shape):
    """Cache writes by how long they live."""

    ephemeral_5m_input_tokens: Count | None = 0
    ephemeral_1h_input_tokens: Count | None = 0


class ServerTools(Shape):
    """What the service itself did for the model."""

    web_search_requests: Count | None = 0


class UsageShape(Shape):
    """Tokens of a response, as the API reports them."""

    input_tokens: Count | None = 0
    output_tokens: Count | None = 0
    cache_read_input_tokens: Count | None = 0
    cache_creation_input_tokens: Count | None = 0
    cache_creation: CacheCreation | None = None
    server_tool_use: ServerTools | None = None


class TextBlock(Shape):
    """One block inside a result."""

    type: Label = ""
    text: str = ""


class Block(Shape):
    """One block of a message's content, of any kind."""

    type: Label = ""
    text: str = ""
    id: Label = ""
    name: Label = ""
    input: msgspec.Raw = msgspec.Raw()
    tool_use_id: Label = ""
    content: str | list[TextBlock] | None = None
    is_error: bool | None = False


class Message(Shape):
    """The message inside a line, of the model or of the user."""

    id: Label | None = ""
    model: Label | None = ""
    stop_reason: Label | None = None
    usage: UsageShape | None = None
    content: str | list[Block] | None = None


class HookInfo(Shape, rename="camel"):
    """One hook in a summary of the client."""

    duration_ms: Ms | None = 0


class CompactMetadata(Shape, rename="camel"):
    """What the client notes of a compaction."""

    trigger: Label | None = ""
    pre_tokens: Count | None = 0
    post_tokens: Count | None = 0
    duration_ms: Ms | None = 0


class Attachment(Shape, rename="camel"):
    """What the client adds to the conversation, hooks among it."""

    type: Label = ""
    hook_event: Label | None = ""
    hook_name: str | None = ""
    duration_ms: Ms | None = 0
    prompt: str | list[TextBlock] | None = None
    command_mode: Label | None = ""


class Outcome(Shape, rename="camel"):
    """The structured result beside a result block; most of it repeats the text and is not read."""

    agent_id: Label | None = ""
    status: Label | None = ""
    interrupted: bool | None = False
    total_duration_ms: Ms | None = 0


class LineShape(Shape, rename="camel"):
    """One transcript line of any kind."""

    type: Label = ""
    subtype: Label | None = ""
    uuid: Label | None = ""
    parent_uuid: Label | None = ""
    logical_parent_uuid: Label | None = ""
    session_id: Label | None = ""
    agent_id: Label | None = ""
    timestamp: datetime | None = None
    is_sidechain: bool | None = False
    is_meta: bool | None = False
    is_compact_summary: bool | None = False
    is_api_error_message: bool | None = False
    cwd: Path | None = ""
    git_branch: Label | None = ""
    version: Label | None = ""
    entrypoint: Label | None = ""
    request_id: Label | None = ""
    attribution_skill: Label | None = ""
    attribution_agent: Label | None = ""
    prompt_source: Label | None = ""
    tool_denial_kind: Label | None = ""
    parent_tool_use_id: Label | None = msgspec.field(default="", name="parentToolUseID")
    source_tool_use_id: Label | None = msgspec.field(default="", name="sourceToolUseID")
    message: Message | None = None
    tool_use_result: Outcome | str | float | bool | list[msgspec.Raw] | None = None
    data: msgspec.Raw = msgspec.Raw()
    attachment: Attachment | None = None
    hook_infos: list[HookInfo] | None = None
    compact_metadata: CompactMetadata | None = None
    duration_ms: Ms | None = 0
    custom_title: str | None = ""
    ai_title: str | None = ""


class Progress(Shape):
    """The `data` of a progress line, which may embed a line of a subagent."""

    type: Label = ""
    agentId: Label = ""  # noqa: N815 - the client's own field name
    message: LineShape | None = None


_LINE = msgspec.json.Decoder(LineShape)
_MAX_DIGITS = 18
S = TypeVar("S", bound=msgspec.Struct)


def strict_line(raw: bytes) -> LineShape:
    """Decode one line; raises ``msgspec.MsgspecError``, ``ValueError`` or ``RecursionError``."""
    return _LINE.decode(raw)


def strict_lines(raw: bytes) -> list[LineShape]:
    """Decode many lines at once; raises as :func:`strict_line` does when one of them does not decode."""
    return _LINE.decode_lines(raw)


def lenient_line(raw: bytes) -> LineShape | None:
    """Read a line that is an object but has a value of an unexpected form; None when it is no object."""
    value = lenient_value(raw)
    return fitted(value, LineShape) if isinstance(value, dict) else None


def lenient_value(raw: bytes) -> object:
    """Decode JSON that the strict decoder refused: lone surrogates, bad UTF-8 and absurd numbers.

    What cannot be stored is replaced; None when the text is no JSON at all.
    """
    try:
        value = _lax_loads(raw.decode("utf-8", "replace"))
        return _lax_loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode())
    except (ValueError, RecursionError):
        return None


def decoded(raw: msgspec.Raw, shape: type[S]) -> S:
    """Decode a nested value into ``shape``; a value of another form is read as far as it fits."""
    data = bytes(raw)
    if not data.startswith(b"{"):
        return shape()
    try:
        return msgspec.json.decode(data, type=shape)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        value = lenient_value(data)
        return fitted(value, shape) if isinstance(value, dict) else shape()


def fitted(value: dict[str, Any], shape: type[S]) -> S:
    """Build ``shape`` from the parts of ``value`` that have the right form, dropping only the others."""
    kept: dict[str, Any] = {}
    for spec in msgspec.structs.fields(shape):
        if spec.encode_name in value:
            found = _fit(value[spec.encode_name], spec.type)
            if found is not None:
                kept[spec.name] = found
    return shape(**kept)


def _fit(value: Any, wanted: Any) -> Any:  # noqa: ANN401 - JSON of any form goes in, a fitting part out
    if wanted is msgspec.Raw:
        return _raw(value)
    for option in get_args(wanted) or (wanted,):
        if isinstance(value, dict) and isinstance(option, type) and issubclass(option, msgspec.Struct):
            return fitted(value, option)
        if isinstance(value, list) and get_origin(option) is list:
            item = get_args(option)[0]
            return [fit for fit in (_fit(each, item) for each in value) if fit is not None]
    cuts = (limits.PATH_CHARS, limits.LABEL_CHARS) if isinstance(value, str) else ()
    for candidate in (value, *(value[:cut] for cut in cuts)):
        try:
            return msgspec.convert(candidate, wanted)
        except (msgspec.ValidationError, TypeError):
            continue
    return None


def _raw(value: object) -> msgspec.Raw | None:
    try:
        return msgspec.Raw(msgspec.json.encode(value))
    except RecursionError:
        return None


def _lax_loads(text: str) -> object:
    return json.loads(text, parse_int=_bounded_int, parse_constant=lambda _: None)


def _bounded_int(digits: str) -> int:
    return int(digits) if len(digits) <= _MAX_DIGITS else 0
