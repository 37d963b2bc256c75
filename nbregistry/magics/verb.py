"""What a verb is: a name, its arguments, and the method of the registry it calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbregistry.magics.parsing import Parser

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from nbregistry.registry import Registry


@dataclass(frozen=True)
class Verb:
    """One verb, as ``%nbr`` knows it.

    Attributes
    ----------
    name : str
        The same in a magic, in ``%nbr VERB`` and on the command line.
    summary : str
        One sentence.
    examples : tuple of two str
        Lines for a notebook.
    shell_examples : tuple of str
        In their place on the command line, where those name a notebook's variables; as a notebook has them.
    arguments : callable
        Adds its arguments to a parser.
    run : callable
        ``run(registry, arguments, namespace)`` calls the registry and returns what it returned.
    short : bool
        Whether it has a magic of its own, e.g. ``%promote``.
    notes : str
        What the help says besides.
    method : str
        The method of ``Registry`` that it calls; its own name if left out.
    command : bool
        Whether ``nbregistry VERB`` has it: the verbs that need no live objects and no notebook.
    alone : callable, optional
        ``alone(arguments)`` does what needs no registry; ``None`` says that these arguments need one.
    """

    name: str
    summary: str
    examples: tuple[str, str]
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Registry, Namespace, dict[str, Any]], Any]
    short: bool = False
    notes: str = ""
    method: str = ""
    command: bool = False
    shell_examples: tuple[str, ...] = ()
    alone: Callable[[Namespace], Any] | None = None

    @property
    def magic(self) -> str:
        """How it is called in a notebook: ``%promote`` or ``%nbr log``."""
        return f"%{self.name}" if self.short else f"%nbr {self.name}"

    def call(self, opened: Callable[[], Registry], arguments: Namespace, namespace: dict[str, Any]) -> Any:
        """Run it; the registry is opened only if these arguments need one.

        Parameters
        ----------
        opened : callable
            Gives the registry.
        arguments, namespace
            As :attr:`run` takes them.
        """
        result = None if self.alone is None else self.alone(arguments)
        return self.run(opened(), arguments, namespace) if result is None else result

    def parser(self, called: str = "") -> Parser:
        """Give its parser.

        Parameters
        ----------
        called : str
            How it was called where that is not :attr:`magic`, e.g. ``nbregistry log``; examples say the same.
        """
        called = called or self.magic
        # Two that differ in what Python stands around them are one in a shell.
        lines = self.examples if called.startswith("%") else self.shell_examples or self.examples
        examples = list(dict.fromkeys(self._example(line, called) for line in lines))
        parser = Parser(called, self.summary, examples, self.notes)
        self.arguments(parser)
        return parser

    def _example(self, example: str, called: str) -> str:
        assigned, _, line = example.rpartition(self.magic)
        # A shell has no "c = %compare …".
        return f"{assigned if called.startswith('%') else ''}{called}{line}"
