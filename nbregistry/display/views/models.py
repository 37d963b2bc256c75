"""The registered models: which there are, what is live."""

from __future__ import annotations

from nbregistry.display.blocks import Block, Card, Cell, Column, Commands, Line, Notes, Row, Span, Table, joined, line
from nbregistry.display.commands import command
from nbregistry.display.quantities import moment, plural
from nbregistry.display.views.parts import lacking_words, ref_of, stray_alias
from nbregistry.listings import Models
from nbregistry.model import RegisteredModel
from nbregistry.reference import CHAMPION

_SHOWN = 50


def card(shown: Models | RegisteredModel) -> Card:
    """Show models as a table."""
    models = Models((shown,), 1) if isinstance(shown, RegisteredModel) else shown
    title = line(plural(models.total, "registered model"))
    if models.registered and not models.items:
        of = "The one model has no" if models.registered == 1 else f"None of the {models.registered:,} models has a"
        lead = line(f"{of} version that matches ", Span(models.where, "code"), ".")
        notes = (Notes("", lacking_words(models.lacking)),) if models.lacking else ()
        all_models = Commands("next", ((command("%versions"), "all models"),))
        return Card(title=title, lead=lead, blocks=(*notes, all_models))
    if not models.items:
        following = (command("%register", "NAME", "MODEL"), "keep the first one")
        return Card(title=title, lead=line("Nothing here yet."), blocks=(Commands("next", (following,)),))
    rows = tuple(_row(model) for model in models.items[:_SHOWN])
    columns = (
        Column(line("model")),
        Column(line("versions"), numeric=True),
        Column(line("champion")),
        Column(line("other aliases")),
        Column(line("last registered (UTC)")),
    )
    blocks: list[Block] = [Table(line("Models"), columns, rows, told=True)]
    if models.total > len(rows):
        told = f"showing {len(rows)} of {models.total:,}; .to_frame() has all"
        blocks.append(Notes("", (line(Span(told, "muted")),)))
    blocks.append(Commands("next", ((command("%versions", models.items[0].name), "its versions"),)))
    return Card(title=title, blocks=tuple(blocks))


def _row(model: RegisteredModel) -> Row:
    live = model.aliases.get(CHAMPION)
    champion: Line = (
        (Span("none", "muted"),)
        if live is None
        else line(ref_of(f"{model.name}@{live}"), stray_alias(CHAMPION, model.stray_aliases))
    )
    others = [
        line(Span(alias, "chip", "alias"), f" {model.name}@{version}", stray_alias(alias, model.stray_aliases))
        for alias, version in sorted(model.aliases.items())
        if alias != CHAMPION
    ]
    return Row((
        Cell((Span(model.name, "ref"),)),
        Cell(line(f"{model.versions:,}")),
        Cell(champion),
        Cell(joined(", ", others)),
        Cell((Span(moment(model.updated_at), "time", model.updated_at),)),
    ))  # fmt: skip
