"""The registry: the one door. Every verb is a method here; what it does stands in :mod:`nbregistry.operations`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, overload

from nbregistry.errors import Refused
from nbregistry.location import locate
from nbregistry.model import ModelVersion
from nbregistry.operations import kinds
from nbregistry.operations.resolving import resolve, warn_of_a_stray_alias
from nbregistry.operations.values import check_text
from nbregistry.operations.workspace import Workspace
from nbregistry.outcomes import Acceptance
from nbregistry.reference import CHAMPION, recorded_ref
from nbregistry.shown import Shown

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from nbregistry.bom import BillOfMaterials
    from nbregistry.evaluation.comparison import Comparison
    from nbregistry.inspection import Inspection
    from nbregistry.journals import JournalFile
    from nbregistry.lineage import Lineage
    from nbregistry.listings import AliasLog, Evaluations, Journal, Models, Policies, Versions
    from nbregistry.model import Approval, Evaluation, Policy
    from nbregistry.model_card import ModelCard
    from nbregistry.operations.loading import Trust
    from nbregistry.operations.registration.request import Labelled
    from nbregistry.operations.resolving import Ref
    from nbregistry.outcomes import (
        Assessment,
        Collection,
        Promotion,
        RegistrySummary,
        Reproduction,
        Rollback,
        Transfer,
        TrustedKey,
        Verification,
    )
    from nbregistry.provenance.cells.recorded import RecordedCode
    from nbregistry.widgets import Panel


class Registry(Shown):
    """A model registry in a folder.

    Parameters
    ----------
    url : str or path, optional
        Default: ``NBREGISTRY_URL``; else the nearest ``.nbregistry/`` in this folder or above; else
        ``.nbregistry/`` here, made at the first :meth:`register`.
    read_only : bool, default False
        Refuse every change.
    loads_models : bool, default True
        False where no model may be deserialised, e.g. in a server: :meth:`load` is refused, and the checks before an
        alias moves say that loading was not tried.

    Raises
    ------
    NotFound
        If the place holds something else, or nothing and ``read_only`` is set.
    Refused
        If the registry needs a newer release.

    Examples
    --------
    >>> import tempfile
    >>> from sklearn.linear_model import LogisticRegression
    >>> registry = Registry(tempfile.mkdtemp())
    >>> X, y = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]
    >>> version = registry.register("churn", LogisticRegression().fit(X, y), on=(X, y), alias="champion")
    >>> version.ref, version.metrics["accuracy"]
    ('churn@1', 1.0)
    >>> registry.load("churn@champion").predict([[3.0]])
    array([1])
    """

    def __init__(
        self, url: str | os.PathLike[str] | None = None, *, read_only: bool = False, loads_models: bool = True
    ) -> None:
        if not isinstance(url, str) and url is not None:  # the text may be a URL: a path would spoil it
            url = kinds.path("url", url)
        self._workspace = Workspace(locate(url), read_only=read_only, loads_models=loads_models)

    # -- what there is ---------------------------------------------------------------------------------------

    @property
    def path(self) -> Path:
        """The registry's folder."""
        return self._workspace.root

    @property
    def read_only(self) -> bool:
        """Whether it was opened so: then it refuses every change."""
        return self._workspace.read_only

    def summary(self) -> RegistrySummary:
        """Say where this registry is, what it holds, who signed it, and whose keys are trusted.

        A history that every other verb refuses, as it lacks what was there before, is told and not raised.
        """
        from nbregistry.operations.signing import summarize

        return summarize(self._workspace)

    def get(self, ref: Ref) -> ModelVersion:
        """Give the record of a version.

        Parameters
        ----------
        ref : str or ModelVersion
            ``churn@3``, ``churn@champion``, ``churn@latest``, ``churn@champion~1`` (the holder before),
            ``churn@champion{2026-01-01}`` (the holder at that moment, UTC), ``models:/churn/3`` …

        Raises
        ------
        InvalidName, NotFound
        """
        document = resolve(self._workspace.view(), ref)
        return self._workspace.records.version(document)

    def versions(
        self,
        name: str | None = None,
        *,
        where: str | None = None,
        order_by: str | Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
        plot: str | Sequence[str] = (),
    ) -> Versions:
        """List the versions of a model, oldest first, or those of all models.

        Parameters
        ----------
        name : str, optional
        where : str, optional
            A filter, e.g. ``"metrics.roc_auc > 0.9 AND tags.team = 'fraud'"``.
        order_by : str or sequence of str, default ()
            Fields, e.g. ``"metrics.roc_auc"``; a leading ``-`` puts the largest first. What lacks the field comes last.
        limit : int, optional
            At most so many; ``total`` still counts all.
        offset : int, default 0
            How many to leave out before the first.
        plot : str or sequence of str, default ()
            Metrics to draw over the versions and over time, with the champion's moves, e.g. ``"metrics.roc_auc"``; all
            versions that match are drawn, whatever ``limit`` lists of them.

        Raises
        ------
        InvalidName, NotFound, InvalidFilter
        Refused
            For a plot without a name.
        """
        from nbregistry.operations.listing import list_versions

        return list_versions(
            self._workspace,
            name,
            where=kinds.text("where", where),
            order_by=kinds.texts("order_by", order_by) or (),
            limit=kinds.whole_number("limit", limit),
            offset=kinds.whole_number("offset", offset) or 0,
            plot=kinds.texts("plot", plot) or (),
        )

    def models(self, where: str | None = None) -> Models:
        """List the registered models; with a filter, those with a version that matches it."""
        from nbregistry.operations.listing import list_models

        return list_models(self._workspace, kinds.text("where", where))

    @overload
    def log(self, name: str | None = None, *, limit: int | None = None, alias: None = None) -> Journal: ...
    @overload
    def log(self, name: str | None = None, *, limit: int | None = None, alias: str) -> AliasLog: ...
    def log(self, name: str | None = None, *, limit: int | None = None, alias: str | None = None) -> Journal | AliasLog:
        """Give the journal, or what of it concerns one model, newest last; or what an alias was on.

        Parameters
        ----------
        name : str, optional
        limit : int, optional
            Only so many of the last.
        alias : str, optional
            Of the model: what it was on, from when to when, by whom and why.

        Raises
        ------
        NotFound
            If there is no such model or alias.
        """
        from nbregistry.operations.listing import list_events, list_holders

        most = kinds.whole_number("limit", limit)
        if alias is not None:
            return list_holders(self._workspace, name, alias, limit=most)
        return list_events(self._workspace, name, limit=most)

    def export_log(self, path: str | os.PathLike[str], name: str | None = None) -> JournalFile:
        """Write the journal to a file that can be checked without this registry: :func:`nbregistry.verify_log`.

        Parameters
        ----------
        path : str or path
            One commit a line, as JSON, as they were signed; a heading before them, and a signed seal behind.
        name : str, optional
            Only what concerns this model. That nothing of it is missing, the seal says, and no commit can prove.

        Raises
        ------
        NotFound
            If there is no such model, or nothing in the journal.
        Refused
            If there is such a file.
        Corrupt, StorageError
        """
        from nbregistry.operations.journal_file import export_log

        return export_log(self._workspace, kinds.path("path", path), kinds.text("name", name))

    def card(self, ref: Ref) -> ModelCard:
        """Give the model card of a version: what its record tells to somebody who did not make it.

        Its intended use, its limits and its license are a person's words: the tags ``intended_use``, ``limits`` and
        ``license``. What nobody said, measured or decided is listed as not known. No model is loaded.

        Parameters
        ----------
        ref : str or ModelVersion

        Returns
        -------
        ModelCard
            Which shows itself, and has ``to_markdown()`` for a file ``README.md`` in the form of the Hugging Face Hub.

        Raises
        ------
        NotFound
        """
        from nbregistry.operations.carding import model_card

        return model_card(self._workspace, ref)

    def bom(self, ref: Ref) -> BillOfMaterials:
        """Give the bill of materials of a version: the model, its data sets, what it uses, Python and the packages.

        Parameters
        ----------
        ref : str or ModelVersion

        Returns
        -------
        BillOfMaterials
            With ``to_json()``, a CycloneDX document; the same record gives the same one.

        Raises
        ------
        NotFound
        Refused
            If the library that writes it is not installed: ``pip install 'nbregistry[bom]'``.
        """
        from nbregistry.operations.billing import bill_of_materials

        return bill_of_materials(self._workspace, ref)

    def lineage(self, ref: Ref, *, depth: int | None = None, up: bool = True, down: bool = True) -> Lineage:
        """Give the relatives of a version: parents, siblings, data sets, what it uses, and what depends on it.

        Parameters
        ----------
        ref : str or ModelVersion
            Or a data set, as a lineage names it: ``data:sha256:ab12…``, of which the first few digits will do.
        depth : int, optional
            At most so many steps away.
        up, down : bool, default True
            Whether to look for what made it, and for what depends on it.

        Raises
        ------
        InvalidName, NotFound
        Refused
            If that leaves nothing to show.
        """
        from nbregistry.operations.listing import trace

        return trace(self._workspace, ref, depth=kinds.whole_number("depth", depth), up=up, down=down)

    def model_names(self) -> list[str]:
        """Names of the registered models."""
        return sorted(self._workspace.view().names())

    def alias_names(self, name: str) -> list[str]:
        """Aliases of a model; none if there is no such model."""
        return sorted(self._workspace.view().aliases_of(name))

    def latest(self, name: str) -> int:
        """Give the highest version number of a model; 0 if there is no such model."""
        return self._workspace.view().count(name)

    def metric_names(self, name: str | None = None) -> list[str]:
        """Names of the metrics that versions of a model, or of any, have."""
        view = self._workspace.view()
        documents = view.all_versions() if name is None else view.versions_of(name)
        return sorted({metric for document in documents for metric in document["metrics"]})

    def head(self) -> tuple[int, str]:
        """Give the number and the digest of the last commit, fresh from disk: they change whenever anything does.

        Returns
        -------
        tuple of int and str
            ``(0, "")`` before the first commit.
        """
        self._workspace.view()
        head = self._workspace.catalog.head  # one look: another thread may be catching up
        return head.seq, head.digest

    # -- models in and out -----------------------------------------------------------------------------------

    def register(
        self,
        name: str,
        model: Any,
        *,
        on: Labelled | None = None,
        train: Labelled | None = None,
        keep: str | Sequence[str] | None = None,
        data: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        metrics: Mapping[str, float] | None = None,
        tags: Mapping[str, Any] | None = None,
        parents: Ref | Sequence[Ref] = (),
        depends_on: Ref | Sequence[Ref] = (),
        find_lineage: bool = True,
        alias: str | None = None,
        description: str = "",
        input_example: Any = None,
        weights: Any = None,
        format: str | None = None,  # noqa: A002
        on_name: str = "",
        train_name: str = "",
        model_text: str = "",
        training_seconds: float | None = None,
        namespace: Mapping[str, Any] | None = None,
    ) -> ModelVersion:
        """Keep a model, what made it and how good it is, as the next version of a name.

        Parameters
        ----------
        name : str
        model : object
            An estimator of scikit-learn, XGBoost or LightGBM, a PyTorch module or dict of tensors, an array or a dict
            of arrays, a path to a file or folder, or any Python object.
        on : (X, y), optional
            Evaluate the model on these rows and keep metrics and predictions.
        train : (X, y), optional
            Training data, of which shape and fingerprints are kept.
        keep : str or sequence of str, optional
            Columns of the X of ``on`` to keep beside the predictions, by name, or by number where they have none: by
            these versions can be compared later without the data. No other column is kept.
        data : dict, optional
            Other data sets that it depends on, by name, e.g. a table that features were joined from: shape, ranges and
            fingerprints are kept, and no row.
        params, metrics, tags : dict, optional
            Added to what is found out; where both have a name, these win, and such metrics are marked as given.
        parents, depends_on : str or ModelVersion, or a sequence of them
            Versions it was trained from, and versions whose output it takes as input.
        find_lineage : bool, default True
            Add those that nobody named: a version that the model, or a part of it, was loaded from is a parent.
        alias : str, optional
            Moved to the new version in the same commit.
        description : str
        input_example : optional
            Rows that show what the model takes: up to 100 of them are kept with what the model says of them, to see
            later that it still says the same. Left out, they are taken from the training data, else from ``on``;
            ``False`` keeps none.
        weights : array-like of one number a row, optional
            How much each row of ``on`` counts in every metric, and in every test of a later comparison.
        format : str, optional
            How it is stored, where its flavor has a choice: ``"skops"`` is for scikit-learn models that people load who
            do not know your key. Left out, the flavor chooses: its framework's own data format, or else pickle.
        on_name, train_name : str
            What the data are called in the notebook.
        model_text : str
            The expression that gives the model there; found out if left out.
        training_seconds : float, optional
            How long the fit took.
        namespace : dict, optional
            The notebook's variables, in which some editors leave the notebook's path.

        Returns
        -------
        ModelVersion
            With ``registration`` set: how long it took, what was stored, what to watch.

        Raises
        ------
        InvalidName, Conflict, NotFound, Refused, StorageError
            Nothing is registered then.
        """
        from nbregistry.operations.capturing_code import begin_registration
        from nbregistry.operations.registration.registering import register
        from nbregistry.operations.registration.request import Request

        begin_registration()
        request = Request.checked(
            name,
            model,
            on=on,
            weights=weights,
            train=train,
            keep=keep,
            data=data,
            params=params,
            metrics=metrics,
            tags=tags,
            parents=parents,
            depends_on=depends_on,
            find_lineage=find_lineage,
            alias=alias,
            description=description,
            input_example=input_example,
            format=format,
            on_name=on_name,
            train_name=train_name,
            model_text=model_text,
            training_seconds=training_seconds,
        )
        return register(self._workspace, request, namespace)

    def load(self, ref: Ref, *, trust: Trust = None) -> Any:
        """Give the model of a version, from verified bytes.

        Parameters
        ----------
        ref : str or ModelVersion
        trust : True, key or keys, or types, optional
            For this call, let code run that was signed by a key you do not trust; or, of a skops artifact, let only
            these types be built, e.g. ``"sklearn.tree._tree.Tree"``.

        Warns
        -----
        UserWarning
            If the reference is an alias that was moved by a key you do not trust: the version is genuine, the choice
            is a stranger's.

        Raises
        ------
        Untrusted
            If it was signed by a stranger and its format can execute code.
        Corrupt
            If its bytes are not those that were registered; nothing was loaded then.
        """
        from nbregistry.provenance.loaded import Origin, remember

        view = self._workspace.view()
        document = resolve(view, ref)
        warn_of_a_stray_alias(view, self._workspace.keyring, ref)
        model = self._workspace.loader.load(document, trust, view.shared_value(document.get("environment")))
        remember(model, Origin(recorded_ref(document), self._workspace.format().id, document["digest"]))
        return model

    def inspect(self, ref: Ref) -> Inspection:
        """Tell what loading a version would import and call, without loading it.

        Advice, and no gate: what may be loaded is decided by who signed it.

        Parameters
        ----------
        ref : str or ModelVersion

        Raises
        ------
        NotFound, Corrupt
        """
        from nbregistry.operations.inspecting import inspect

        return inspect(self._workspace, ref)

    def code(self, ref: Ref) -> RecordedCode:
        """Show the code that made a version: the cells that ran, cut to the lines it took.

        Parameters
        ----------
        ref : str or ModelVersion

        Raises
        ------
        NotFound
            If none was recorded: it was not registered in a notebook that had loaded the extension.
        """
        from nbregistry.operations.recorded_code import code_of

        return code_of(self._workspace, ref)

    def reproduce(self, ref: Ref, *, environment: bool = False, trust: Trust = None) -> Reproduction:
        """Run the code that made a version in a fresh kernel, and compare what it makes with what was kept.

        It runs in an empty folder, beside the modules and the unchanged files that it was beside. How it went is kept
        with the version, unless the registry is read-only.

        Parameters
        ----------
        ref : str or ModelVersion
        environment : bool, default False
            Install the packages that it was made with into an environment of their own, and run it there; else those
            that are here are used.
        trust : bool, str or iterable of str, optional
            As in :meth:`load`, for this call: whose code may run.

        Raises
        ------
        NotFound
            If no code was recorded, or the artifacts were collected.
        Refused
            If the code is empty, or the Python that it was made with is not here.
        Untrusted
            If a key signed it that is not trusted.
        StorageError
            If there is no room for the folder in which it runs.
        """
        from nbregistry.operations.reproduction.reproducing import reproduce

        return reproduce(self._workspace, ref, environment=environment, trust=trust)

    def evaluate(
        self,
        ref: Ref,
        X: Any,
        y: Any,
        *,
        weights: Any = None,
        name: str = "",
        on_name: str = "",
        keep: str | Sequence[str] | None = None,
    ) -> Evaluation:
        """Evaluate a version and keep metrics and predictions beside it.

        Parameters
        ----------
        ref : str or ModelVersion
        X, y : array-like
            Rows and targets.
        weights : array-like of one number a row, optional
            How much each row counts in every metric, and in every test of a later comparison.
        name : str
            What to call the evaluation set, e.g. ``"2026-11 holdout"``.
        on_name : str
            What the data are called in the notebook.
        keep : str or sequence of str, optional
            Columns of X to keep beside the predictions, as :meth:`register` has it.

        Raises
        ------
        NotFound, Untrusted, Corrupt
        Refused
            If the model cannot be evaluated on these rows, or X lacks a column to keep.
        """
        from nbregistry.operations.evaluating import evaluate

        kinds.rows_and_targets(X, y)
        names = tuple(kinds.texts("keep", keep) or ())
        return evaluate(self._workspace, ref, X, y, weights=weights, name=name, on_name=on_name, keep=names)

    def evaluations(self, ref: Ref) -> Evaluations:
        """Give the evaluations of a version, oldest first."""
        from nbregistry.listings import Evaluations

        version = self.get(ref)
        return Evaluations(version.evaluations, len(version.evaluations), version.ref)

    def compare(
        self,
        *refs: Ref,
        on: Labelled | None = None,
        weights: Any = None,
        by: str | Sequence[str] | None = None,
        slices: bool = False,
        metrics: str | Sequence[str] | None = None,
        alpha: float = 0.05,
        margin: float | None = None,
        rows: str | None = None,
        plots: str | Sequence[str] | None = None,
    ) -> Comparison:
        """Put versions side by side, each against the champion if it is among them, else against the first.

        Parameters
        ----------
        *refs : str or ModelVersion
            Two or more.
        on : (X, y), optional
            Evaluate all of them on these rows, now. Without it, stored evaluations on the same rows are used.
        weights : array-like of one number a row, optional
            How much each row of ``on`` counts. Every test is a weighted paired jackknife then, of
            medians a bootstrap.
        by : str or sequence of str, optional
            Columns of X to split the metrics by; without ``on``, columns that the stored evaluations keep.
        slices : bool, default False
            Look for the weakest slices of X (or of the columns kept): found on one half of the rows, confirmed on the
            other.
        metrics : str or sequence of str, optional
            Only these. Fewer tests find smaller differences: p-values are adjusted for all that are made.
        alpha : float, default 0.05
            The chance of finding a difference somewhere where there is none.
        margin : float, optional
            Differences smaller than this do not matter: versions that surely differ by less are equivalent.
        rows : str, optional
            What to do with versions that were evaluated on different rows, which are not tested otherwise.
            ``"shared"`` tests in pairs on the rows that all of them were evaluated on. ``"unpaired"`` tests each on
            its own rows: unpaired DeLong (ROC AUC), two proportions (accuracy, recall of two classes), Welch (means of
            losses) or two jackknives. The same rows in another order or another kind of table are no different rows.
        plots : str or sequence of str, optional
            What to plot: ``"roc"``, ``"pr"``, ``"calibration"``, ``"confusion"`` and ``"scores"`` for classifiers,
            ``"predicted"`` and ``"residuals"`` for regressions, ``"all"`` or ``"none"``. By default the ROC curves of
            two classes, the confusion matrices of more, or predicted against true numbers.

        Returns
        -------
        Comparison
            Each difference was tested where both versions were evaluated on the same rows: by DeLong's test (ROC AUC),
            McNemar's (accuracy, recall of two classes), permutation (means of losses) or a paired jackknife (the rest).

        Raises
        ------
        NotFound, Untrusted, Corrupt
        Refused
            For fewer than two versions, a column or a plot that is not there, slices of no rows or of too few, or an
            ``alpha`` or ``margin`` that makes no sense.
        """
        from nbregistry.operations.comparing import compare

        kinds.one_by_one("compare", refs)
        return compare(
            self._workspace,
            refs,
            on=kinds.labelled("on", on),
            weights=weights,
            by=kinds.texts("by", by),
            slices=slices,
            metrics=kinds.texts("metrics", metrics),
            alpha=kinds.between("alpha", alpha, 0, 0.5),
            margin=None if margin is None else kinds.between("margin", margin, 0, math.inf),
            rows=kinds.one_of("rows", rows, ("shared", "unpaired")),
            plots=kinds.texts("plots", plots),
        )

    def panel(self, name: str | None = None) -> Panel:
        """Give a panel of the versions of a model: to search, compare, promote and roll back by clicking.

        Parameters
        ----------
        name : str, optional
            The model to begin with; default: the one that was registered last.

        Returns
        -------
        Panel
            A widget that shows itself at the end of a cell.

        Raises
        ------
        NotFound
            If there is no such model.
        """
        from nbregistry.widgets import Panel

        return Panel(self, name)

    # -- what is in use --------------------------------------------------------------------------------------

    def promote(
        self,
        ref: Ref,
        alias: str = CHAMPION,
        *,
        reason: str = "",
        require: str | Sequence[str] | None = None,
        force: bool = False,
        dry_run: bool = False,
        leaving: str | None = None,
        isolated: bool = False,
    ) -> Promotion:
        """Put an alias on a version, after it was checked, and what is required of it.

        Checked are, in this order, its bytes and signature, the environment, the versions that it uses, that it loads,
        that it says of its example what it said, what is required, and who depends on the version that leaves.

        Parameters
        ----------
        ref : str or ModelVersion
        alias : str
        reason : str
        require : str or sequence of str, optional
            What it has to show, as :meth:`check` has it.
        force : bool, default False
            Go on although a check failed or something required was not shown; needs a reason, and the journal keeps
            what failed. A rejected or archived version is refused all the same.
        dry_run : bool, default False
            Check and say what would change; change nothing.
        leaving : str, optional
            Only if the alias is on this version now, ``""`` for none: what a dry run showed.
        isolated : bool, default False
            Load it and let it predict in a process of its own: a model that crashes fails the check, and nothing else.

        Raises
        ------
        InvalidRequirement
            If what is required cannot be read.
        Refused
            If a check failed, or the version is rejected or archived.
        Conflict
            If the alias is no longer on ``leaving``.
        """
        from nbregistry.operations.moving import promote

        return promote(
            self._workspace,
            ref,
            alias,
            check_text("a reason", reason),
            require=kinds.texts("require", require) or (),
            force=force,
            dry_run=dry_run,
            leaving=leaving,
            isolated=isolated,
        )

    def check(self, ref: Ref, require: str | Sequence[str] | None = None, alias: str = CHAMPION) -> Assessment:
        """Judge whether a version shows what is required of it, by stored evaluations; no model is loaded.

        Parameters
        ----------
        ref : str or ModelVersion
        require : str or sequence of str, optional
            Separated by commas: ``roc_auc >= 0.9``, ``roc_auc surely >= 0.9`` (by its one-sided 95% bound),
            ``roc_auc better than champion`` and ``not worse than champion`` (by verdict), both also ``by 0.01`` or
            ``by 2%`` (by the one-sided 95% bound of the difference), ``n >= 500`` (rows), ``approved``, ``approved by
            another`` (than who registered it). Another version is an alias or a number of the same model, or a whole
            reference. All but approvals may end in ``on holdout``: the rows of the evaluation of that name, or of data
            whose digest begins so (``on sha256:9118420e``); else they are those of the newest evaluation.
        alias : str
            The alias that it would get.

        Returns
        -------
        Assessment
            Its ``ok`` is true if no check failed. Where there is nothing to judge by, a check fails and says so.

        Raises
        ------
        InvalidRequirement
            If what is required cannot be read.
        Refused
            If nothing is required.
        """
        from nbregistry.operations.gating import check

        return check(self._workspace, ref, kinds.texts("require", require) or (), alias)

    def policy(
        self,
        of: str,
        require: str | Sequence[str] | None = None,
        *,
        clear: bool = False,
        reason: str = "",
        dry_run: bool = False,
    ) -> Policy:
        """Give what is required before an alias is put on a version; set it, or clear it.

        It is asked at every :meth:`promote` to that alias, and at a :meth:`rollback` to a version that never held it.

        Parameters
        ----------
        of : str
            ``"churn@champion"``, or ``"champion"`` for every model that has no policy of its own for it.
        require : str or sequence of str, optional
            What is required from now on, in the words of :meth:`check`, in the place of what was.
        clear : bool, default False
            Require nothing from now on; of a model: no more than of every model. Without a policy nothing is changed,
            and ``edit`` stays None.
        reason : str
            For the journal.
        dry_run : bool, default False
            Give it as it would be; change nothing.

        Returns
        -------
        Policy
            What a trusted key set last, and besides, what other keys have set since then: they can only add.

        Raises
        ------
        InvalidRequirement, InvalidName, NotFound
        Refused
            If ``require`` and ``clear`` are both given.
        """
        from nbregistry.operations import policies

        wanted = kinds.texts("require", require)
        if not clear and wanted is None:
            return policies.read(self._workspace, of)
        if clear and wanted is not None:
            raise Refused("a policy is set or cleared, not both", hint="leave out one of the two")
        if not clear and not wanted:
            raise Refused("nothing is required", hint="clear=True takes a policy away")
        return policies.write(self._workspace, of, wanted or (), reason=reason, dry_run=dry_run)

    def policies(self) -> Policies:
        """List the policies that are in force."""
        from nbregistry.operations.policies import every

        return every(self._workspace)

    def refuse_gated(self, name: str, alias: str) -> None:
        """Refuse what :meth:`register` would refuse of an alias that has a policy, before a model is there.

        Raises
        ------
        Refused
        """
        from nbregistry.operations.gating import refuse_gated

        refuse_gated(self._workspace, self._workspace.view(), name, alias)

    def rollback(
        self,
        name: str,
        *,
        to: Ref | None = None,
        alias: str = CHAMPION,
        reason: str = "",
        dry_run: bool = False,
        force: bool = False,
        leaving: str | None = None,
        isolated: bool = False,
    ) -> Rollback:
        """Put an alias back on its earlier holder; the version it leaves becomes ``rolled_back``.

        Parameters
        ----------
        name : str
        to : str or ModelVersion, optional
            A version of the model; default: the latest earlier holder that is active and not rejected.
        alias : str
        reason : str
        dry_run : bool, default False
            Check and say what would change; change nothing.
        force : bool, default False
            Go on although a check failed; needs a reason. A rejected or archived version that never held the alias is
            refused all the same.
        leaving : str, optional
            Only if the alias is on this version now: what a dry run showed.
        isolated : bool, default False
            As :meth:`promote` has it.

        Raises
        ------
        NotFound
            If the alias does not exist.
        Conflict
            If somebody moved the alias meanwhile; nothing was changed then.
        Refused
            If there is no earlier holder, or a check failed.
        """
        from nbregistry.operations.moving import rollback

        to = self.get(to).ref if isinstance(to, ModelVersion) else to
        return rollback(
            self._workspace,
            name,
            to=to,
            alias=alias,
            reason=reason,
            dry_run=dry_run,
            force=force,
            expected=leaving,
            isolated=isolated,
        )

    # -- words about a version -------------------------------------------------------------------------------

    def tag(self, ref: Ref, /, **tags: Any) -> ModelVersion:
        """Set tags; a value of ``None`` removes one."""
        from nbregistry.operations.annotating import tag

        return tag(self._workspace, ref, tags)

    def set_tags(
        self,
        ref: Ref,
        tags: Mapping[str, Any],
        *,
        reason: str = "",
        dry_run: bool = False,
        replacing: str | None = None,
    ) -> ModelVersion:
        """Set tags as :meth:`tag` does, with a reason or as a dry run: there, any such word would be a tag.

        Parameters
        ----------
        ref : str or ModelVersion
        tags : dict
            A value of ``None`` removes one.
        reason : str
            For the journal.
        dry_run : bool, default False
            Give the version as it would be; change nothing.
        replacing : str, optional
            What a dry run gave as ``edit.replaces``: change it only if these values are still as they were then.

        Raises
        ------
        Conflict
            If they are not.
        """
        from nbregistry.operations.annotating import tag

        checked = kinds.mapping("tags", tags, "team='crm'")
        return tag(self._workspace, ref, checked, reason=reason, dry_run=dry_run, replacing=replacing)

    def describe(
        self, ref: Ref, text: str, *, reason: str = "", dry_run: bool = False, replacing: str | None = None
    ) -> ModelVersion:
        """Set the description; a dry run and ``replacing`` are those of :meth:`set_tags`."""
        from nbregistry.operations.annotating import describe

        return describe(self._workspace, ref, text, reason=reason, dry_run=dry_run, replacing=replacing)

    def approve(
        self, ref: Ref, status: Approval, *, reason: str, dry_run: bool = False, replacing: str | None = None
    ) -> ModelVersion:
        """Set the approval, and say why.

        Parameters
        ----------
        ref : str or ModelVersion
        status : {"PendingManualApproval", "Approved", "Rejected"}
            In any case.
        reason : str
            For the journal: whoever asks later finds it there.
        dry_run : bool, default False
            Give the version as it would be; change nothing.
        replacing : str, optional
            As of :meth:`set_tags`.

        Raises
        ------
        Refused
            For another status, or an empty reason.
        Conflict
            If somebody set another one than ``replacing`` stands for.
        """
        from nbregistry.operations.annotating import approve

        return approve(self._workspace, ref, status, reason, dry_run=dry_run, replacing=replacing)

    def archive(
        self, ref: Ref, *, reason: str = "", dry_run: bool = False, replacing: str | None = None
    ) -> ModelVersion:
        """Put a version aside: it stays loadable and is no longer promoted or rolled back to.

        Raises
        ------
        Refused
            If an alias is on it; in a dry run too.
        """
        from nbregistry.operations.annotating import archive

        return archive(self._workspace, ref, reason=reason, dry_run=dry_run, replacing=replacing)

    def restore(
        self, ref: Ref, *, reason: str = "", dry_run: bool = False, replacing: str | None = None
    ) -> ModelVersion:
        """Make an archived or rolled back version ``active`` again; in a dry run, only say so.

        Raises
        ------
        Refused
            If its artifacts were collected and are no longer in the trash.
        """
        from nbregistry.operations.annotating import restore

        return restore(self._workspace, ref, reason=reason, dry_run=dry_run, replacing=replacing)

    # -- looking after the registry --------------------------------------------------------------------------

    def verify(self) -> Verification:
        """Read everything and say what is not as it was written."""
        from nbregistry.operations.verifying import verify

        return verify(self._workspace)

    def gc(self, *, dry_run: bool = True, archived: bool = False) -> Collection:
        """Move to the trash what nothing refers to; by default only say what that would be.

        Parameters
        ----------
        dry_run : bool, default True
            Tell the exact bytes, and what would be lost; change nothing.
        archived : bool, default False
            Also drop the artifacts of archived versions, except of those that an alias points to and those that other
            versions came from or use. Their records, evaluations and numbers stay, and so does what others share;
            :meth:`restore` brings the artifacts back while they lie in the trash.

        Raises
        ------
        Conflict
            If one of them was restored meanwhile, or is needed; nothing was collected then.
        """
        from nbregistry.operations.collecting import collect

        return collect(self._workspace, dry_run=dry_run, archived=archived)

    def backup(self, path: str | os.PathLike[str]) -> Transfer:
        """Copy the registry into a folder, or bring such a copy up to date."""
        from nbregistry.operations.backing_up import backup

        return backup(self._workspace, kinds.path("path", path))

    def export(self, ref: Ref, path: str | os.PathLike[str]) -> Transfer:
        """Write a version, with its ancestry, into one file for another registry."""
        from nbregistry.operations.transfer import export

        return export(self._workspace, ref, kinds.path("path", path))

    def export_notebook(self, ref: Ref, path: str | os.PathLike[str]) -> Transfer:
        """Write the code that made a version into a new notebook that runs; its record is the first cell."""
        from nbregistry.operations.notebook_file import export_notebook

        return export_notebook(self._workspace, ref, kinds.path("path", path))

    def export_environment(self, ref: Ref, path: str | os.PathLike[str], *, lock: bool = False) -> Transfer:
        """Write the packages that a version was made with into a new file.

        Parameters
        ----------
        ref : str or ModelVersion
        path : str or path
        lock : bool, default False
            As a ``pylock.toml`` (PEP 751), which says itself what it lacks; else as a requirements list.
        """
        from nbregistry.operations.environment_file import export_environment

        return export_environment(self._workspace, ref, kinds.path("path", path), lock=lock)

    def import_(self, path: str | os.PathLike[str]) -> Transfer:
        """Take the versions of an exported file in, all or nothing; what is here already stays as it is."""
        from nbregistry.operations.transfer import import_

        return import_(self._workspace, kinds.path("path", path))

    def trust(self, key: str, label: str = "") -> TrustedKey:
        """Trust a public key for good; kept with this user, not in the registry."""
        return self._workspace.keyring.trust(check_text("a key", key), check_text("a label", label))

    def untrust(self, key: str) -> TrustedKey:
        """No longer trust a key."""
        return self._workspace.keyring.untrust(check_text("a key", key))

    def accept(self) -> Acceptance:
        """Say that the history here is meant as it is, although you saw more of it, or another one, at this place.

        A log that was cut or rewritten, and an older copy that was put back, are refused by every other verb.

        Raises
        ------
        Corrupt
            If it is damaged besides.
        StorageError
            If that cannot be kept with your keys.
        """
        seen, refused = self._workspace.catalog.accept()
        return Acceptance(str(self.path), self._workspace.catalog.head.seq, seen, refused)
