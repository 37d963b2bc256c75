"""Nouns to show: a small registry of tumour classifiers, a large one, and one full of hostile text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from nbregistry.bom import BillOfMaterials, Material
from nbregistry.errors import Refused
from nbregistry.evaluation.code_differences import CodeDifference, CodeLine
from nbregistry.evaluation.comparison import (
    Comparison,
    Difference,
    GroupRow,
    MetricRow,
    Plots,
    RocCurve,
    WeakSlices,
)
from nbregistry.evaluation.confusion import Confusion
from nbregistry.evaluation.disagreement import Disagreements
from nbregistry.evaluation.drift import Drift
from nbregistry.evaluation.gaps import Gap
from nbregistry.evaluation.leaks import Leak
from nbregistry.evaluation.metrics import Measured
from nbregistry.evaluation.overlap import Overlap
from nbregistry.evaluation.reuse import Reuse
from nbregistry.evaluation.slices import Slice, Slices
from nbregistry.inspection import EmbeddedCode, Import, Inspection
from nbregistry.journals import JournalFile, JournalProof
from nbregistry.lineage import Lineage, lineage_of
from nbregistry.listings import AliasLog, Holding, Journal, Models, Policies, Versions
from nbregistry.model import (
    Column,
    ColumnRange,
    Dataset,
    Edit,
    Evaluation,
    Event,
    Finding,
    Gate,
    ModelVersion,
    Policy,
    ReadFile,
    RegisteredModel,
    Registration,
    Signature,
)
from nbregistry.model_card import Measure, ModelCard
from nbregistry.outcomes import (
    Acceptance,
    Assessment,
    Check,
    Collection,
    Discarded,
    Loss,
    Promotion,
    Protection,
    RegistrySummary,
    Reproduction,
    Rollback,
    Signer,
    Transfer,
    TrustedKey,
    Verification,
)
from nbregistry.provenance.cells.cell import Cell
from nbregistry.provenance.cells.recorded import RecordedCode
from nbregistry.provenance.diff import Diff
from nbregistry.provenance.local_modules import LocalModule
from nbregistry.provenance.slicing.result import Part
from nbregistry.provenance.slicing.result import Slice as CodeSlice

KEY = "ed25519:" + "3fa9c1d27b60" * 5 + "beef"
STRANGER = "ed25519:" + "e11e" * 16
GRACE = "ed25519:" + "94ace0c4d5b6" * 5 + "f00d"
INPUTS = tuple(
    Column(f"{kind} {what}", "float64")
    for kind in ("mean", "worst", "error of")
    for what in (
        "radius", "texture", "perimeter", "area", "smoothness",
        "compactness", "concavity", "concave points", "symmetry", "dimension",
    )
)  # fmt: skip
TRAIN = Dataset("train", "X_train, y_train", "pandas", 398, 30, "sha256:" + "ab12" * 16, INPUTS)
TEST = Dataset("evaluation", "X_test, y_test", "pandas", 171, 30, "sha256:" + "cd34" * 16, INPUTS)
PACKAGES = {
    "cloudpickle": "3.1.2", "joblib": "1.6.1", "matplotlib": "3.11.2", "narwhals": "2.14.0", "numpy": "2.4.6",
    "pandas": "3.1.1", "polars": "1.36.0", "pyarrow": "22.0.0", "scikit-learn": "1.9.1", "scipy": "1.17.1",
    "threadpoolctl": "3.7.0", "tinydb": "4.9.0",
}  # fmt: skip
FITS: tuple[tuple[str, dict[str, Any], dict[str, Any], dict[str, float]], ...] = (
    (
        "LogisticRegression",
        {"clf__C": 0.5, "clf__max_iter": 500},
        {"clf__penalty": "l2", "clf__tol": 0.0001, "clf__solver": "lbfgs", "memory": None, "verbose": False},
        {"accuracy": 0.97661, "balanced_accuracy": 0.97321, "precision": 0.97222, "recall": 0.99065, "f1": 0.98135,
         "roc_auc": 0.99781, "average_precision": 0.99866, "log_loss": 0.07012, "brier": 0.01911, "mcc": 0.95009},
    ),
    (
        "RandomForestClassifier",
        {"n_estimators": 300, "random_state": 0},
        {"max_depth": None, "min_samples_leaf": 1, "criterion": "gini"},
        {"accuracy": 0.94737, "balanced_accuracy": 0.94118, "precision": 0.95413, "recall": 0.96262, "f1": 0.95835,
         "roc_auc": 0.98979, "average_precision": 0.99311, "log_loss": 0.12866, "brier": 0.03812, "mcc": 0.88743},
    ),
    (
        "HistGradientBoostingClassifier",
        {"learning_rate": 0.06, "max_iter": 250, "random_state": 0},
        {"max_depth": None, "l2_regularization": 0.0},
        {"accuracy": 0.97661, "balanced_accuracy": 0.97119, "precision": 0.96396, "recall": 1.0, "f1": 0.98165,
         "roc_auc": 0.99822, "average_precision": 0.99897, "log_loss": 0.08513, "brier": 0.02002, "mcc": 0.95061},
    ),
)  # fmt: skip


def version(number: int = 1, **changes: Any) -> ModelVersion:
    """Give one of three tumour classifiers."""
    algorithm, params, defaults, metrics = FITS[(number - 1) % 3]
    made = ModelVersion(
        name="tumour",
        version=number,
        tags={"team": "onco"},
        params=params,
        default_params=defaults,
        metrics=metrics,
        signature=Signature(INPUTS, 30, "class label", ("malignant", "benign")),
        algorithm=algorithm,
        flavor="sklearn",
        format="pickle5",
        size=(3104, 874_211, 396_020)[(number - 1) % 3],
        digest="sha256:" + f"{number:02x}" * 32,
        created_at=f"2026-11-22T{8 + number // 60:02d}:{number % 60:02d}:31.123456Z",
        created_by="ada",
        parents=("tumour@1",) if number > 1 else (),
        datasets=(TRAIN, TEST),
        environment={"python": "3.11.7", "os": "Linux 6.1", "machine": "x86_64", "packages": PACKAGES},
        code={
            "notebook": "notebooks/01_quickstart.ipynb",
            "git": {"commit": "9f1c" * 10, "branch": "main", "dirty": True},
        },
        training_seconds=0.412,
        signed_by=KEY,
    )
    return replace(made, **changes)


def champion() -> ModelVersion:
    """Give the version that is live."""
    return version(1, aliases=("champion",), approval="Approved")


def just_registered() -> ModelVersion:
    """Give what ``register`` returns when there is a champion."""
    return version(3, registration=Registration(0.0418, 201_433, champion()))


def first_registered() -> ModelVersion:
    """Give what the very first ``register`` returns."""
    return version(1, aliases=("champion",), registration=Registration(0.052, 2410))


def registered_with_warnings() -> ModelVersion:
    """Give what ``register`` returns for a model that is not fitted, and the same bytes as before."""
    warnings = ("the model is not fitted, so it was not evaluated",)
    return version(4, metrics={}, aliases=("candidate",), registration=Registration(0.0312, 0, champion(), warnings))


def three() -> Versions:
    """Give the versions of the quickstart."""
    items = (champion(), version(2), version(3, aliases=("candidate", "challenger"), status="rolled_back"))
    return Versions(items, 3, "tumour")


def many(count: int = 500, *, live: int = 3) -> Versions:
    """Give many versions; an early one is live, a late one is signed by a stranger."""
    items = []
    for number in range(1, count + 1):
        base = version(number)
        rate = round(0.9 + 0.09 * (1 - 1 / number) + 0.004 * ((number * 7919) % 13 - 6) / 6, 6)
        metrics = {"roc_auc": rate, "accuracy": rate - 0.02, "f1": rate - 0.011, "log_loss": 1.05 - rate}
        items.append(
            replace(
                base,
                algorithm="LogisticRegression",
                params={"clf__C": round(0.1 * (1 + number % 4), 1), "clf__max_iter": 500},
                default_params={"clf__tol": 0.0001},
                metrics=metrics,
                aliases=("champion",) if number == live else (),
                signed_by=STRANGER if number == count - 4 else KEY,
                trusted=number != count - 4,
            )
        )
    return Versions(tuple(items), count, "tumour")


def models() -> Models:
    """Give two models."""
    return Models(
        (
            RegisteredModel("churn", 12, 12, {"champion": 9, "challenger": 12}, "2026-11-20T17:02:00Z"),
            RegisteredModel("tumour", 3, 3, {"champion": 1}, "2026-11-22T08:03:31Z"),
        ),
        2,
    )


def journal() -> Journal:
    """Give the story of the quickstart."""
    moved = {"alias": "champion", "from": "tumour@1", "to": "tumour@3"}
    told: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
        ("register", "tumour@1", "", {"algorithm": "LogisticRegression", "digest": "sha256:" + "01" * 32,
                                      "alias": "champion", "from": None, "to": "tumour@1"}),
        ("register", "tumour@3", "", {"algorithm": "HistGradientBoostingClassifier", "digest": "sha256:" + "03" * 32}),
        ("tag", "tumour@3", "", {"tags": {"team": "onco", "cost": 3}}),
        ("promote", "tumour@3", "better recall", moved),
        ("rollback", "tumour@1", "calibration drift", {"alias": "champion", "from": "tumour@3", "to": "tumour@1"}),
    )  # fmt: skip
    events = tuple(
        Event(seq, f"2026-11-22T08:0{seq}:31Z", "ada", verb, ref, reason, detail, KEY)
        for seq, (verb, ref, reason, detail) in enumerate(told, 1)
    )
    stranger = replace(
        events[3], seq=6, at="2026-11-22T08:06:00Z", actor="mallory", reason="", key=STRANGER, trusted=False
    )
    return Journal((*events, stranger), 6, "tumour")


def alias_log() -> AliasLog:
    """Give what the champion was on: there and back, and moved once by somebody else."""
    moves = (
        Holding("tumour@1", "2026-11-22T08:01:31Z", "2026-11-25T10:00:00Z", 266_309.0, "register", "ada", "", KEY),
        Holding("tumour@3", "2026-11-25T10:00:00Z", "2026-11-25T09:00:00Z", None, "promote", "ada", "better", KEY),
        Holding("tumour@1", "2026-11-25T09:00:00Z", "", 60.0, "rollback", "mallory", "", STRANGER, trusted=False),
    )
    return AliasLog(moves, 3, "tumour", "champion")


CHECKS = (
    Check("bytes", "passed", "3,104 bytes match sha256:010101010101…"),
    Check("signature", "passed", "signed by ed25519:3fa9c1d27b603fa9c1d27b60, which you trust"),
    Check("loads", "passed", "LogisticRegression"),
)

VERIFIED = Verification(
    ok=True, problems=(), commits=10_000, signatures=10_000, blobs=412, bytes=1_200_000_000, seconds=3.1
)
ARCHIVED = Collection(
    3_100_000,
    4,
    applied=False,
    losses=(Loss("tumour@1", ("tumour@champion~1",)), Loss("tumour@4")),
    protected=(Protection("tumour@2", "tumour@5 was made from it"),),
    trash=(Discarded("2026-11-20", "2026-11-27", 2, 1_000), Discarded("2026-11-22", "2026-11-29", 4, 3_100_000)),
)
DOUBTS = (
    CHECKS[0],
    Check("signature", "warned", "signed by a key you do not trust"),
    Check("loads", "failed", "ModuleNotFoundError: No module named 'old'"),
)


GATES = (
    Check("roc_auc >= 0.9", "passed", "0.9954 on 171 rows of X_test, y_test", is_gate=True),
    Check("f1 not worse than champion", "failed", "it is worse than tumour@1 by 0.02", is_gate=True),
    Check("gain >= 2", "warned", "3; it was given and not computed", is_gate=True),
)


def policy() -> Policy:
    """Give a policy of one's own, and what a stranger added for every model."""
    own = {"of": "tumour@champion", "at": "2026-11-22T10:00:00.000000Z", "actor": "ada", "key": KEY}
    added = Gate("n >= 500", "champion", "2026-11-22T10:00:00.000000Z", "eve", STRANGER, trusted=False)
    return Policy("tumour@champion", (Gate("roc_auc >= 0.9", **own), Gate("approved", **own), added))


def proof(**changes: Any) -> JournalProof:
    """Give the proof of a journal that two people signed, one of them a stranger."""
    ada = Signer(KEY, "", own=True, trusted=True, actor="ada", commits=9, versions=0, last_at="2026-11-22T08:06:00Z")
    eve = replace(ada, key=STRANGER, own=False, trusted=False, actor="eve", commits=3)
    made = JournalProof(
        "journal.jsonl", False, (), 12, 30, "b3d9b23ff7ec479aaa09be01b4615620", "tumour", 42, "sha256:" + "01" * 32,
        "2026-11-22T10:00:00Z", "ada", KEY, True, (ada, eve), ("you saw commit 50 at project",),
    )  # fmt: skip
    return replace(made, **changes)


def model_card(of: ModelVersion | None = None, user: str = "", **changes: Any) -> ModelCard:
    """Give a model card with an evaluation, groups and a journal; hostile text where a person writes."""
    told = of or version(1, tags={"intended_use": "triage\n\nby a radiologist", "team": "onco"}, params={"C": 0.5})
    one = evaluation() if not user else Evaluation(told.ref, user, user, {user: 0.5}, 2, data_of(user), "binary")
    measures = (Measure(one, dict.fromkeys(one.metrics, (0.4, 0.6)), user), Measure(one, problem=user or "is damaged"))
    groups = (
        GroupRow(user or "region", user or "north", told.ref, "f1", 0.5, 30, 0.4, 0.6),
        GroupRow(user or "region", user or "south", told.ref, "f1", 0.5, 3, small=True),
    )
    lineage = lineage_of(told.ref, [{"name": told.name, "version": told.version, "parents": [f"{told.name}@7"]}])
    made = ModelCard(told, measures, groups, lineage, journal(), ("description", "limits", "license", "approval"))
    return replace(made, **changes)


def data_of(user: str) -> Dataset:
    """Give a data set that somebody named."""
    return Dataset("evaluation", user, user, 1, 1, user)


def rollback(**changes: Any) -> Rollback:
    """Give a rollback that was carried out."""
    made = Rollback("tumour", "champion", "tumour@3", "tumour@1", CHECKS, applied=True, reason="calibration drift")
    made = replace(made, before=version(3, status="rolled_back"), after=champion())
    return replace(made, **changes)


def promotion(**changes: Any) -> Promotion:
    """Give a promotion that was carried out."""
    made = Promotion("tumour", "champion", "tumour@1", "tumour@3", CHECKS, applied=True)
    return replace(replace(made, before=version(1), after=version(3, aliases=("champion",))), **changes)


def evaluation() -> Evaluation:
    """Give an evaluation with its rows."""
    rng = np.random.default_rng(0)
    target = rng.integers(0, 2, 171)
    score = np.clip(target * 0.5 + rng.normal(0.25, 0.2, 171), 0, 1)
    rows = {"target": target, "prediction": (score > 0.5).astype(int), "score": score}
    return Evaluation("tumour@1", "X_test, y_test", "2026-11-22T08:10:00Z", FITS[0][3], 171, TEST, "binary", rows)


def curve(shift: float, count: int = 171) -> RocCurve:
    """Give a ROC curve of made-up scores: the larger the shift, the better."""
    from sklearn import metrics

    rng = np.random.default_rng(7)
    target = rng.integers(0, 2, count)
    score = target * shift + rng.normal(0, 1, count)
    fpr, tpr, thresholds = metrics.roc_curve(target, score)
    return RocCurve(fpr, tpr, thresholds, float(metrics.auc(fpr, tpr)))


def comparison(numbers: tuple[int, ...] = (1, 2, 3), *, groups: bool = True) -> Comparison:
    """Give a comparison of tumour classifiers."""
    versions = [version(number) for number in numbers]
    base = versions[0]
    refs = tuple(v.ref for v in versions)
    rows = tuple(
        MetricRow(metric, v.ref, v.metrics[metric], base.metrics[metric], v.metrics[metric] - base.metrics[metric], 171)
        for metric in base.metrics
        for v in versions
    )
    names = list(dict.fromkeys(name for v in versions for name in v.params))
    params = tuple(Difference(name, {v.ref: v.params.get(name) for v in versions}) for name in names)
    environment = (Difference("scikit-learn", {ref: "1.9.1" if i else "1.8.0" for i, ref in enumerate(refs)}),)
    by = tuple(
        GroupRow(
            "age",
            group,
            v.ref,
            "roc_auc",
            v.metrics["roc_auc"] - fall,
            n,
            difference=v.metrics["roc_auc"] - base.metrics["roc_auc"],
        )
        for group, fall, n in (("under 50", 0.01, 88), ("50 and over", 0.0, 83))
        for v in versions
    )
    curves = {v.ref: curve(1.2 + (0.35 * v.version) % 1.6) for v in versions}
    return Comparison(
        refs,
        base.ref,
        rows,
        {
            "params": params,
            "environment": environment,
            "size": (Difference("bytes", {v.ref: v.size for v in versions}),),
            "model": (Difference("algorithm", {v.ref: v.algorithm for v in versions}),),
        },
        {"params": 4, "data": 2, "features": 30, "environment": 14, "code": 2, "size": 0, "model": 3},
        curves,
        by if groups else (),
        TEST,
        "binary",
        ("tumour@2: precision given, not computed",),
        plots={"roc": curves},
    )


def documents() -> list[dict[str, Any]]:
    """Give the catalog documents of a family with a feature extractor and an ensemble."""
    data = [TRAIN.to_document(), TEST.to_document()]
    return [
        {"name": "embed", "version": 2, "aliases": ["champion"], "datasets": []},
        {"name": "embed", "version": 3, "parents": ["embed@2"], "depends_on": ["tokens@1"]},
        {"name": "tumour", "version": 1, "aliases": ["champion"], "datasets": data},
        {"name": "tumour", "version": 2, "parents": ["tumour@1"], "datasets": data},
        {"name": "tumour", "version": 3, "parents": ["tumour@1"], "depends_on": ["embed@3"], "aliases": ["candidate"],
         "status": "rolled_back", "datasets": data},
        {"name": "tumour", "version": 4, "parents": ["tumour@3", "tumour@2"], "datasets": data[:1]},
        {"name": "tumour", "version": 5, "parents": ["tumour@4"]},
        {"name": "triage", "version": 1, "depends_on": ["tumour@3"], "aliases": ["champion"]},
    ]  # fmt: skip


def lineage(ref: str = "tumour@3") -> Lineage:
    """Give a lineage with everything in it."""
    return lineage_of(ref, documents())


def inspection(word: str = "scale", **changes: Any) -> Inspection:
    """Give what a pickle with a function by value, and with a call of the system, would do."""
    imports = (
        Import("posix", "system", "suspicious", "operating system", ("REDUCE",), 1, (word,), "model.pkl"),
        Import(word, word, "unknown", "the record names no package that brings it", ("NEWOBJ",), 2, (), "model.pkl"),
        Import("sklearn.pipeline", "Pipeline", "recorded", "", ("BUILD", "NEWOBJ"), 1, (), "model.pkl"),
        Import("collections", "OrderedDict", "standard library", "", (), 3, (), "model.pkl"),
    )
    found = Inspection(
        "tumour@3", "sklearn", "cloudpickle", True, KEY, True, True, (("model.pkl", 3104), ("buffers/0000", 800_000)),
        imports, (EmbeddedCode(word, word, (word, "os"), ("os",)),), {"REDUCE": 12, "BUILD": 3},
        (f"model.pkl: {word}",),
    )  # fmt: skip
    return replace(found, **changes)


def everything() -> dict[str, Any]:
    """Give one of each noun, by a short name."""
    return {
        "first registered": first_registered(),
        "just registered": just_registered(),
        "registered with warnings": registered_with_warnings(),
        "record": champion(),
        "edited": version(2, tags={"team": "crm"}, edit=Edit("tag", {"tags": {"team": "onco", "n": "12"}})),
        "trusted key": TrustedKey(STRANGER, "Grace"),
        "untrusted key": TrustedKey(STRANGER, trusted=False),
        "record of a stranger": version(
            3,
            trusted=False,
            signed_by=STRANGER,
            aliases=("champion",),
            stray_aliases=("champion",),
            approval="Approved",
            stray_fields=("approval", "tags.stage"),
            evaluations=(replace(evaluation(), trusted=False),),
            description="Boosted trees.\nFor the trial in Leiden only.",
        ),
        "versions": three(),
        "500 versions": many(),
        "no versions": Versions((), 0, "tumour", "metrics.roc_auc > 2"),
        "models": models(),
        "one model": models()[0],
        "no models": Models((), 0),
        "no model that matches": Models((), 0, "metrics.roc_auc > 2", 3),
        "journal": journal(),
        "alias log": alias_log(),
        "one event": journal()[3],
        "promotion": promotion(),
        "first promotion": promotion(from_ref=None),
        "rollback": rollback(),
        "dry run": rollback(applied=False, checks=DOUBTS),
        "check": CHECKS[0],
        "forced journal": Event(
            7, "2026-11-22T10:00:00.000000Z", "ada", "promote", "tumour@3", "the old one leaks",
            {"alias": "champion", "from": "tumour@1", "to": "tumour@3", "required": ["roc_auc >= 0.9"],
             "forced": {"roc_auc >= 0.9": "0.88 on 171 rows"}}, KEY,
        ),
        "forced promotion": promotion(checks=(*CHECKS, GATES[1]), reason="the old one leaks"),
        "assessment": Assessment("tumour@3", "champion", True, GATES[:1]),
        "assessment of failures": Assessment("tumour@3", "champion", False, GATES),
        "policy": policy(),
        "policy, changed": replace(policy(), edit=Edit("policy", {"require": ("approved",)}, reason="agreed")),
        "policy, planned": replace(policy(), edit=Edit("policy", {"require": ()}, applied=False, reason="agreed")),
        "no policy": Policy("champion"),
        "policies": Policies((Policy("champion", policy().gates[2:]), policy()), 2),
        "no policies": Policies(),
        "evaluation": evaluation(),
        "comparison": comparison(),
        "comparison of many": comparison(tuple(range(1, 13)), groups=False),
        "lineage": lineage(),
        "lineage with a missing parent": lineage_of("embed@3", documents()),
        "inspection": inspection(),
        "inspection of data": Inspection("weights@1", "numpy", "npy", False, KEY, True, True, (("arrays/0.npy", 9),)),
        "inspection of a stranger's": inspection("<b>x", signed_by=STRANGER, trusted=False, loads=False),
        "verification": VERIFIED,
        "problems": replace(VERIFIED, ok=False, problems=("blob sha256:0101… differs from its name",)),
        "foreign files": replace(
            VERIFIED, foreign=(".DS_Store (a file)", "log/0000000003 (conflicted copy).json (a file)")
        ),
        "collection": Collection(3_100_000, 4, applied=False),
        "collected": Collection(3_100_000, 4, applied=True),
        "collection of archived versions": ARCHIVED,
        "collected archived versions": replace(ARCHIVED, applied=True),
        "transfer": Transfer("export", ("tumour@1",), "out/tumour.zip", 31_040, 1),
        "import": Transfer("import", ("base@1", "tumour@2"), "tumour.zip", 31_040, 3, ("base@1",)),
        "import again": Transfer("import", ("base@1", "tumour@2"), "tumour.zip", 0, 0, ("base@1", "tumour@2")),
        "backup": Transfer("backup", (), "../copy", 31_040, 12),
        "backup of a damaged registry": Transfer("backup", (), "../copy", 31_040, 12,
                                                 problems=("tumour@1: sha256:0101… is damaged",)),
        "model card": model_card(),
        "bill of materials": BillOfMaterials(
            "tumour@1", "1.6", "urn:uuid:3d938cbf-8c50-5fe5-a8f4-6eaa06def349",
            (Material("machine-learning-model", "tumour", "1"), Material("library", "ours", "0.1"),
             Material("library", "numpy", "2.4", "pkg:pypi/numpy@2.4")), "{}", "bom.json",
        ),
        "model card of a stranger": model_card(version(1, trusted=False, signed_by=STRANGER), written_to="README.md"),
        "journal file": JournalFile("out/journal.jsonl", "tumour", 12, 31_040, 42, "sha256:" + "01" * 32, KEY),
        "journal file of all": JournalFile("my journal.jsonl", "", 42, 31_040, 42, "sha256:" + "01" * 32, KEY),
        "journal of strangers": proof(),
        "whole journal": proof(ok=True, name="", absent=0, signers=proof().signers[:1], seen=()),
        "forged journal": proof(problems=("the file is empty",), signers=(), head="", registry="", seal_key=""),
        "no registry yet": RegistrySummary("project/nosuch", 0, 0, format=0),
        "registry": RegistrySummary("project/.nbregistry", 2, 15, key=KEY, trusted_keys=((STRANGER, "grace"),)),
        "registry of many hands": signed_by_many(),
        "older copy": RegistrySummary("../copy/.nbregistry", 2, 9, key=KEY, signers=signed_by_many().signers[:1],
                                      later_elsewhere=("project/.nbregistry",)),
        "refused history": RegistrySummary("project/.nbregistry", 2, 15, key=KEY, signers=signed_by_many().signers[:1],
                                           problem=LOST, remedy="restore the log from a backup; if what is there now "
                                           "is meant: %registry accept (as a method, accept())"),
        "accepted": Acceptance("project/.nbregistry", 30, 43, LOST),
        "nothing to accept": Acceptance("project/.nbregistry", 43, 43),
        "read-only registry": RegistrySummary("/mnt/shared/.nbregistry", 0, 0, read_only=True),
    }  # fmt: skip


LOST = "commit 43 is missing from the log: the history was cut or rewritten, or an older copy put back"


def signed_by_many() -> RegistrySummary:
    """Give a registry that three people write to, of whom one is not known."""
    signers = (
        Signer(KEY, "", own=True, trusted=True, actor="ada", commits=41, versions=11, last_at="2026-11-22T09:31:04Z"),
        Signer(GRACE, "grace", own=False, trusted=True, actor="grace", commits=7, versions=3,
               last_at="2026-11-21T16:02:58Z"),
        Signer(STRANGER, "", own=False, trusted=False, actor="eve", commits=2, versions=1,
               last_at="2026-11-22T08:17:40Z"),
    )  # fmt: skip
    keys = ((GRACE, "grace"), ("ed25519:" + "77" * 32, "mary"))
    return RegistrySummary("project/.nbregistry", 2, 15, key=KEY, trusted_keys=keys, signers=signers)


def _judged_of(comparison: Comparison, ref: str, other: str, user: str) -> Comparison:
    """Give a comparison with all that is looked for besides the metrics, in columns, groups and classes of a user."""
    classes = np.array([user, "b"] * 2)
    right = Measured("binary", {}, {"target": classes, "prediction": classes}, (), (user, "b"))
    wrong = Measured("binary", {}, {"target": classes, "prediction": classes[::-1]}, (), (user, "b"))
    weak = Slice(other, "worse", f"{user} is {user}", 40, 0.4, 0.1, 0.3, 0.1, 0.5, 0.001, 0.001)
    row = MetricRow(user, other, 0.6, 0.5, 0.1, 3, 0.01, 0.2, 0.01, 0.01, "better", user, 0.1)
    return replace(
        comparison,
        rows=(comparison.rows[0], row),
        groups=(
            GroupRow(user, user, ref, user, 0.5, 3, small=True),
            GroupRow(user, user, other, user, 0.5, 40, 0.4, 0.6),
        ),
        gaps=(
            Gap(user, ref, "true positive rate", user, "b", {user: 0.2, "b": 0.5}, 0.3, 0.1, 0.4, 0.4, 0.2, 0.9),
            Gap(
                user,
                other,
                "selection rate",
                user,
                "b",
                {user: 0.2, "b": 0.6},
                0.4,
                0.1,
                0.5,
                0.3,
                0.1,
                0.9,
                0.1,
                0,
                0.2,
            ),
        ),
        slices=Slices((weak,), 3, "Brier loss", 400),
        drift={ref: (Drift(user, 0.4, 0.1, "large", 0.0, 0.1),)},
        leaks=(Leak(other, 1, 4),),
        without_leaks=(comparison.rows[0], row),
        overlaps=(Overlap(other, 4, 4, 4, by_order=True),),
        reuse=Reuse(30, 30),
        costs={ref: {"prediction_seconds": 1e-5, "size": 10.0}, other: {"prediction_seconds": 1e-5, "size": 10.0}},
        machines={ref: user, other: user + "2"},
        plots={"confusion": {ref: Confusion((user, "b"), np.ones((2, 2), dtype=np.int64))}},
        rowwise=Disagreements(right, {other: wrong}),
    )


def written_by(user: str) -> dict[str, Any]:
    """Give nouns in which every field that a user can write says the same."""
    ref, other = f"{user}@1", f"{user}@2"
    data = Dataset(
        "evaluation",
        user,
        user,
        3,
        1,
        user,
        (Column(user, user),),
        ranges=(ColumnRange(user, user, user, 1), ColumnRange("x", 0.5, None)),
        any_order=user,
        files=(ReadFile(user, user, 1), ReadFile(user)),
    )
    made = ModelVersion(
        name=user,
        version=1,
        aliases=(user,),
        stray_aliases=(user,),
        stray_fields=(f"tags.{user}",),
        tags={user: user},
        description=user.replace("\n", " "),
        params={user: user},
        default_params={user + "2": user},
        metrics={user: 0.5, user + "x": 0.25},
        metrics_given=(user,),
        signature=Signature((Column(user, user),), 1, user, (user,)),
        algorithm=user,
        flavor=user,
        format=user,
        digest=user,
        created_at=user,
        created_by=user,
        parents=(ref,),
        depends_on=(ref,),
        datasets=(data,),
        environment={
            "python": user,
            user: user,
            "packages": {user: user},
            "sources": {user: {"url": user, user: user}},
        },
        code={
            "notebook": user,
            user: user,
            "git": {"commit": user, "branch": user, "dirty": True, "remotes": {user: user}},
        },
        recorded_code=user,
        reproduction={"outcome": "different", "detail": user, "at": user},
        signed_by=user,
        trusted=False,
        extra={user: user},
    )
    after = replace(made, version=2, params={user: user + "3"}, datasets=(replace(data, fingerprint=user + "4"),))
    event = Event(
        1, user, user, user, ref, user, {"alias": user, "from": ref, "to": other, user: user}, user, trusted=False
    )
    told = replace(event, detail={user: {user: user}, "algorithm": user, "list": [user]})
    move = Rollback(user, user, ref, other, (Check(user, "failed", user),), applied=False, reason=user)
    move = replace(move, before=made, after=after)
    graph = [
        {
            "name": user,
            "version": 1,
            "aliases": [user],
            "parents": [f"{user}@9"],
            "depends_on": [f"{user}@8"],
            "algorithm": user,
            "metrics": {user: 0.5},
            "datasets": [replace(data, role=role, fingerprint=f"x:{user}").to_document() for role in ("train", user)],
        }
    ]
    values = {ref: user, other: None}
    compared = Comparison(
        (ref, other),
        ref,
        (MetricRow(user, ref, 0.5, 0.5, 0.0, 3), MetricRow(user, other, 0.6, 0.5, 0.1, 3)),
        {"params": (Difference(user, values),), user: (Difference(user, values),)},
        {user: 2},
        {ref: curve(1.0), other: curve(2.0)},
        (GroupRow(user, user, ref, user, 0.5, 3),),
        data,
        "binary",
        (user,),
    )
    rows = {"target": np.array([user, "b"]), "prediction": np.array([user, user])}
    judged = _judged_of(compared, ref, other, user)
    one_line = user.replace("\n", " ")  # each further one is a paragraph
    gate = Gate("n >= 1", f"{user}@champion", user, user, user, trusted=False)
    return {
        "judged comparison": judged,
        "plots": Plots(judged),
        "slices": WeakSlices((ref, other), judged),
        "slices refused": WeakSlices((ref, other), refused=Refused(user, hint=user)),
        "policy": Policy(f"{user}@champion", (gate,), Edit("policy", {"require": ("approved",)}, reason=user)),
        "assessment": Assessment(ref, user, False, (Check(user, "failed", user),)),
        "registered": replace(
            after,
            registration=Registration(0.1, 1, made, (user,), found=(Finding("parent", ref, user),), made_by=user),
        ),
        "record": made,
        "tagged": replace(made, edit=Edit("tag", {"tags": {user + "2": user}})),
        "versions": Versions((made, after), 2, user, user),
        "nothing": Versions((), 0, user, user),
        "no models": Models((), 0, user, 2),
        "models": Models((RegisteredModel(user, 2, 2, {user: 1, "champion": 2}, user),), 1),
        "journal": Journal((event, told), 2, user),
        "alias log": AliasLog((Holding(ref, user, user, None, user, user, user, user, trusted=False),), 1, user, user),
        "move": move,
        "done": replace(move, applied=True),
        "promotion": Promotion(user, user, None, ref, applied=True),
        "evaluation": Evaluation(ref, user, user, {user: 0.5}, 2, data, "multiclass", rows),
        "comparison": compared,
        "lineage": lineage_of(ref, graph),
        "lineage of data": lineage_of(f"data:x:{user}", graph),
        "inspection": inspection(
            user,
            ref=ref,
            flavor=user,
            format=user,
            signed_by=user,
            trusted=False,
            files=((user, 1),),
            imports=tuple(replace(one, module=user, name=user, reason=user) for one in inspection(user).imports),
            codes=(EmbeddedCode(user, user, (user,), (user,)),),
        ),
        "verification": Verification(
            ok=False, problems=(user,), commits=1, signatures=1, blobs=1, bytes=1, seconds=0.1, foreign=(user,)
        ),
        "model card": model_card(
            replace(made, tags={"intended_use": one_line, user: user}, description=one_line),
            user,
            events=Journal((event, told), 2, user),
            written_to=user,
        ),
        "bill of materials": BillOfMaterials(
            ref, user, user, (Material(user, user, user, user), Material("library", user, user)), user, user
        ),
        "journal file": JournalFile(user, user, 1, 1, 1, user, user),
        "journal proof": JournalProof(
            user,
            False,
            (user,),
            1,
            1,
            user,
            user,
            1,
            user,
            user,
            user,
            user,
            False,
            (Signer(user, user, own=False, trusted=False, actor=user, commits=1, versions=0, last_at=user),),
            (user,),
        ),
        "code": RecordedCode(
            ref,
            CodeSlice((Part(1, "x = 1", (1,), user),), (user,), (user,), 1, 2, (user,), ((user, user),), (user,)),
            (Cell(1, "x = 1", user, user, 0.1, user), Cell(2, "y", user, user, None, "")),
            1,
            (user,),
            (user,),
            (ReadFile(user, user, 1), ReadFile(user)),
            (LocalModule(user, user, "x = 1", user),),
            Diff("+x = 1", 1, (user,)),
            user,
        ),
        "reproduction": Reproduction(ref, "failed", "x = 1", user, 1, (user,), 0.1),
        "code differences": replace(
            compared, code=(CodeDifference(other, ref, (CodeLine("x", "added"),)), CodeDifference(other, ref, ()))
        ),
        "notebook": Transfer("notebook", (ref,), user, 1, 1),
        "packages": Transfer("environment", (ref,), user, 1, 1),
        "transfer": Transfer(user, (ref,), user, 1, 1),
        "import": Transfer("import", (ref, other), user, 1, 1, (ref,)),
        "backup": Transfer("backup", (), user, 1, 1, problems=(user,)),
        "registry": RegistrySummary(user, 1, 1, key=user, trusted_keys=((user, user),)),
        "signed registry": RegistrySummary(
            user,
            1,
            1,
            key=user,
            later_elsewhere=(user,),
            signers=(
                Signer(user, user, own=False, trusted=True, actor=user, commits=1, versions=1, last_at=user),
                Signer(user, "", own=False, trusted=False, actor=user, commits=1, versions=1, last_at=user),
            ),
        ),
        "refused registry": RegistrySummary(user, 1, 1, key=user, problem=user, remedy=user),
        "accepted": Acceptance(user, 1, 2, user),
        "key": TrustedKey(user, user),
    }
