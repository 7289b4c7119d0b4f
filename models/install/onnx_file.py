"""Changes an ONNX file field by field, without any library: all that is not named stays byte for byte as it is.

ONNX is a protocol buffer. The numbers are those of onnx.proto (ModelProto, GraphProto, NodeProto, ValueInfoProto, …).
"""

from collections.abc import Callable, Iterator

from refused import Refused

MODEL_TEXT, MODEL_GRAPH, MODEL_OPERATORS = 6, 7, 8
GRAPH_NODE, GRAPH_INPUT, GRAPH_OUTPUT, GRAPH_INNER_VALUE = 1, 11, 12, 13
NODE_TEXT = 6
OPERATORS_MAKER = 1
# From a value down to its shape: type, tensor, shape.
SHAPE_OF_VALUE = (2, 1, 2)
SHAPE_DIMENSION, DIMENSION_NUMBER = 1, 1
BYTES = 2

Change = Callable[[bytes], bytes | None]


def clean(model: bytes, batch: bool = False) -> bytes:
    """Empties texts and takes out the shapes of inner values, which the engine needs neither; tract 0.23 cannot read the
    latter beside a batch of open size. `batch` fixes the first dimension of inputs and outputs to one."""
    value = _at_first(SHAPE_OF_VALUE) if batch else None
    graph: dict[int, Change] = {GRAPH_NODE: lambda node: _with_text(node, NODE_TEXT), GRAPH_INNER_VALUE: lambda _: None}
    if value:
        graph |= {GRAPH_INPUT: value, GRAPH_OUTPUT: value}
    changed = _changed(model, {MODEL_GRAPH: lambda payload: _changed(payload, graph)})
    return _with_text(changed, MODEL_TEXT)


def without_foreign_operators(model: bytes) -> bytes:
    """Takes out that operators other than ONNX's own may occur; none do."""

    def operators(payload: bytes) -> bytes | None:
        foreign = any(number == OPERATORS_MAKER and name for number, _, _, name in _fields(payload))
        return None if foreign else payload

    return _changed(model, {MODEL_OPERATORS: operators})


def _at_first(path: tuple[int, ...]) -> Change:
    """Goes down the path and makes the first dimension there one."""

    def change(payload: bytes) -> bytes:
        if len(path) > 1:
            return _changed(payload, {path[0]: _at_first(path[1:])})
        return _changed(payload, {path[0]: _first_is_one})

    return change


def _first_is_one(shape: bytes) -> bytes:
    seen = 0

    def dimension(payload: bytes) -> bytes:
        nonlocal seen
        seen += 1
        return _tag(DIMENSION_NUMBER, 0) + b"\x01" if seen == 1 else payload

    return _changed(shape, {SHAPE_DIMENSION: dimension})


def _with_text(message: bytes, number: int) -> bytes:
    """The message with this text there and empty, in its place by number."""
    before, after = bytearray(), bytearray()
    for field, _, raw, _ in _fields(message):
        if field != number:
            (before if field < number else after).extend(raw)
    return bytes(before) + _tag(number, BYTES) + b"\x00" + bytes(after)


def _changed(message: bytes, changes: dict[int, Change]) -> bytes:
    """The message with the payload of these fields replaced; `None` leaves a field out."""
    out = bytearray()
    for number, kind, raw, payload in _fields(message):
        change = changes.get(number) if kind == BYTES else None
        if change is None:
            out += raw
            continue
        new = change(payload)
        if new is not None:
            out += _tag(number, BYTES) + _varint(len(new)) + new
    return bytes(out)


def _fields(message: bytes) -> Iterator[tuple[int, int, bytes, bytes]]:
    """Number, kind, all bytes and payload of each field."""
    at = 0
    while at < len(message):
        start = at
        key, at = _number_at(message, at)
        payload = at
        match key & 7:
            case 0:
                _, at = _number_at(message, at)
            case 1:
                at += 8
            case 2:
                length, payload = _number_at(message, at)
                at = payload + length
            case 5:
                at += 4
            case _:
                raise Refused("it is no ONNX file")
        if at > len(message):
            raise Refused("it is no ONNX file, or only the beginning of one")
        yield key >> 3, key & 7, message[start:at], message[payload:at]


def _number_at(message: bytes, at: int) -> tuple[int, int]:
    number = 0
    for place, byte in enumerate(message[at : at + 10]):
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return number, at + place + 1
    raise Refused("it is no ONNX file, or only the beginning of one")


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out + bytes([number]))


def _tag(number: int, kind: int) -> bytes:
    return _varint(number << 3 | kind)
