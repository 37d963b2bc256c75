"""The slice: what of a session made an object, cut by what its statements read, bind and change."""

from nbregistry.provenance.slicing.facts import analyse
from nbregistry.provenance.slicing.result import Part, Slice
from nbregistry.provenance.slicing.session import walk_ahead
from nbregistry.provenance.slicing.slicer import files_read, slice_cells

__all__ = ["Part", "Slice", "analyse", "files_read", "slice_cells", "walk_ahead"]
