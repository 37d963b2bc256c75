"""Put a bill of materials together, with the library of CycloneDX, from the record alone.

The library writes no ``modelCard`` and no ``data`` (11.12): what would stand there stands in properties, whose names
begin with ``nbregistry:``. Nothing is taken from the running process, so the same record gives the same document.
"""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from nbregistry.bom import BillOfMaterials, Material
from nbregistry.errors import Refused
from nbregistry.model_card import STATED
from nbregistry.operations.resolving import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cyclonedx.model import Property
    from cyclonedx.model.component import Component

    from nbregistry.model import Dataset, ModelVersion
    from nbregistry.operations.resolving import Ref
    from nbregistry.operations.workspace import Workspace

SPEC = "1.6"
_NAMESPACE = uuid.UUID("5b0f5b1e-3f0a-5c0e-9f43-0a2f6b1f8d11")
_NO_SERIAL = uuid.UUID(int=0)
_PACKAGE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_SEPARATORS = re.compile(r"[-_.]+")
_SHA256 = re.compile(r"sha256:([0-9a-f]{64})")


def bill_of_materials(workspace: Workspace, ref: Ref) -> BillOfMaterials:
    """Give the bill of materials of a version; see :meth:`nbregistry.Registry.bom`."""
    view = workspace.view()
    version = workspace.records.version(resolve(view, ref))
    try:
        from cyclonedx.output.json import JsonV1Dot6
    except ImportError:
        raise Refused(
            "a bill of materials is made by cyclonedx-python-lib, which is not installed",
            hint="pip install 'nbregistry[bom]'",
        ) from None
    drafted = JsonV1Dot6(_document(version, _NO_SERIAL)).output_as_string(indent=2)
    serial = uuid.uuid5(_NAMESPACE, drafted)
    bom = _document(version, serial)
    written = JsonV1Dot6(bom).output_as_string(indent=2)
    materials = [bom.metadata.component, *sorted(bom.components, key=lambda one: (one.type.value, one.name.lower()))]
    return BillOfMaterials(version.ref, SPEC, serial.urn, tuple(map(_material, materials)), f"{written}\n")


def _material(component: Any) -> Material:
    purl = component.purl.to_string() if component.purl else ""
    return Material(component.type.value, component.name, component.version or "", purl)


def _document(version: ModelVersion, serial: uuid.UUID) -> Any:
    from cyclonedx.model.bom import Bom, BomMetaData
    from cyclonedx.model.component import Component, ComponentType

    from nbregistry import __version__

    model = _model(version)
    tool = Component(name="nbregistry", version=__version__, type=ComponentType.APPLICATION, bom_ref="nbregistry")
    about = BomMetaData(component=model, tools=_tools(tool), timestamp=_moment(version.created_at))
    measured_on = (one.dataset for one in version.evaluations)
    used = [*_data([*version.datasets, *measured_on]), *_models(version.depends_on), *_environment(version.environment)]
    bom = Bom(serial_number=serial, metadata=about, components=used)
    bom.register_dependency(model, used)
    return bom


def _tools(tool: Component) -> Any:
    from cyclonedx.model.tool import ToolRepository

    return ToolRepository(components=[tool])


def _model(version: ModelVersion) -> Component:
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.component import Component, ComponentType, Pedigree

    found = _SHA256.fullmatch(version.digest)
    return Component(
        type=ComponentType.MACHINE_LEARNING_MODEL,
        name=version.name,
        version=str(version.version),
        bom_ref=version.ref,
        description=version.description or None,
        licenses=_licenses(version.tags.get("license")),
        # Of the artifact's root, which names the digest of each of its parts.
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=found[1])] if found else (),
        pedigree=Pedigree(ancestors=list(_models(version.parents))) if version.parents else None,
        properties=_properties(_facts(version)),
    )


def _facts(version: ModelVersion) -> Iterable[tuple[str, Any]]:
    """Give what a model card has room for and the library does not."""
    yield from (
        ("algorithm", version.algorithm), ("flavor", version.flavor), ("format", version.format),
        ("executes_code", version.executes_code), ("size", version.size), ("digest", version.digest),
        ("created_by", version.created_by), ("signed_by", version.signed_by), ("approval", version.approval),
        ("status", version.status),
    )  # fmt: skip
    yield from ((tag, version.tags[tag]) for tag in STATED if tag != "license" and version.tags.get(tag))
    yield from ((f"param:{name}", value) for name, value in version.params.items())
    given = frozenset(version.metrics_given)
    yield from ((f"metric:{name}", value) for name, value in version.metrics.items() if name not in given)
    yield from ((f"metric_given:{name}", value) for name, value in version.metrics.items() if name in given)
    yield from ((f"tag:{name}", value) for name, value in version.tags.items() if name not in STATED)
    for one in version.evaluations:
        told = f"evaluation:{one.name or one.dataset.name or one.dataset.fingerprint}"
        yield f"{told}:fingerprint", one.dataset.fingerprint
        yield from ((f"{told}:metric:{name}", value) for name, value in one.metrics.items())


def _licenses(stated: Any) -> Sequence[Any]:
    if stated is None or not str(stated).strip():
        return ()
    from cyclonedx.model.license import DisjunctiveLicense
    from cyclonedx.spdx import fixup_id

    known = fixup_id(str(stated).strip())
    return [DisjunctiveLicense(id=known) if known else DisjunctiveLicense(name=str(stated))]


def _data(datasets: Sequence[Dataset]) -> Iterable[Component]:
    """Give each data set once, whatever it was used for."""
    from cyclonedx.model.component import Component, ComponentType

    roles: dict[str, list[Dataset]] = {}
    for dataset in datasets:
        roles.setdefault(dataset.fingerprint, []).append(dataset)
    for fingerprint, (first, *others) in roles.items():
        facts = [("role", role) for role in dict.fromkeys(one.role for one in (first, *others))]
        facts += [("fingerprint", fingerprint), ("kind", first.kind)]
        facts += [("rows", str(first.rows)), ("columns", str(first.columns))]
        files = {file.path: file.digest for one in (first, *others) for file in one.files}
        facts += [("file", f"{path} {digest}".strip()) for path, digest in files.items()]
        name = first.name or first.role
        yield Component(
            type=ComponentType.DATA, name=name, bom_ref=f"data:{fingerprint}", properties=_properties(facts)
        )


def _models(refs: Iterable[str]) -> Iterable[Component]:
    from cyclonedx.model.component import Component, ComponentType

    for ref in dict.fromkeys(refs):
        name, _, number = ref.rpartition("@")
        yield Component(
            type=ComponentType.MACHINE_LEARNING_MODEL, name=name or ref, version=number, bom_ref=f"model:{ref}"
        )


def _environment(environment: Mapping[str, Any]) -> Iterable[Component]:
    """Give Python and the packages; what came from no index has no address there."""
    from cyclonedx.model.component import Component, ComponentType
    from packageurl import PackageURL

    if environment.get("python"):
        name, release = str(environment.get("implementation") or "Python"), str(environment["python"])
        yield Component(type=ComponentType.PLATFORM, name=name, version=release, bom_ref="python")
    sources = environment.get("sources") or {}
    for package, release in (environment.get("packages") or {}).items():
        purl = None
        if _PACKAGE.fullmatch(package) and package not in sources and release:
            purl = PackageURL("pypi", None, _SEPARATORS.sub("-", package).lower(), release)
        yield Component(
            type=ComponentType.LIBRARY, name=package, version=release, bom_ref=f"package:{package}", purl=purl
        )


def _properties(facts: Iterable[tuple[str, Any]]) -> list[Property]:
    from cyclonedx.model import Property

    return [Property(name=f"nbregistry:{name}", value=_text(value)) for name, value in facts if value not in (None, "")]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)


def _moment(iso: str) -> datetime:
    """Give when the version was registered, not when the document was made; what is no time is the epoch."""
    try:
        found = datetime.fromisoformat(iso)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
