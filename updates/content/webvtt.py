"""Captions of films as WebVTT, from the text of a .vtt or .srt file: https://www.w3.org/TR/webvtt1/.

They are served from this site, so a film of any host can have them: a file beside the film would need the consent of
its host.
"""

import re
from collections.abc import Iterator
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .text import check_text

LONGEST: Final = 100_000
"""Characters: of a film of an hour and a half."""

_HEAD: Final = "WEBVTT"
_ARROW: Final = "-->"
_COMMENT: Final = re.compile(r"(?:NOTE|STYLE|REGION)(?=[ \t\n]|$)")
_TIME: Final = r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]?\d)[.,](\d{1,3})"
_TIMES: Final = re.compile(rf"{_TIME}[ \t]*-->[ \t]*{_TIME}(?=[ \t]|$)(.*)", re.ASCII)
_PLACE: Final = re.compile(
    r"(?<!\S)(?:vertical:(?:rl|lr)|align:(?:start|center|end|left|right)"
    r"|(?:line|position|size):-?\d{1,3}(?:\.\d{1,3})?%?(?:,(?:start|center|end|line-left|line-right))?)(?!\S)",
    re.ASCII,
)
_TAG: Final = re.compile(
    r"</?(?:[ibu]|ruby|rt)>|</v>|<v(?:\.[\w.]{1,50})?[ \t][^<>&\n]{1,100}>"
    r"|</?[A-Za-z][^<>]*>|<\d+:[\d:.]+>|<|\{\\[^{}\n]*\}"
)
"""Tags, times inside a cue, a "<" that is none, and the ``{\\an8}`` of SubRip files."""
_KEPT_TAG: Final = re.compile(r"</?(?:[ibu]|ruby|rt|v)[ \t>.]")
_ENTITY: Final = re.compile(r"&(?!(?:amp|lt|gt|lrm|rlm|nbsp);)")


def clean_captions(text: str) -> str:
    """Return captions as WebVTT with their times, places and plain marks only; "" for none.

    Raises ``ValidationError`` where the text is neither WebVTT nor SubRip.
    """
    check_text(text.removeprefix("\ufeff"))
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not lines.strip():
        return ""
    _check_length(lines)
    cues = [cue for part in _parts(lines) if (cue := _cue(*part))]
    if not cues:
        raise _unusable(_("These are not captions. Paste the text of a .vtt or .srt file."))
    captions = "\n\n".join([_HEAD, *cues]) + "\n"
    _check_length(captions)
    return captions


def caption_lines(captions: str) -> Iterator[str]:
    """Yield the lines that a viewer reads, without times and marks."""
    for _number, lines in _parts(captions):
        begin = next((index for index, line in enumerate(lines) if _ARROW in line), len(lines))
        yield from (_TAG.sub("", line).strip() for line in lines[begin + 1 :])


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise _unusable(_("The captions are too long: at most %(limit)s characters."), limit=LONGEST)


def _parts(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield runs of lines between empty ones, each with the number of its first line."""
    run: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.strip():
            run.append(line)
        elif run:
            yield number - len(run), run
            run = []


def _cue(number: int, lines: list[str]) -> str:
    """Return one cue; "" for a head of the file alone, for comments and styles, and for a cue without words."""
    if _COMMENT.match(lines[0]):
        return ""
    is_head = lines[0].startswith(_HEAD)
    before = ["", *lines[1:]] if is_head else lines[:2]  # the first cue may follow the head without an empty line
    begin = next((index for index, line in enumerate(before) if _ARROW in line), None)
    if begin is None and is_head:
        return ""
    if begin is None:
        raise _unusable(_("Line %(line)s of the captions has no time such as %(example)s."), line=number)
    words = [line for line in map(_words, lines[begin + 1 :]) if _TAG.sub("", line).strip()]
    times = _times(lines[begin], number + begin)
    return "\n".join([times, *words]) if words else ""


def _times(line: str, number: int) -> str:
    match = _TIMES.fullmatch(line.lstrip(" \t"))
    if match is None:
        raise _unusable(_("Line %(line)s of the captions has no time such as %(example)s."), line=number)
    begin, end = match.groups()[:4], match.groups()[4:8]
    if _milliseconds(end) <= _milliseconds(begin):
        raise _unusable(_("Line %(line)s of the captions ends before it begins."), line=number)
    return " ".join([f"{_written(begin)} {_ARROW} {_written(end)}", *_PLACE.findall(match[9])])


def _milliseconds(time: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, thousandths = (part or "0" for part in time)
    return (int(hours) * 3600 + int(minutes) * 60 + int(seconds)) * 1000 + int(thousandths.ljust(3, "0"))


def _written(time: tuple[str | None, ...]) -> str:
    seconds, thousandths = divmod(_milliseconds(time), 1000)
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}.{thousandths:03}"


def _words(line: str) -> str:
    """Keep italics, bold, speakers and ruby; "-->" would be a time, also one that appears as a tag goes."""
    without_tags = _TAG.sub(_mark, line.replace(_ARROW, "→")).replace(_ARROW, "→")
    return _ENTITY.sub("&amp;", without_tags).strip()


def _mark(tag: re.Match[str]) -> str:
    if tag[0] == "<":
        return "&lt;"
    return tag[0] if _KEPT_TAG.match(tag[0]) else ""


def _unusable(reason: str, **params: object) -> ValidationError:
    example = f"00:00:01.000 {_ARROW} 00:00:04.000"
    return ValidationError(reason, code="captions", params={"example": example} | params)
