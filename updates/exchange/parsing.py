"""Parse objects of a file into their types, with readable messages for what does not fit."""

from collections.abc import Callable, Sequence
from typing import TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .input_models import BLOCKS, quoted
from .problems import MOST_PROBLEMS, Problems

P = TypeVar("P", bound=BaseModel)
Place = Sequence[int | str]

_WHOLE = "not a whole number from 0 on"
_OBJECT = "not an object in braces"
_OTHER_TYPES = {
    "string_type": "not a text",
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "greater_than_equal": _WHOLE,
    "bool_type": "neither true nor false",
    "list_type": "not a list",
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
}
_REASONS: dict[str, Callable[[ErrorDetails], str]] = {
    "missing": lambda error: "is missing",  # noqa: ARG005
    "datetime_type": lambda error: "is missing",  # noqa: ARG005 - an empty text
    "union_tag_not_found": lambda error: "is missing",  # noqa: ARG005
    "union_tag_invalid": lambda error: f"{quoted(str(error['ctx']['tag']))} is none of {', '.join(BLOCKS)}",
    "less_than_equal": lambda error: f"is larger than {error['ctx']['le']}, the most",
    "too_long": lambda error: f"has {len(error['input'])} characters; {error['ctx']['max_length']} is the most",
}


def parsed(model: type[P], value: object, path: str, problems: Problems) -> P | None:
    """Parse a value. If it does not fit, add the reasons to ``problems`` and return ``None``."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        if error.error_count() > MOST_PROBLEMS:  # each takes a kilobyte as a dictionary
            problems.add(path, f"has {error.error_count()} problems, too many to list")
            return None
        for details in error.errors(include_url=False):
            problems.add(_path(path, details), _reason(details, model))
        return None


def _path(path: str, error: ErrorDetails) -> str:
    place = _without_kinds(error["loc"])
    if error["type"] in {"union_tag_not_found", "union_tag_invalid"} and isinstance(error["input"], dict):
        place.append("kind")
    for step in place:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path.removeprefix(".")


def _without_kinds(place: Place) -> list[int | str]:
    """Remove the kind of a block, which pydantic puts between its number and its field."""
    return [step for at, step in enumerate(place) if not _is_kind(place, at)]


def _is_kind(place: Place, at: int) -> bool:
    return at > 1 and place[at - 2] == "blocks" and isinstance(place[at - 1], int)


def _reason(error: ErrorDetails, model: type[BaseModel]) -> str:
    kind = error["type"]
    if kind == "extra_forbidden":
        return f"is not known here; known are {', '.join(sorted(_model_at(model, error['loc']).model_fields))}"
    if kind == "union_tag_not_found" and not isinstance(error["input"], dict):
        return f"is {_name_of(error['input'])}, {_OBJECT}"
    if kind in _OTHER_TYPES:
        return f"is {_name_of(error['input'])}, {_OTHER_TYPES[kind]}"
    return _REASONS[kind](error) if kind in _REASONS else error["msg"]


def _model_at(model: type[BaseModel], place: Place) -> type[BaseModel]:
    """Return the type of the object that has the last step of a place as its field."""
    for at, step in enumerate(place[:-1]):
        if _is_kind(place, at):
            model = BLOCKS[str(step)]
        elif isinstance(step, str):
            model = _model_in(model.model_fields[step].annotation) or model
    return model


def _model_in(annotation: object) -> type[BaseModel] | None:
    """Return the only model in an annotation such as ``list[LinePart]`` or ``NotePart | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = [model for part in get_args(annotation) if (model := _model_in(part))]
    return inner[0] if len(inner) == 1 else None


def _name_of(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
