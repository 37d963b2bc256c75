"""PyTorch's random state and modules, made again; without torch these tests are skipped."""

from __future__ import annotations

import pytest

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
