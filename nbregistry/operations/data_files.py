"""Which files a data set was read from, as the notebook's code shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbregistry.operations.redacting import file_without_secrets
from nbregistry.provenance.cells.call_site import call_site
from nbregistry.provenance.cells.files import read_file
from nbregistry.provenance.cells.listening import listening
from nbregistry.provenance.cells.target import target_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbregistry.model import Dataset
    from nbregistry.provenance.cells.cell import Cell
    from nbregistry.provenance.cells.recorder import Recorder


def with_files(datasets: Sequence[tuple[Dataset, Any]]) -> list[Dataset]:
    """Add to data sets what they were read from.

    Parameters
    ----------
    datasets : sequence of tuple
        Each with the rows it describes: what these are called in the notebook is what the code is followed from.

    Returns
    -------
    list of Dataset
        As they are where no notebook listens, or its code shows no file.
    """
    recorder = listening()
    if recorder is None:
        return [dataset for dataset, _ in datasets]
    from nbregistry.provenance.slicing import files_read

    names = [target_of(X, "", recorder.namespace) or dataset.name for dataset, X in datasets]
    try:
        found = files_read(_ran(recorder), names)
    except Exception:  # noqa: BLE001 - the record of the code tells why it could not be followed
        return [dataset for dataset, _ in datasets]
    return [
        replace(dataset, files=tuple(file_without_secrets(read_file(path)) for path in paths))
        for (dataset, _), paths in zip(datasets, found, strict=True)
    ]


def _ran(recorder: Recorder) -> tuple[Cell, ...]:
    """Give the cells that ran, the last as far as it has."""
    from nbregistry.provenance.slicing.registration import until

    cells = recorder.session().cells
    site = call_site(recorder.namespace)
    if not cells or site is None or cells[-1].seconds is not None:
        return cells
    return (*cells[:-1], replace(cells[-1], source=until(cells[-1].source, site.running_line)))
