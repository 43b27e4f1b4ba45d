"""A call's parameters, however they came: JSON, form, multipart or query string."""

import json
from dataclasses import dataclass, field
from email.parser import HeaderParser
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import content_disposition_filename, parse_content_disposition, web
from aiohttp.helpers import parse_mimetype

from tests.botapi.faults import Refused, bad

UPLOAD_LIMIT = 50 * 2**20


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: its name, type and bytes."""

    name: str
    mime: str
    data: bytes


@dataclass(slots=True)
class Params:
    """Values by name (text, or JSON values of a JSON body) and the files uploaded."""

    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A text, "" when missing."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """A whole number; 400 when it is none."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad(f'field "{name}" must be a valid Number') from None

    def flag(self, name: str) -> bool:
        """A truth value, written as JSON or as text."""
        return str(self.values.get(name)).lower() in ("true", "1", "yes")

    def parsed(self, name: str) -> Any:
        """A JSON value, whether it came as text or as part of a JSON body; None when missing."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            words = "object expected as reply markup" if name == "reply_markup" else name
            raise bad(f"can't parse {name} JSON object: {words}") from None


async def read_params(request: web.BaseRequest) -> Params:
    """All parameters of a request."""
    params = Params(dict(request.query) if request.query_string else {})
    if not request.body_exists:
        return params
    kind = request.content_type
    if kind == "multipart/form-data":
        await _read_multipart(request, params)
        return params
    body = await request.read()
    if kind == "application/json":
        try:
            values = json.loads(body or b"{}")
        except ValueError:
            raise bad("can't parse request: expected a JSON object") from None
        if not isinstance(values, dict):
            raise bad("can't parse request: expected a JSON object")
        params.values.update(values)
    elif kind == "application/x-www-form-urlencoded":
        params.values.update(parse_qsl(body.decode(), keep_blank_values=True))
    return params


async def _read_multipart(request: web.BaseRequest, params: Params) -> None:
    """Fields become values, parts with a file name become uploads; over 50 MB is 413."""
    if (request.content_length or 0) > UPLOAD_LIMIT + 2**20:
        raise Refused("Request Entity Too Large", 413)
    boundary = parse_mimetype(request.headers["Content-Type"]).parameters.get("boundary", "")
    body = b"\r\n" + await request.content.read()
    for part in body.split(b"\r\n--" + boundary.encode())[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        headers = HeaderParser().parsestr(head.strip().decode())
        _, where = parse_content_disposition(headers["Content-Disposition"])
        file_name = content_disposition_filename(where, "filename")
        if file_name is None:
            params.values[where["name"]] = data.decode()
        elif len(data) > UPLOAD_LIMIT:
            raise Refused("Request Entity Too Large", 413)
        else:
            mime = headers.get_content_type()
            params.uploads[where["name"]] = Upload(file_name, mime, data)
