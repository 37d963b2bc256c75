"""Points of a plane, or the cells of a grid, the denser the more rows lie in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from nbregistry.evaluation.residuals import Cloud

_FAINTEST = 0.15
_AREA = 2.6**2
"""Of the point of a row that counts for one, in square points of the page."""


def paint_cloud(axes: Axes, cloud: Cloud, colour: str) -> None:
    """Draw a cloud: the area of a point is what its row counts for.

    Cells are shaded by the logarithm of their counts, so that single rows are seen too.
    """
    import numpy as np
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    width, height = cloud.cell
    if not width or not height:
        alpha = float(np.clip(18 / np.sqrt(max(len(cloud.x), 1)), 0.35, 0.8))
        axes.scatter(cloud.x, cloud.y, _AREA * cloud.counts, color=colour, alpha=alpha, linewidths=0)
        return
    cells = [Rectangle((x - width / 2, y - height / 2), width, height) for x, y in zip(cloud.x, cloud.y, strict=True)]
    density = np.log1p(cloud.counts) / np.log1p(cloud.counts.max())
    shades = _FAINTEST + (1 - _FAINTEST) * density
    axes.add_collection(PatchCollection(cells, facecolor=colour, alpha=shades, linewidth=0, antialiased=False))
