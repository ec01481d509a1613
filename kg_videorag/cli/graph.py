"""`graph summary|merge|split|measure`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg_videorag.cli.output import JsonFlag, counted, library, print_json, say, show

if TYPE_CHECKING:
    from kg_videorag.model import SameAsChange

_SHOWN = 20  # communities that are printed

app = typer.Typer(name="graph", help="The knowledge graph.", no_args_is_help=True)
Variant = Annotated[str, typer.Argument(help="Its name, its id, or 8 or more characters of it.")]
Canonical = Annotated[str, typer.Argument(help="Whom it is: name, id, or the id's beginning.")]
VariantType = Annotated[
    str | None, typer.Option(help="Where several have that name: Person, Place ...")
]
CanonicalType = Annotated[str | None, typer.Option(help="The same of the canonical one.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")]


@app.command("summary")
def summary(as_json: JsonFlag = False) -> None:
    """How much the library holds."""
    with library(as_json=as_json) as rag:
        counts = rag.summary()
    from dataclasses import asdict

    if as_json:
        print_json(asdict(counts))
        return
    from kg_videorag.model import timecode

    show(f"{counted(videos=counts.videos)}, {timecode(counts.duration_ms)} in all")
    show(counted(segments=counts.segments, vectors=counts.embeddings))
    show(counted(entities=counts.entities, mentions=counts.mentions, relations=counts.relations))
    if counts.variants:
        show(f"{counts.variants} of the entities are another one by another name")


@app.command("merge")
def merge(
    variant: Variant,
    canonical: Canonical,
    variant_type: VariantType = None,
    canonical_type: CanonicalType = None,
    dry_run: DryRun = False,
    as_json: JsonFlag = False,
) -> None:
    """Say that one entity is another. Nothing is lost: `graph split` undoes it."""
    with library(as_json=as_json) as rag:
        change = rag.merge(
            variant,
            canonical,
            variant_type=variant_type,
            canonical_type=canonical_type,
            dry_run=dry_run,
        )
    _show(change, dry_run=dry_run, as_json=as_json)


@app.command("split")
def split(
    variant: Variant,
    variant_type: VariantType = None,
    dry_run: DryRun = False,
    as_json: JsonFlag = False,
) -> None:
    """Say that an entity is not the one it was joined with; rules will not join them again."""
    with library(as_json=as_json) as rag:
        change = rag.split(variant, variant_type=variant_type, dry_run=dry_run)
    _show(change, dry_run=dry_run, as_json=as_json)


@app.command("measure")
def measure(as_json: JsonFlag = False) -> None:
    """Find communities, PageRank and betweenness, and write them into the graph."""
    with library(as_json=as_json) as rag:
        measured = rag.measure()
    if as_json:
        from kg_videorag.documents import measured_document

        print_json(measured_document(measured))
        return
    show(counted(entities=measured.entities, edges=measured.edges))
    for community in measured.communities[:_SHOWN]:
        show(f"{community.number:4}  {len(community.member_ids):5}  {community.name}")
    if (more := len(measured.communities) - _SHOWN) > 0:
        show(f"      and {more} smaller ones: `kg-videorag cypher run communities`")
    if measured.pivots:
        say(f"betweenness is estimated from {measured.pivots} entities")


def _show(change: SameAsChange, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        from kg_videorag.documents import same_as_document

        print_json(same_as_document(change, changed=not dry_run))
        return
    would = "would be " if dry_run else ""
    for variant, canonical, reason, score in change.joined:
        show(f"{variant.name} {would or 'is '}{canonical.name} ({reason}, {score:.2f})")
    for variant, former in change.parted:
        show(f"{variant.name} {would or 'is '}no longer {former.name}")
    if not (change.joined or change.parted):
        show("nothing changes")
