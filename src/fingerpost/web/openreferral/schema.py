"""From the declaration to JSON Schema and OpenAPI. Pure."""

from __future__ import annotations

from typing import Any

from fingerpost.web.openreferral import declaration as d
from fingerpost.web.openreferral.declaration import Field, Shape
from fingerpost.web.openreferral.parameters import ROUTES, Parameter, Route

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}
_BY_KIND: dict[str, Schema] = {
    d.UUID: {"type": "string", "format": "uuid"},
    d.TEXT: _TEXT,
    d.URI: {"type": "string", "format": "uri", "pattern": "^https?://"},
    d.EMAIL: {"type": "string", "format": "email", "pattern": r"^[^@\s]+@[^@\s]+\.[^@\s]+$"},
    d.WHOLE: {"type": "integer", "minimum": 0},
    d.NUMBER: {"type": "number"},
    d.YES_NO: {"type": "boolean"},
    d.DAY: {"type": "string", "format": "date"},
    d.MOMENT: {"type": "string", "format": "date-time"},
    d.CLOCK: {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"},
}


def schema_of(name: str) -> Schema:
    """The JSON Schema (draft 2020-12) of one shape, whole."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_reference(name, "#/$defs/"),
        "$defs": {shape.name: _object(shape, "#/$defs/") for shape in d.SHAPES.values()},
    }


def page_schema_of(name: str) -> Schema:
    """The JSON Schema of a page of things of one shape."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_page(name, "#/$defs/"),
        "$defs": {shape.name: _object(shape, "#/$defs/") for shape in d.SHAPES.values()},
    }


def openapi(*, server: str) -> Schema:
    """This interface for programs. `server` is the address that every path is under."""
    at = "#/components/schemas/"
    shapes = {shape.name: _object(shape, at) for shape in d.SHAPES.values()}
    pages = {f"page_of_{name}": _page(name, at) for name in d.LISTED}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Open Referral UK",
            "version": "3.0",
            "description": "Local help and activities, published under the UK profile of HSDS 3.0.",
        },
        "servers": [{"url": server}],
        "paths": {route.path: {"get": _operation(route, at)} for route in ROUTES},
        "components": {"schemas": {**shapes, **pages}},
    }


def _operation(route: Route, at: str) -> Schema:
    answer: Schema = {
        "application/zip": {"schema": {"type": "string", "contentMediaType": "application/zip"}}
    }
    if route.answers:
        name = f"page_of_{route.answers}" if route.is_list else route.answers
        answer = {"application/json": {"schema": _reference(name, at)}}
    problems = {"429": "Too many questions from one address.", "404": "There is no such thing here."}
    if route.parameters:
        problems["400"] = "The question cannot be answered as it stands."
    return {
        "operationId": route.name,
        "summary": route.means,
        "parameters": [_parameter(parameter) for parameter in route.parameters],
        "responses": {
            "200": {"description": route.means, "content": answer},
            **{
                status: {
                    "description": words,
                    "content": {"application/json": {"schema": _reference("problem", at)}},
                }
                for status, words in problems.items()
            },
        },
    }


def _parameter(parameter: Parameter) -> Schema:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.place == "path",
        "description": parameter.means,
        "schema": dict(parameter.schema),
    }


def _page(name: str, at: str) -> Schema:
    fields = {field.name: _value(field, at) for field in d.PAGE}
    return {
        "type": "object",
        "properties": {**fields, "contents": {"type": "array", "items": _reference(name, at)}},
        "required": [*fields, "contents"],
        "additionalProperties": False,
    }


def _object(shape: Shape, at: str) -> Schema:
    return {
        "type": "object",
        "description": shape.means,
        "properties": {field.name: _value(field, at) for field in shape},
        "required": [field.name for field in shape if field.is_required],
        "additionalProperties": False,
    }


def _value(field: Field, at: str) -> Schema:
    if field.kind == d.MANY:
        return {
            "type": "array",
            "minItems": 1,
            "items": _reference(field.of, at),
            "description": field.means,
        }
    if field.kind == d.ONE:
        return {**_reference(field.of, at), "description": field.means}
    choices = {"enum": list(field.choices)} if field.choices else {}
    return {**_BY_KIND[field.kind], **choices, "description": field.means}


def _reference(name: str, at: str) -> Schema:
    return {"$ref": f"{at}{name}"}
