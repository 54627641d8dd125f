"""What a schema has at a path of the file: which keys, which values. Read off the model, listed once."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from .source import Path


def written(name: str, field: FieldInfo) -> str:
    """The name of a field as it is written in the file."""
    return field.alias or name


def known_keys(root: type[BaseModel], path: Path) -> tuple[str, ...]:
    """The keys that a mapping at a path may have; () where they are free."""
    found: list[str] = []
    for form in forms_at(root, path):
        if isinstance(form, type) and issubclass(form, BaseModel):
            found += [written(name, field) for name, field in form.model_fields.items()]
        elif isinstance(form, type) and is_dataclass(form):
            found += [field.name for field in fields(form)]
        elif get_origin(form) is dict:
            found += _literals(get_args(form)[0])
    return tuple(found)


def allowed_values(root: type[BaseModel], path: Path) -> tuple[str, ...]:
    """The values of a closed list at a path, as they are written; () where the value is free."""
    return tuple(value for form in forms_at(root, path) for value in _literals(form))


def forms_at(root: type[BaseModel], path: Path) -> tuple[Any, ...]:
    """The types that a value at a path may have."""
    forms = _forms(root)
    for part in path:
        forms = tuple(inner for form in forms for inner in _step(form, part))
    return forms


def _step(form: Any, part: object) -> tuple[Any, ...]:
    if isinstance(form, type) and issubclass(form, BaseModel):
        field = next((one for name, one in form.model_fields.items() if written(name, one) == part), None)
        return _forms(field.annotation) if field is not None else ()
    if get_origin(form) is dict:
        return _forms(get_args(form)[1])
    if get_origin(form) is tuple and isinstance(part, int):
        return _forms(get_args(form)[0])
    return ()


def _forms(annotation: Any) -> tuple[Any, ...]:
    """The members of a union without None, annotations taken off."""
    if get_origin(annotation) is Annotated:
        return _forms(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return tuple(inner for member in get_args(annotation) for inner in _forms(member))
    return () if annotation is NoneType else (annotation,)


def _literals(form: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in get_args(form)) if get_origin(form) is Literal else ()
