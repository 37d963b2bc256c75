"""The nouns: what a registry keeps, as immutable values.

Every noun is a frozen dataclass. Those that are kept on disk are built from a *document* (a JSON object of
the catalog) and keep the fields they do not know in ``extra``, so that a record written by a newer release
passes through an older one unharmed. Times are UTC in ISO 8601; digests are written ``sha256:<hex>``;
sizes are bytes; references are written ``name@version``.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal

from nbregistry.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

Scalar = str | int | float | bool | None
# Python may be told to refuse integers of more than 640 digits as text, never of fewer: up to here every reader
# can write them out.
LARGEST_INTEGER_BITS = 2_000
Status = Literal["active", "rolled_back", "archived"]
ReproductionOutcome = Literal["identical bytes", "identical predictions", "within tolerance", "different", "failed"]
Approval = Literal["PendingManualApproval", "Approved", "Rejected"]

REPRODUCTIONS: tuple[ReproductionOutcome, ...] = (
    "identical bytes",
    "identical predictions",
    "within tolerance",
    "different",
    "failed",
)
STATUSES: tuple[Status, ...] = ("active", "rolled_back", "archived")
APPROVALS: tuple[Approval, ...] = ("PendingManualApproval", "Approved", "Rejected")


@dataclass(frozen=True)
class Column:
    """One input of a model: its name (``""`` where the data had none) and its dtype as text."""

    name: str
    dtype: str


@dataclass(frozen=True)
class Signature:
    """What a model takes and gives.

    Attributes
    ----------
    inputs : tuple of Column
        One entry a feature, in order; empty where it could not be told.
    features : int or None
        Number of input columns; known even where names are not.
    output : str
        ``"class label"``, ``"number"``, ``"cluster label"`` … ; ``""`` where unknown.
    classes : tuple of str
        Class labels of a classifier, as text, in the order of its scores.
    """

    inputs: tuple[Column, ...] = ()
    features: int | None = None
    output: str = ""
    classes: tuple[str, ...] = ()

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names of the inputs; empty where the data had none."""
        return tuple(column.name for column in self.inputs if column.name)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Signature:
        """Build from a catalog document."""
        return cls(
            inputs=tuple(Column(name, dtype) for name, dtype in document.get("inputs", ())),
            features=document.get("features"),
            output=document.get("output", ""),
            classes=tuple(document.get("classes", ())),
        )

    def to_document(self) -> dict[str, Any]:
        """Give the catalog document."""
        return {
            "inputs": [[column.name, column.dtype] for column in self.inputs],
            "features": self.features,
            "output": self.output,
            "classes": list(self.classes),
        }


@dataclass(frozen=True)
class ColumnProfile:
    """How the values of one column are spread, in a dozen numbers.

    Attributes
    ----------
    name : str
        Or the column's number, where the data had no names.
    edges : tuple of float
        Of numbers: the highest value of each bin but the last, rising.
    values : tuple of str
        Of anything else: the commonest values.
    counts : tuple of int
        Rows of each bin; of each value, and of all others together.
    missing : int
        Rows without a value.
    """

    name: str
    edges: tuple[float, ...] = ()
    values: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    missing: int = 0

    @property
    def rows(self) -> int:
        """How many rows were looked at."""
        return sum(self.counts) + self.missing

    @classmethod
    def from_document(cls, document: Sequence[Any]) -> ColumnProfile:
        """Build from a catalog document."""
        name, edges, values, counts, missing = document
        return cls(name, tuple(map(float, edges)), tuple(values), tuple(counts), missing)

    def to_document(self) -> list[Any]:
        """Give the catalog document."""
        return [self.name, list(self.edges), list(self.values), list(self.counts), self.missing]


@dataclass(frozen=True)
class ColumnRange:
    """From where to where the values of one column go.

    Attributes
    ----------
    name : str
        Or the column's number, where the data had no names.
    lowest, highest : float, int, str or None
        Times are text; ``None`` where the values are neither numbers nor times, or all are missing.
    missing : int
        Rows without a value.
    """

    name: str
    lowest: float | str | None = None
    highest: float | str | None = None
    missing: int = 0

    @classmethod
    def from_document(cls, document: Sequence[Any]) -> ColumnRange:
        """Build from a catalog document."""
        return cls(*document)

    def to_document(self) -> list[Any]:
        """Give the catalog document."""
        return [self.name, self.lowest, self.highest, self.missing]


@dataclass(frozen=True)
class ReadFile:
    """A file that the code of a notebook reads.

    Attributes
    ----------
    path : str
        As the code says it; of a URL the URL.
    digest : str
        ``sha256:…`` of what it held; ``""`` where that is not known.
    size : int
        Bytes.
    """

    path: str
    digest: str = ""
    size: int = 0

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> ReadFile:
        """Build from a catalog document."""
        return cls(document["path"], document["digest"], document["size"])

    def to_document(self) -> dict[str, Any]:
        """Give the catalog document."""
        return {"path": self.path, "digest": self.digest, "size": self.size}


@dataclass(frozen=True)
class Dataset:
    """What is kept of a data set: its shape and fingerprint, never its rows.

    Attributes
    ----------
    role : str
        ``"train"``, ``"evaluation"``, or ``"data"`` of any other.
    name : str
        The expressions it was given by, e.g. ``"X_train, y_train"``; ``""`` where unknown.
    kind : str
        ``"numpy"``, ``"pandas"``, ``"sparse"`` …
    rows, columns : int
        Shape of X.
    fingerprint : str
        ``sha256:…`` over names, dtypes and values of X and y, in order.
    inputs : tuple of Column
        Names and dtypes of the columns of X.
    profile : tuple of ColumnProfile
        How the columns are spread: of training data in their own deciles, of evaluation data in those of the training
        data; empty where it was not kept.
    ranges : tuple of ColumnRange
        Of the columns of X, over all rows; empty where it was not kept.
    any_order : str
        A fingerprint of the same rows in whatever order, with what was to be predicted; ``""`` where it was not kept.
    files : tuple of ReadFile
        What it was read from, where the notebook's code shows it.
    extra : dict
        Fields of a newer release, kept as they are.
    """

    role: str
    name: str
    kind: str
    rows: int
    columns: int
    fingerprint: str
    inputs: tuple[Column, ...] = ()
    profile: tuple[ColumnProfile, ...] = ()
    ranges: tuple[ColumnRange, ...] = ()
    any_order: str = ""
    files: tuple[ReadFile, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def rows_known_by(self) -> str:
        """A fingerprint that the same rows share, in whatever order where that was kept."""
        return self.any_order or self.fingerprint

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Dataset:
        """Build from a catalog document."""
        known = {key: document[key] for key in ("role", "name", "kind", "rows", "columns", "fingerprint")}
        return cls(
            **known,
            inputs=tuple(Column(name, dtype) for name, dtype in document.get("inputs", ())),
            profile=tuple(map(ColumnProfile.from_document, document.get("profile", ()))),
            ranges=tuple(map(ColumnRange.from_document, document.get("ranges", ()))),
            any_order=document.get("any_order", ""),
            files=tuple(map(ReadFile.from_document, document.get("files", ()))),
            extra={key: value for key, value in document.items() if key not in {*known, *_OF_A_DATASET}},
        )

    def to_document(self) -> dict[str, Any]:
        """Give the catalog document."""
        return {
            **self.extra,
            "role": self.role,
            "name": self.name,
            "kind": self.kind,
            "rows": self.rows,
            "columns": self.columns,
            "fingerprint": self.fingerprint,
            "inputs": [[column.name, column.dtype] for column in self.inputs],
            **({"profile": [column.to_document() for column in self.profile]} if self.profile else {}),
            **({"ranges": [column.to_document() for column in self.ranges]} if self.ranges else {}),
            **({"any_order": self.any_order} if self.any_order else {}),
            **({"files": [file.to_document() for file in self.files]} if self.files else {}),
        }


_OF_A_DATASET = ("inputs", "profile", "ranges", "any_order", "files")


@dataclass(frozen=True)
class Finding:
    """One relative of a version that nobody named.

    Attributes
    ----------
    kind : str
        ``"parent"`` or ``"dependency"``.
    ref : str
        As it is recorded, ``name@3``.
    why : str
        What shows it, e.g. ``"this model was loaded from it"``.
    digest : str
        Of its artifact; ``""`` where unknown.
    """

    kind: Literal["parent", "dependency"]
    ref: str
    why: str
    digest: str = ""


@dataclass(frozen=True)
class Registration:
    """What is worth saying once, right after a version was registered.

    Attributes
    ----------
    seconds : float
        From the call to the acknowledged commit, wall clock.
    stored_bytes : int
        Bytes that were new to the artifact store; 0 if all were there already.
    champion : ModelVersion or None
        The holder of ``champion`` when this version came, if it was another version.
    warnings : tuple of str
        What was left out and why, e.g. a model that is not fitted and so was not evaluated.
    example_rows : int
        How many rows were kept with it as an example of what it takes.
    found : tuple of Finding
        Parents and dependencies that were found and not given.
    made_by : str
        How much of the notebook's session made it, in a sentence; ``""`` where no notebook listened.
    """

    seconds: float
    stored_bytes: int
    champion: ModelVersion | None = None
    warnings: tuple[str, ...] = ()
    example_rows: int = 0
    found: tuple[Finding, ...] = ()
    made_by: str = ""


@dataclass(frozen=True)
class Edit:
    """What is worth saying once, right after words or a decision about a version changed.

    Attributes
    ----------
    verb : str
        ``"tag"``, ``"describe"``, ``"approve"``, ``"archive"``, ``"restore"`` or ``"policy"``.
    before : dict
        The fields it set, as they were.
    applied : bool
        False for a dry run: the version says what it would become.
    reason : str
    replaces : str
        Stands for the values that it changes, as they were; give it as ``replacing`` to change these and no others.
    remarks : tuple of str
        What may have been misspelt.
    """

    verb: str
    before: Mapping[str, Any]
    applied: bool = True
    reason: str = ""
    replaces: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class ModelVersion(Shown):
    """One immutable set of artifacts and the record of what made it.

    Attributes
    ----------
    name, version : str, int
        Versions of a name are 1, 2, 3 …; a number is never used twice.
    aliases : tuple of str
        Aliases that point here now.
    description : str
    tags, params, metrics : dict
        Free tags; parameters that were set by hand; metrics by name.
    default_params : dict
        The other parameters of the estimator, at their defaults.
    metrics_given : tuple of str
        Metrics that the caller stated; all others were computed from an evaluation.
    signature : Signature
    algorithm : str
        Class of the model; for a pipeline, of its last step.
    flavor, format : str
        Who stored it, and how: the recorded format chooses the loader.
    executes_code : bool
        Whether loading this format can execute code.
    size : int
        Bytes of the artifact before compression.
    digest : str
        Of the artifact's root blob.
    created_at, created_by : str
    parents, depends_on : tuple of str
        References.
    datasets : tuple of Dataset
    environment : dict
        ``python``, ``os``, ``machine``, ``packages`` (name to version).
    code : dict
        ``notebook``, ``git`` … where known.
    training_seconds : float or None
        Wall-clock time of the fit, where known.
    training_rows : str or None
        Digest of the artifact with a fingerprint of each row it was trained on, where they were given.
    example : str or None
        Digest of the artifact with a few rows that it takes, and its predictions of them, where such were kept.
    recorded_code, recorded_sources : str or None
        Digests of the artifacts with the code that made it, and with files around that, where it was registered in a
        notebook.
    reproduction : dict
        How making it again went last: ``outcome``, ``detail``, ``at``; empty if nobody tried.
    approval, status : str
    signed_by : str
        Public key that signed it, ``ed25519:<hex>``.
    trusted : bool
        Whether that key is trusted here.
    stray_aliases : tuple of str
        Aliases that were moved here by a key that is not trusted.
    stray_fields : tuple of str
        What such a key set last: ``"approval"``, ``"status"``, ``"description"``, ``"tags.stage"`` …
    collected_at, collected_by : str
        When and by whom its artifacts were dropped to free the disk; ``""`` while they are kept.
    evaluations : tuple of Evaluation
        Oldest first; their rows are read when they are looked at.
    registration : Registration or None
        Only on the object that ``register`` returned.
    edit : Edit or None
        Only on the object that ``tag``, ``describe``, ``approve``, ``archive`` or ``restore`` returned.
    extra : dict
        Fields of a newer release, kept as they are.
    """

    name: str
    version: int
    aliases: tuple[str, ...] = ()
    tags: Mapping[str, Scalar] = field(default_factory=dict)
    description: str = ""
    params: Mapping[str, Scalar] = field(default_factory=dict)
    default_params: Mapping[str, Scalar] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    metrics_given: tuple[str, ...] = ()
    signature: Signature = field(default_factory=Signature)
    algorithm: str = ""
    flavor: str = ""
    format: str = ""
    executes_code: bool = True
    size: int = 0
    digest: str = ""
    created_at: str = ""
    created_by: str = ""
    parents: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    environment: Mapping[str, Any] = field(default_factory=dict)
    code: Mapping[str, Any] = field(default_factory=dict)
    training_seconds: float | None = None
    training_rows: str | None = None
    example: str | None = None
    recorded_code: str | None = None
    recorded_sources: str | None = None
    reproduction: Mapping[str, str] = field(default_factory=dict)
    approval: Approval = "PendingManualApproval"
    status: Status = "active"
    signed_by: str = ""
    trusted: bool = True
    stray_aliases: tuple[str, ...] = ()
    stray_fields: tuple[str, ...] = ()
    collected_at: str = ""
    collected_by: str = ""
    evaluations: tuple[Evaluation, ...] = ()
    registration: Registration | None = field(default=None, compare=False)
    edit: Edit | None = field(default=None, compare=False)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ref(self) -> str:
        """The reference ``name@version``."""
        return f"{self.name}@{self.version}"

    @classmethod
    def built(cls, known: dict[str, Any]) -> ModelVersion:
        """Build from fields that are known to be right; the dict becomes the version's own.

        A frozen dataclass sets each of its thirty fields by a call: most of the time that a long listing takes.
        """
        version = object.__new__(cls)
        whole = known if len(known) == _FIELD_COUNT else {**_DEFAULTS, **known}
        object.__setattr__(version, "__dict__", whole)
        return version


_FIELD_COUNT = len(fields(ModelVersion))
# Mappings among them are shared by all versions that lack the field; nobody may change them.
_DEFAULTS: dict[str, Any] = {
    f.name: f.default_factory() if f.default_factory is not MISSING else f.default
    for f in fields(ModelVersion)
    if f.default_factory is not MISSING or f.default is not MISSING
}
DOCUMENT_FIELDS = frozenset(f.name for f in fields(ModelVersion)) - {
    "trusted",
    "stray_aliases",
    "stray_fields",
    "collected_at",
    "collected_by",
    "evaluations",
    "registration",
    "edit",
    "extra",
}


@dataclass(frozen=True, repr=False)
class RegisteredModel(Shown):
    """A name with versions.

    Attributes
    ----------
    name : str
    versions : int
        How many there are.
    latest : int
        The highest number.
    aliases : dict
        Alias to version number.
    updated_at : str
        When the latest version came.
    stray_aliases : tuple of str
        Those that a key moved last which is not trusted here.
    """

    name: str
    versions: int
    latest: int
    aliases: Mapping[str, int]
    updated_at: str
    stray_aliases: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Event(Shown):
    """One entry of the journal: who did what, when and why.

    Attributes
    ----------
    seq : int
        Number of the commit, from 1.
    at, actor, verb, ref, reason : str
    detail : dict
        What the verb changed, e.g. ``{"alias": "champion", "from": "churn@1"}``.
    key : str
        Public key that signed the commit.
    trusted : bool
        Whether that key is trusted here.
    """

    seq: int
    at: str
    actor: str
    verb: str
    ref: str
    reason: str
    detail: Mapping[str, Any]
    key: str = ""
    trusted: bool = True


@dataclass(frozen=True)
class Gate:
    """One requirement that stands before an alias, and who set it.

    Attributes
    ----------
    requirement : str
        E.g. ``"roc_auc >= 0.9"``.
    of : str
        What it was set for: ``"churn@champion"``, or ``"champion"`` of every model.
    at, actor, key : str
    trusted : bool
        Whether that key is trusted here.
    """

    requirement: str
    of: str
    at: str = ""
    actor: str = ""
    key: str = ""
    trusted: bool = True


@dataclass(frozen=True, repr=False)
class Policy(Shown):
    """What is required before an alias is put on a version.

    Attributes
    ----------
    of : str
        ``"churn@champion"``, or ``"champion"`` for every model that has no policy of its own.
    gates : tuple of Gate
        All that are in force.
    edit : Edit or None
        How it was changed, right after that.
    """

    of: str
    gates: tuple[Gate, ...] = ()
    edit: Edit | None = field(default=None, compare=False)

    @property
    def require(self) -> tuple[str, ...]:
        """The requirements alone."""
        return tuple(gate.requirement for gate in self.gates)

    @property
    def model(self) -> str:
        """The model, ``""`` for every one."""
        return self.of.rpartition("@")[0]

    @property
    def alias(self) -> str:
        """The alias."""
        return self.of.rpartition("@")[2]

    def to_frame(self) -> pd.DataFrame:
        """Give one row a gate: requirement, of, at, actor, key, trusted."""
        import pandas as pd

        columns = [f.name for f in fields(Gate)]
        return pd.DataFrame([[getattr(gate, key) for key in columns] for gate in self.gates], columns=columns)


@dataclass(frozen=True, repr=False)
class Evaluation(Shown):
    """Metrics and per-row predictions of one version on one evaluation set.

    Attributes
    ----------
    ref, name, at : str
    metrics : dict
    n : int
        Rows.
    dataset : Dataset
    task : str
        ``"binary"``, ``"multiclass"`` or ``"regression"``.
    rows : dict
        Arrays of length ``n``: ``target``, ``prediction``, for classifiers ``score`` (``n`` values for binary,
        ``n × classes`` for multiclass), and ``fingerprint``, by which a row is found among others; earlier releases
        did not keep that.
    trusted : bool
        Whether the key that signed it is trusted here.
    warnings : tuple of str
        What was left out and why; said once, right after it was measured.
    on_training_rows : bool
        Whether the version was trained on these rows, as far as its record tells.
    trained_on : tuple of ColumnProfile
        How the columns of its training data are spread; empty where that was not kept.
    scores, first_scores : ColumnProfile or None
        How the scores, or predicted numbers, are spread here and on the rows of the version's first evaluation.
    """

    ref: str
    name: str
    at: str
    metrics: Mapping[str, float]
    n: int
    dataset: Dataset
    task: str
    rows: Mapping[str, Any] = field(default_factory=dict, compare=False)
    trusted: bool = True
    warnings: tuple[str, ...] = field(default=(), compare=False)
    on_training_rows: bool = False
    trained_on: tuple[ColumnProfile, ...] = field(default=(), compare=False)
    scores: ColumnProfile | None = field(default=None, compare=False)
    first_scores: ColumnProfile | None = field(default=None, compare=False)

    def to_frame(self) -> pd.DataFrame:
        """Give one row for each row that was evaluated: target, prediction and scores."""
        import pandas as pd

        columns: dict[str, Any] = {}
        for name, values in self.rows.items():
            if name == "fingerprint":  # which says nothing to a reader
                continue
            if values.ndim == 1:
                columns[name] = values
            else:
                columns |= {f"{name}.{index}": values[:, index] for index in range(values.shape[1])}
        return pd.DataFrame(columns)
