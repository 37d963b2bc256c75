"""Whether a version passes its gates: one check for each requirement, with the figure that decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.errors import RegistryError
from nbregistry.evaluation.comparison import ALPHA
from nbregistry.evaluation.costs import COSTS
from nbregistry.evaluation.formulas import METRICS
from nbregistry.evaluation.significance.alone import interval_alone
from nbregistry.operations.drawing import with_bar
from nbregistry.operations.gates.found import Found
from nbregistry.operations.gates.requirements import (
    SIGNS,
    Approved,
    Better,
    Margin,
    NotWorse,
    Requirement,
    RowCount,
    Threshold,
)
from nbregistry.operations.gates.rivals import Compared, Key, compare_all, find_rival
from nbregistry.operations.gates.wording import (
    figure,
    lacking,
    not_on_these,
    of_rows,
    tested,
    too_few,
    unmeasured,
    untested_cost,
)
from nbregistry.reference import quoted, recorded_ref
from nbregistry.trust import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbregistry.catalog.view import View
    from nbregistry.operations.gates.evidence import Document, Evidence, Ground
    from nbregistry.outcomes import Check


class Judge:
    """Judges one version.

    Parameters
    ----------
    version : document
    alias : str
        The alias that is to be put on it.
    view : View
    evidence : Evidence
    is_trusted : callable
        Tells whether a key is.
    """

    def __init__(
        self, version: Document, alias: str, view: View, evidence: Evidence, is_trusted: Callable[[str], bool]
    ) -> None:
        self._version = version
        self._alias = alias
        self._view = view
        self._evidence = evidence
        self._is_trusted = is_trusted
        self._compared: Mapping[Key, Compared | str] = {}
        self._grounds: list[Ground] = []

    def judge(self, requirements: Sequence[Requirement]) -> tuple[Check, ...]:
        """Give a check for each requirement, in their order."""
        rivals: dict[Requirement, Document | str | None] = {}
        asked: list[tuple[Better | NotWorse, Document]] = []
        for one in requirements:
            if isinstance(one, Better | NotWorse):
                other = rivals[one] = self._rival(one)
                if other is not None and not isinstance(other, str) and not self._is_same(other):
                    asked.append((one, other))
        self._compared = compare_all(asked, self._version, self._evidence)
        # Rows are counted once it is known which ones the other gates stand on.
        late = [one for one in requirements if isinstance(one, RowCount)]
        found = {one: self._find(one, rivals) for one in requirements if one not in late}
        found |= {one: self._find(one, rivals) for one in late}
        return tuple(found[one].check(str(one)) for one in requirements)

    def _find(self, one: Requirement, rivals: Mapping[Requirement, Document | str | None]) -> Found:
        match one:
            case Threshold():
                return self._threshold(one)
            case RowCount():
                return self._row_count(one)
            case Approved():
                return self._approved(one)
            case Better() | NotWorse():
                return self._relative(one, rivals[one])

    # -- numbers ---------------------------------------------------------------------------------------------

    def _threshold(self, one: Threshold) -> Found:
        evaluation = self._evidence.newest(self._version, one.metric, one.on)
        if evaluation is None:
            return self._given(one)
        ground = self._evidence.ground(self._version, evaluation)
        value, doubts = self._evidence.value(ground, one.metric), self._doubts(ground)
        if value is None:
            return Found(False, not_on_these(one.metric, ground), doubts)
        self._grounds.append(ground)
        figures = {"value": value, "n": ground.n}
        if ground.is_too_small:
            return Found(False, too_few(ground), doubts, figures)
        said = f"{figure(value, one.number)} {of_rows(ground)}"
        if one.surely and SIGNS[one.sign](value, one.number):
            bound, told = self._surely(one, ground)
            if bound is None:
                return Found(False, f"{said}, {told}", doubts, figures)
            return Found(SIGNS[one.sign](bound, one.number), f"{said}, {told}", doubts, figures | {"bound": bound})
        return Found(SIGNS[one.sign](value, one.number), said, doubts, figures)

    def _given(self, one: Threshold) -> Found:
        given = self._version["metrics"].get(one.metric)
        is_cost = given is None and one.metric in COSTS
        if is_cost and one.on:
            return Found(False, f"{one.metric} is of no data set: it can be required without 'on'")
        cost = self._evidence.cost(self._version, one.metric) if is_cost else None
        if cost:
            value, where = cost
            said = f"{figure(value, one.number)}{where}"
            if one.surely:
                return Found(False, f"{said}, and {untested_cost(one.metric)}", figures={"value": value})
            return Found(SIGNS[one.sign](value, one.number), said, figures={"value": value})
        if given is None or one.surely or one.on or self._evidence.has(self._version, one.metric):
            return Found(False, lacking(one.metric, self._version, self._evidence, one.on))
        told = ["it was given and not computed"]
        return Found(SIGNS[one.sign](given, one.number), figure(given, one.number), told, {"value": given})

    def _surely(self, one: Threshold, ground: Ground) -> tuple[float | None, str]:
        try:
            measured = self._evidence.measured(ground)
            if one.metric not in METRICS.get(measured.task, ()):
                return None, "and how surely cannot be told of a metric that rows do not give"
            interval = interval_alone(one.metric, measured, 2 * ALPHA, with_bar("check"))
        except RegistryError as error:
            return None, error.message
        if interval is None:
            return None, "and how surely cannot be told from these rows"
        at_least = one.sign in (">=", ">")
        bound = interval[0] if at_least else interval[1]
        told = f"surely {'at least' if at_least else 'at most'} {figure(bound, one.number)} (one-sided 95% bound)"
        return bound, told

    def _row_count(self, one: RowCount) -> Found:
        newest = self._evidence.newest(self._version, on=one.on)
        used = [] if one.on else self._grounds
        used = used or ([self._evidence.ground(self._version, newest)] if newest else [])
        if not used:
            return Found(False, unmeasured(self._version, self._evidence, one.on))
        fewest = min(used, key=lambda ground: ground.n)
        passed, said = SIGNS[one.sign](fewest.n, one.number), f"it was measured {of_rows(fewest)}"
        return Found(passed, said, self._doubts(fewest), {"n": fewest.n})

    # -- decisions -------------------------------------------------------------------------------------------

    def _approved(self, one: Approved) -> Found:
        ref = quoted(recorded_ref(self._version))
        approval = self._version["approval"]
        if approval != "Approved":
            told = "it is rejected" if approval == "Rejected" else "nobody has approved it yet"
            return Found(False, f"{told}: %nbr approve {ref} --reason TEXT")
        key = self._approver()
        if not self._is_trusted(key):
            return Found(False, f"it was approved by {fingerprint(key)}, which you do not trust: %registry trust {key}")
        if one.by_another and key == self._version["signed_by"]:
            return Found(False, f"{fingerprint(key)} made it and approved it: %nbr approve {ref} is for somebody else")
        return Found(True, f"{self._decision(key)}by {fingerprint(key)}, which you trust")

    def _decision(self, key: str) -> str:
        """Say who it was that approved it, and why, as the journal has it."""
        ref = recorded_ref(self._version)
        for event in reversed(self._view.events_of(self._version["name"])):
            if (event["verb"], event["ref"], event["key"]) == ("approve", ref, key):
                return f"by {event['actor']}, {event['reason']!r:.90}, signed "
        return ""

    def _approver(self) -> str:
        """Give the key that set the approval: whoever imports a version decides that, whoever signed it."""
        changed: Mapping[str, str] = self._version.get("changed_by", {})
        if "approval" in changed:
            return changed["approval"]
        key: str = self._version["signed_by"]
        return self._view.key_of(self._version["seq"]) if "origin" in self._version else key

    # -- comparisons -----------------------------------------------------------------------------------------

    def _rival(self, one: Better | NotWorse) -> Document | str | None:
        try:
            return find_rival(self._view, self._version["name"], one.ref, self._alias)
        except RegistryError as error:
            near = f"; did you mean {error.nearest[0]}?" if error.nearest else ""
            return f"{error.message}{near}"

    def _is_same(self, other: Document) -> bool:
        return recorded_ref(other) == recorded_ref(self._version)

    def _relative(self, one: Better | NotWorse, other: Document | str | None) -> Found:
        if isinstance(other, str):
            return Found(False, other)
        if other is None:
            told = f"there is no {one.ref} yet to compare with"
            return Found(True, told, [] if isinstance(one, NotWorse) else ["so nothing shows that it is better"])
        if self._is_same(other):
            return Found(isinstance(one, NotWorse), f"{recorded_ref(other)} is this very version")
        compared = self._compared[one.metric, recorded_ref(other), one.on]
        if isinstance(compared, str):
            return Found(False, compared)
        self._grounds.append(compared.grounds[0])
        doubts = [*self._doubts(*compared.grounds), *self._strays(one, other)]
        if compared.grounds[0].is_too_small:
            return Found(False, too_few(compared.grounds[0]), doubts, {"n": compared.grounds[0].n})
        passed, said = _better(one, compared) if isinstance(one, Better) else _not_worse(one, compared)
        return Found(passed, said, doubts, _figures(one, compared))

    def _strays(self, one: Better | NotWorse, other: Document) -> list[str]:
        """Say that somebody who is not trusted chose what it is compared with."""
        alias = one.ref.rpartition("@")[2].partition("~")[0]
        held = self._view.alias(other["name"], alias)
        if held is None or self._is_trusted(held["history"][-1]["key"]):
            return []
        return [f"{alias} was moved to {recorded_ref(other)} by a key that you do not trust"]

    def _doubts(self, *grounds: Ground) -> list[str]:
        """Say what makes it doubtful what was measured."""
        doubtful = [recorded_ref(one.version) for one in grounds if self._evidence.is_doubtful(one.evaluation)]
        told = [f"{' and '.join(doubtful)} was measured by a key that you do not trust"] if doubtful else []
        return told + [doubt for one in grounds for doubt in one.doubts]


def _better(one: Better, compared: Compared) -> tuple[bool, str]:
    said = _said(compared)
    if compared.judged.verdict != "better" or one.by is None:
        return compared.judged.verdict == "better", said
    margin, least = one.by.of(compared.standard), compared.least_gain(one.metric)
    told = f"surely by {figure(least, margin)} (one-sided 95% bound)" if least > 0 else "by how much is not sure"
    return least > margin, f"{said}; {told}{_in_figures(one.by, margin)}"


def _not_worse(one: NotWorse, compared: Compared) -> tuple[bool, str]:
    said = _said(compared)
    if one.by is None:
        return compared.judged.verdict != "worse", said
    margin, least = one.by.of(compared.standard), compared.least_gain(one.metric)
    told = f"at worst by {figure(-least, margin)} (one-sided 95% bound)" if least < 0 else "surely not worse at all"
    return least > -margin, f"{said}; {told}{_in_figures(one.by, margin)}"


def _in_figures(by: Margin, margin: float) -> str:
    return f", where {by} is {figure(margin)}" if by.relative else ""


def _figures(one: Better | NotWorse, compared: Compared) -> dict[str, float]:
    judged = compared.judged
    figures = {
        "value": compared.value,
        "baseline": compared.standard,
        "difference": compared.value - compared.standard,
        "ci_low": judged.ci_low,
        "ci_high": judged.ci_high,
        "p_adjusted": judged.p_adjusted,
        "n": compared.grounds[0].n,
    }
    if one.by is None:
        return figures
    return figures | {"margin": one.by.of(compared.standard), "bound": compared.least_gain(one.metric)}


def _said(compared: Compared) -> str:
    judged = compared.judged
    gap = figure(abs(compared.inference.difference))
    figures = f"{figure(compared.value)} against {figure(compared.standard)}"
    rows = of_rows(compared.grounds[0])
    match judged.verdict:
        case "better" | "worse":
            said = f"it is {judged.verdict} than {compared.rival} by {gap}"
        case "equivalent":
            said = f"it is as good as {compared.rival}"
        case "undecided":
            said = f"it is neither surely better nor surely worse than {compared.rival}"
    seen = (
        "" if judged.verdict in ("better", "worse") else f"; so many rows would have shown {figure(judged.detectable)}"
    )
    return f"{said}: {figures} {rows} ({tested(judged)}{seen})"
