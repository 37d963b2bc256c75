"""A bar for the tests that take a while: of resamples that are drawn, and losses that are permuted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbregistry.evaluation.significance.blocks import Array, Over


def with_bar(doing: str) -> Over:
    """Give what tests hand their blocks to, so that there is a bar.

    Parameters
    ----------
    doing : str
        What stands before it.
    """

    def over(total: int, blocks: Iterator[Array]) -> Iterator[Array]:
        with Progress(doing, total, " blocks of resamples") as progress:
            yield from progress.over(blocks)

    return over
