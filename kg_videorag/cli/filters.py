"""Options that narrow what is looked at; what cannot be meant is wrong usage."""

from __future__ import annotations

from typing import Annotated

import typer


def _time(given: str | None) -> str | None:
    from kg_videorag.model import stretch

    try:
        if given is not None:
            stretch(given)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    return given


def _modalities(given: list[str] | None) -> list[str]:
    from kg_videorag.model import Modality

    known = [str(modality) for modality in Modality]
    named = [name.strip().lower() for name in given or ()]
    for name in named:
        if name not in known:
            raise typer.BadParameter(f"{name!r} is none of {', '.join(known)}")
    return named


def tag_names(given: list[str] | None) -> list[str]:
    """Refuse as wrong usage what is no name of a tag."""
    from kg_videorag.errors import TagError
    from kg_videorag.graph.tags import tag_names as checked

    try:
        checked(given or ())
    except TagError as error:
        raise typer.BadParameter(error.message) from error
    return list(given or ())


TagsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--tag",
        metavar="NAME",
        callback=tag_names,
        help="Only videos that carry this tag; of several, any.",
    ),
]
TimeOption = Annotated[
    str | None,
    typer.Option(
        "--time",
        metavar="FROM-TO",
        callback=_time,
        help="Only this stretch of each video: 00:10:00-00:20:00, or 00:10:00- to its end.",
    ),
]
SpeakerOption = Annotated[
    str | None,
    typer.Option("--speaker", metavar="NAME", help="Only what this one says."),
]
ModalitiesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--modality",
        metavar="M",
        callback=_modalities,
        help="Only what was perceived as speech, caption, screen, vision or sound; of several,"
        " any.",
    ),
]
