"""A bill of materials is valid by its library's own validator, complete, and the same each time."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import nbregistry
from nbregistry.cli import main
from nbregistry.errors import NotFound, Refused
from tests.faults.conftest import spread
from tests.faults.hostile import NUMBERS, TEXTS
from tests.faults.looks import check
from tests.models import tumours

if TYPE_CHECKING:
    from pathlib import Path

    from nbregistry.bom import BillOfMaterials
    from nbregistry.registry import Registry

pytest.importorskip("cyclonedx", reason="pip install 'nbregistry[bom]'")


@pytest.fixture(scope="module")
def validator() -> Any:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    return JsonStrictValidator(SchemaVersion.V1_6)


def read(bom: BillOfMaterials) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bom.to_json())
    return found


def properties_of(component: dict[str, Any]) -> dict[str, str]:
    return {found["name"].removeprefix("nbregistry:"): found["value"] for found in component["properties"]}


def of_kind(document: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [component for component in document["components"] if component["type"] == kind]


def test_the_validator_finds_what_is_wrong(story: Registry, validator: Any) -> None:
    document = read(story.bom("tumour@1"))
    document["metadata"]["component"]["type"] = "no such kind"
    assert validator.validate_str(json.dumps(document)) is not None


def test_it_is_valid_and_has_the_model_data_and_packages(story: Registry, validator: Any) -> None:
    story.tag("tumour@2", license="mit", intended_use="triage", team="onco")
    story.describe("tumour@2", "a forest")
    bom = story.bom("tumour@2")
    assert validator.validate_str(bom.document) is None
    document, version = read(bom), story.get("tumour@2")
    model = document["metadata"]["component"]
    assert (document["specVersion"], model["type"], model["name"], model["version"]) == (
        "1.6", "machine-learning-model", "tumour", "2",
    )  # fmt: skip
    assert model["hashes"] == [{"alg": "SHA-256", "content": version.digest.removeprefix("sha256:")}]
    assert (model["licenses"], model["description"]) == ([{"license": {"id": "MIT"}}], "a forest")
    assert [one["name"] for one in model["pedigree"]["ancestors"]] == ["tumour"]
    facts = properties_of(model)
    assert (facts["intended_use"], facts["tag:team"]) == ("triage", "onco")
    assert float(facts["metric:accuracy"]) == version.metrics["accuracy"]
    train, evaluation = of_kind(document, "data")
    assert {properties_of(one)["fingerprint"] for one in (train, evaluation)} == {
        d.fingerprint for d in version.datasets
    }
    packages = {one["name"]: one for one in of_kind(document, "library")}
    assert {name: one["version"] for name, one in packages.items()} == version.environment["packages"]
    assert packages["scikit-learn"]["purl"] == f"pkg:pypi/scikit-learn@{packages['scikit-learn']['version']}"
    assert of_kind(document, "platform")[0]["version"] == version.environment["python"]
    (depends,) = [one for one in document["dependencies"] if one["ref"] == "tumour@2"]
    assert len(depends["dependsOn"]) == len(document["components"])


def test_it_is_the_same_each_time_and_another_for_another_record(story: Registry, root: Path, tmp_path: Path) -> None:
    first = story.bom("tumour@1")
    shutil.copytree(root, tmp_path / "copy")
    assert nbregistry.open(tmp_path / "copy").bom("tumour@1").document == first.document
    assert read(first)["serialNumber"] == first.serial
    story.tag("tumour@1", team="crm")
    assert story.bom("tumour@1").serial != first.serial
    assert story.bom("tumour@2").serial != first.serial


def test_data_that_it_was_measured_on_later_and_what_it_uses_are_in_it(story: Registry, validator: Any) -> None:
    X_train, _, y_train, _ = tumours()
    story.register("user", {"w": np.zeros(2)}, depends_on=["tumour@1", "tumour@2"])
    document = read(story.bom("user@1"))
    assert [(one["name"], one["version"]) for one in of_kind(document, "machine-learning-model")] == [
        ("tumour", "1"), ("tumour", "2"),
    ]  # fmt: skip
    story.evaluate("tumour@1", X_train[:50], y_train[:50], name="later")
    story.evaluate("tumour@1", X_train[:50], y_train[:50], name="once more")
    bom = story.bom("tumour@1")
    assert len(of_kind(read(bom), "data")) == 3
    assert validator.validate_str(bom.document) is None


def test_what_came_from_no_index_has_no_address(story: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"python": "3.11", "packages": {"ours": "0.1", "a b": "1", "Some_Thing": "2"},
                   "sources": {"ours": {"url": "file:///home"}}}  # fmt: skip
    monkeypatch.setattr("nbregistry.provenance.environment.capture_environment", lambda: environment)
    story.register("bare", {"w": np.zeros(3)})
    found = {one.name: one.purl for one in story.bom("bare@1").materials if one.kind == "library"}
    assert found == {"ours": "", "a b": "", "Some_Thing": "pkg:pypi/some-thing@2"}
    assert "2 packages without an address" in repr(story.bom("bare@1"))


def test_hostile_text_comes_back_exactly_and_the_document_stays_valid(registry: Registry, validator: Any) -> None:
    names = [text for text in (*TEXTS, *map(str, NUMBERS.values())) if len(text) <= 255]  # which longer ones are not
    for number, text in enumerate(spread(names, 40), 1):
        registry.register(
            "m", {"w": np.zeros(1)}, params={text: text}, metrics={text: 0.5}, description=text,
            tags={text: text, "license": text, "limits": text},
        )  # fmt: skip
        bom = registry.bom(f"m@{number}")
        assert validator.validate_str(bom.document) is None, text
        model = read(bom)["metadata"]["component"]
        assert model["description"] == text
        facts = properties_of(model)
        kept = registry.get(f"m@{number}").params[text]  # a secret, if the name says so, is not recorded
        assert (facts[f"param:{text}"], facts[f"metric_given:{text}"], facts["limits"]) == (kept, "0.5", text)
        assert model.get("licenses", []) == ([{"license": {"name": text}}] if text.strip() else [])
        check(bom)


def test_without_the_library_the_way_to_it_is_told(story: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cyclonedx.output.json", None)
    with pytest.raises(Refused, match="not installed") as caught:
        story.bom("tumour@1")
    assert caught.value.hint == "pip install 'nbregistry[bom]'"
    with pytest.raises(NotFound):
        story.bom("tumour@9")


def test_the_command_line_writes_it(
    story: Registry, root: Path, in_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--registry", str(root)]
    assert main(["bom", "tumour@1", "--output", "bom.json", *at]) == 0
    assert "written to bom.json" in capsys.readouterr().out
    assert (in_folder / "bom.json").read_text() == story.bom("tumour@1").document
    assert main(["bom", "tumour@1", "--output", "bom.json", *at]) == 1
    assert main(["bom", "tumour@1", "--json", *at]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == read(story.bom("tumour@1"))
