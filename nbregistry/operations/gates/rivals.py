"""A version against others, for the gates that ask for a comparison: which other, on which rows, with what verdict.

All comparisons that are asked for at once are one family (Holm): so the figures are those of ``%compare`` with
``--metrics`` where one other version is meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.errors import RegistryError
from nbregistry.evaluation.caveats import are_paired
from nbregistry.evaluation.comparison import ALPHA
from nbregistry.evaluation.costs import COSTS
from nbregistry.evaluation.direction import higher_is_better
from nbregistry.evaluation.formulas import METRICS
from nbregistry.evaluation.significance.paired import infer_all
from nbregistry.evaluation.verdicts import Judged, judge
from nbregistry.operations.drawing import with_bar
from nbregistry.operations.gates.wording import lacking, measure_it, no_common_rows, untested_cost
from nbregistry.operations.resolving import resolve
from nbregistry.reference import CHAMPION, Reference, recorded_ref

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbregistry.catalog.view import View
    from nbregistry.evaluation.significance.inference import Inference
    from nbregistry.operations.gates.evidence import Document, Evidence, Ground
    from nbregistry.operations.gates.requirements import Better, NotWorse

Key = tuple[str, str, str]
"""Metric, recorded reference of the other version, and the rows that were asked for, if any were."""


@dataclass(frozen=True)
class Compared:
    """A version's metric against another's, on the same rows.

    Attributes
    ----------
    rival : str
        The other's recorded reference.
    value, standard : float
        The version's and the other's.
    judged : Judged
        Of value minus standard.
    inference : Inference
        The same before it was judged.
    grounds : tuple of Ground
        The version's and the other's.
    """

    rival: str
    value: float
    standard: float
    judged: Judged
    inference: Inference
    grounds: tuple[Ground, Ground]

    def least_gain(self, metric: str) -> float:
        """Give the one-sided bound, of the level 95%, of how much better it is; below 0 for worse."""
        low, high = self.inference.interval(2 * ALPHA)
        return low if higher_is_better(metric) else -high


def find_rival(view: View, name: str, ref: str, alias: str) -> Mapping[str, Any] | None:
    """Find the version that a requirement means.

    Parameters
    ----------
    view : View
    name : str
        The model whose version is judged.
    ref : str
        As the requirement has it.
    alias : str
        The alias that is to be moved.

    Returns
    -------
    dict or None
        ``None`` where this is the alias itself, or the champion, and nothing holds it yet.

    Raises
    ------
    NotFound, InvalidName
    """
    whole = ref if "@" in ref or ":" in ref else f"{name}@{ref}"
    meant = Reference.parse(whole)
    is_to_come = meant.alias in (alias, CHAMPION) and not meant.steps and not meant.at
    if meant.name == name and is_to_come and meant.alias and view.alias(name, meant.alias) is None:
        return None
    return resolve(view, whole)


def compare_all(
    asked: Sequence[tuple[Better | NotWorse, Document]], version: Document, evidence: Evidence
) -> dict[Key, Compared | str]:
    """Compare a version with others; where there is nothing to go by, say why.

    Parameters
    ----------
    asked : sequence of (requirement, document)
        Each with the other version that it means.
    version : document
    evidence : Evidence
    """
    rivals = {(requirement.metric, recorded_ref(other), requirement.on): other for requirement, other in asked}
    found: dict[Key, Compared | str] = {}
    pairs: dict[Key, tuple[Ground, Ground]] = {}
    for key, other in rivals.items():
        pair = _pair(key[0], version, other, evidence, key[2])
        if isinstance(pair, str):
            found[key] = pair
        else:
            pairs[key] = pair
    inferences = _infer(pairs, recorded_ref(version), evidence)
    judged = judge(inferences, alpha=ALPHA)
    for key, pair in pairs.items():
        metric, ref, _ = key
        value, standard = (evidence.value(ground, metric) for ground in pair)
        if key in judged and value is not None and standard is not None:
            found[key] = Compared(ref, value, standard, judged[key], inferences[key], pair)
        else:
            found[key] = f"{metric} cannot be tested on these rows: too few of them tell how far it varies"
    return found


def _pair(metric: str, version: Document, other: Document, evidence: Evidence, on: str) -> tuple[Ground, Ground] | str:
    """Give the rows that both were measured on; or say why there are none."""
    if higher_is_better(metric) is None:
        return f"it is not known whether more {metric} is better or worse; a number can be required: {metric} >= …"
    if metric in COSTS and not any(evidence.has(one, metric) for one in (version, other)):
        return untested_cost(metric)
    if evidence.newest(version, metric, on) is None:
        return lacking(metric, version, evidence, on)
    if not evidence.has(other, metric):
        return lacking(metric, other, evidence)
    pair = evidence.common_ground(version, other, metric, on)
    if pair is None:
        return no_common_rows(version, other, on)
    return _why_not(metric, pair, evidence) or pair


def _why_not(metric: str, pair: tuple[Ground, Ground], evidence: Evidence) -> str:
    """Say why a test cannot be made on the rows of two evaluations, if it cannot."""
    try:
        measured = [evidence.measured(ground) for ground in pair]
    except RegistryError as error:
        return error.message
    if any(metric not in METRICS.get(one.task, ()) for one in measured):
        return f"{metric} is no metric that can be computed again from rows"
    if not are_paired(*measured):
        both = " and ".join(recorded_ref(ground.version) for ground in pair)
        return f"{both} were not asked for the same on these rows, or with other weights: {measure_it(pair[0].version)}"
    return ""


def _infer(pairs: Mapping[Key, tuple[Ground, Ground]], ref: str, evidence: Evidence) -> dict[Key, Inference]:
    """Test, all metrics together that stand on the same two evaluations."""
    together: dict[tuple[str, str], list[Key]] = {}
    for key, (ours, theirs) in pairs.items():
        together.setdefault((ours.evaluation["digest"], theirs.evaluation["digest"]), []).append(key)
    found: dict[Key, Inference] = {}
    for keys in together.values():
        ours, theirs = pairs[keys[0]]
        one, other = evidence.measured(theirs), evidence.measured(ours)
        there = one.metrics.keys() & other.metrics.keys()  # the rows that are left may lack a class
        tests = [(metric, ref) for metric in dict.fromkeys(metric for metric, *_ in keys) if metric in there]
        tested = infer_all(one, {ref: other}, tests, with_bar("check"))
        found |= {key: tested[key[0], ref] for key in keys if (key[0], ref) in tested}
    return {key: found[key] for key in pairs if key in found}
