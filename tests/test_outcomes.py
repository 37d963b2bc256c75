"""What a verb did, as tables for pandas."""

import pytest

from nbregistry.outcomes import Transfer, Verification
from tests.display import samples


@pytest.mark.parametrize(
    "move", [samples.promotion(), samples.rollback(checks=samples.DOUBTS)], ids=["promote", "rollback"]
)
def test_a_move_gives_its_checks(move):
    frame = move.to_frame()
    assert list(frame.columns) == ["name", "outcome", "detail"]
    assert list(frame.itertuples(index=False, name=None)) == [(c.name, c.outcome, c.detail) for c in move.checks]


def test_no_checks_give_an_empty_table_of_the_same_columns():
    frame = samples.promotion(checks=()).to_frame()
    assert frame.empty
    assert list(frame.columns) == ["name", "outcome", "detail"]


@pytest.mark.parametrize("problems", [(), ("one", "two")])
def test_a_verification_gives_its_problems(problems):
    frame = Verification(
        ok=not problems, problems=problems, commits=1, signatures=1, blobs=1, bytes=1, seconds=0.1
    ).to_frame()
    assert list(frame.columns) == ["problem"]
    assert tuple(frame["problem"]) == problems


def test_a_transfer_gives_its_versions():
    frame = Transfer("export", ("churn@2", "a model@13"), "out.nbr", 1, 1).to_frame()
    assert frame.to_dict("list") == {"ref": ["churn@2", "a model@13"], "name": ["churn", "a model"], "version": [2, 13]}


def test_a_backup_of_everything_names_no_version():
    frame = Transfer("backup", (), "copy", 1, 1).to_frame()
    assert frame.empty
    assert list(frame.columns) == ["ref", "name", "version"]
