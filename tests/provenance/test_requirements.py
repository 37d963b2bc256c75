"""The two forms of an environment, read by what reads them."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.pylock import Pylock
from packaging.requirements import Requirement

from nbregistry.provenance.environment import capture_environment
from nbregistry.provenance.requirements import pylock_of, requirements_of

HEX = "0a" * 32
ENVIRONMENT = {
    "python": "3.11.7",
    "packages": {
        "Zlib.thing": "1.0",
        "numpy": "2.4.6",
        "from_git": "0.1.dev3+g0a1b",
        "archived": "2.0",
        "mine": "0.0.1",
        "local-file": "3",
        "torch": "2.9.1+cu130",
    },
    "sources": {
        "from_git": {
            "vcs": "git",
            "url": "https://example.org/x.git",
            "commit": "0a1b",
            "requested": "main",
            "subdirectory": "pkg",
        },
        "archived": {"url": "https://example.org/archived-2.0.zip", "sha256": HEX},
        "mine": {"directory": "mine", "editable": True},
        "local-file": {"url": "local_file-3.whl", "sha256": ""},
    },
}


def entries(text):
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_a_list_of_requirements():
    text = requirements_of(ENVIRONMENT, imported=["NumPy", "from-git"])
    assert text.splitlines() == [
        "# Python 3.11.7",
        "# imported by the notebook",
        "from_git @ git+https://example.org/x.git@0a1b#subdirectory=pkg",
        "numpy==2.4.6",
        "# loaded besides, or needed by nbregistry",
        f"archived @ https://example.org/archived-2.0.zip#sha256={HEX}",
        "# local-file==3, from a folder or file that was not in an index",
        "# mine==0.0.1, from a folder or file that was not in an index",
        "torch==2.9.1+cu130",
        "Zlib.thing==1.0",
    ]
    assert all(map(Requirement, entries(text)))


def test_a_lock_file_says_what_it_lacks():
    text = pylock_of(ENVIRONMENT)
    read = tomllib.loads(text)
    lock = Pylock.from_dict(read)
    lock.validate()
    assert str(lock.requires_python) == "==3.11.7"
    located = {package.name: package for package in lock.packages}
    assert sorted(located) == ["archived", "from-git", "mine"]
    assert located["from-git"].vcs.commit_id == "0a1b"
    assert located["from-git"].vcs.subdirectory == "pkg"
    assert located["archived"].archive.hashes == {"sha256": HEX}
    assert located["mine"].directory.editable is True
    assert read["tool"]["nbregistry"]["not-locked"] == [
        "local-file==3",
        "numpy==2.4.6",
        "torch==2.9.1+cu130",
        "zlib-thing==1.0",
    ]


def test_of_this_process():
    environment = capture_environment()
    assert all(map(Requirement, entries(requirements_of(environment))))
    lock = tomllib.loads(pylock_of(environment))
    Pylock.from_dict(lock).validate()
    named = {entry.partition("==")[0] for entry in lock["tool"]["nbregistry"]["not-locked"]}
    assert "scikit-learn" in named
    assert len(named) + len(lock["packages"]) == len(environment["packages"])


@pytest.mark.parametrize("environment", [{}, {"packages": {}}, {"packages": None, "sources": 3}, {"python": 3}])
def test_of_nothing(environment):
    assert entries(requirements_of(environment)) == []
    Pylock.from_dict(tomllib.loads(pylock_of(environment))).validate()


def test_a_name_that_toml_would_not_take_as_it_is():
    environment = {"packages": {"a": "1"}, "sources": {"a": {"directory": 'x\x7f"\\\n\u2028'}}}
    (package,) = Pylock.from_dict(tomllib.loads(pylock_of(environment))).packages
    assert package.directory.path == 'x\x7f"\\\n\u2028'


words = st.text(max_size=20) | st.sampled_from(
    ["numpy", "1.0", "git", "a b", "x\n--index-url=http://here", "-e .", "\x7f"]
)


@given(
    st.dictionaries(words, words, max_size=4),
    st.dictionaries(
        words,
        st.dictionaries(
            st.sampled_from(["vcs", "url", "commit", "requested", "sha256", "directory", "subdirectory"]), words
        ),
        max_size=4,
    ),
    words,
)
def test_words_of_a_stranger_reach_neither(packages, sources, python):
    environment = {"python": python, "packages": packages, "sources": sources}
    assert len(requirements_of(environment).splitlines()) <= 1 + len(packages)
    for entry in entries(requirements_of(environment)):
        assert entry.split("==")[0].split(" @ ")[0] in packages
        assert " --" not in entry
    read = tomllib.loads(pylock_of(environment))
    assert set(read) <= {"lock-version", "requires-python", "created-by", "packages", "tool"}
