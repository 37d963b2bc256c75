"""PyTorch's random state and modules, made again; without torch these tests are skipped."""

from __future__ import annotations

import pytest
from nbclient import NotebookClient
from nbformat import from_dict

from nbregistry.provenance.cells.as_notebook import as_notebook, code_cell
from tests.operations.notebooks import run

pytest.importorskip("torch", reason="there is no torch; pip install torch")

NETWORK = """\
import torch
from torch import nn
X = torch.randn(100, 4)
y = (X[:, 0] > 0).long()
net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.2), nn.Linear(8, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)"""
EPOCHS = """\
for epoch in range(3):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(net(X), y)
    loss.backward()
    optimizer.step()
    print(epoch, loss.item())
    registry.register("churn", net)"""


def test_what_nothing_had_seeded_is_trained_again_pass_by_pass(shell, registry):
    run(shell, "import nbregistry\nregistry = nbregistry.open()", "import torch\ntorch.randn(7)", NETWORK, EPOCHS)
    code = registry.code("churn@2")
    assert {(3, "torch"), (4, "torch")} <= set(code.slice.restores)
    assert "torch.randn(7)" not in code.script
    assert [registry.reproduce(f"churn@{version}").outcome for version in (1, 2, 3)] == ["identical bytes"] * 3


def test_also_where_the_cell_that_draws_is_the_one_that_loads_it(tmp_path):
    """In a kernel that has not loaded it, which this process has."""
    code = "import torch\nweights = torch.randn(3)\n%register churn weights"
    checked = (
        "import nbregistry, sys\n%load_ext nbregistry\nassert 'torch' not in sys.modules",
        code,
        "assert nbregistry.open().reproduce('churn@1').outcome == 'identical bytes'",
    )
    notebook = from_dict(as_notebook(map(code_cell, checked)))
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
