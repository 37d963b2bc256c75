"""The verbs, one file each: its arguments, two examples, and the method of the registry it calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbregistry.magics.verbs import (
    approve,
    archive,
    backup,
    bom,
    card,
    check,
    compare,
    describe,
    evaluate,
    evaluations,
    export,
    gc,
    import_,
    inspect,
    lineage,
    load,
    log,
    models,
    panel,
    policy,
    promote,
    register,
    reproduce,
    restore,
    rollback,
    show,
    tag,
    verify,
    versions,
)

if TYPE_CHECKING:
    from nbregistry.magics.verb import Verb

# In the order in which a notebook needs them, which is the order of the help.
VERBS: dict[str, Verb] = {
    module.VERB.name: module.VERB
    for module in (
        register, versions, compare, rollback, promote, check, policy, lineage, evaluate, evaluations, reproduce, load,
        show, inspect, card, bom, log, models, panel, tag, describe, approve, archive, restore, verify, gc, backup,
        export, import_,
    )
}  # fmt: skip
