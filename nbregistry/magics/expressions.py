"""Python expressions in a magic's line: read in the notebook's namespace, and nothing else is."""

from __future__ import annotations

import ast
import difflib
import warnings
from dataclasses import dataclass
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

from nbregistry.errors import NotFound
from nbregistry.magics.usage import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Expression:
    """A Python expression, compiled when the line is read and evaluated when its value is needed.

    Attributes
    ----------
    text : str
        As it was written.
    code : code object
    names : frozenset of str
        The variables it mentions.
    """

    text: str
    code: CodeType
    names: frozenset[str]

    def value(self, namespace: dict[str, Any]) -> Any:
        """Evaluate it.

        Raises
        ------
        NotFound
            If a variable that it mentions does not exist; every other error is the expression's own.

        Examples
        --------
        >>> expression("scores[1:]").value({"scores": [1, 2, 3]})
        [2, 3]
        """
        try:
            # The notebook's own cells run in this namespace with the same rights: nothing is given away here.
            return eval(self.code, namespace)  # noqa: S307 - that is what an expression in a cell is for
        except NameError as error:
            if error.name not in self.names:  # raised further down, in code of the user's: its traceback matters
                raise
            raise NotFound(
                f"there is no variable {error.name!r} in this notebook",
                nearest=nearest_variables(error.name, namespace),
                hint=f"run the cell that defines {error.name!r}, then this one again",
            ) from None


def expression(token: str) -> Expression:
    """Compile a token.

    Raises
    ------
    WrongUsage
        If it is no Python expression.
    """
    # "--on X, y" is what one writes after "on=(X, y)"; nobody means a tuple of one by it.
    token = token.strip().removesuffix(",")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(token, "<magic>", "eval")
            code = compile(tree, "<magic>", "eval")
    except (SyntaxError, ValueError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        raise WrongUsage(
            f"{token!r} is not a Python expression: {reason}",
            hint="name a variable, or put an expression with blanks in parentheses: (X + 1)",
        ) from None
    return Expression(token, code, frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)))


def nearest_variables(name: str, namespace: Mapping[str, Any]) -> list[str]:
    """Give the variables whose names resemble ``name``, best first.

    Examples
    --------
    >>> nearest_variables("X_tset", {"X_test": 1, "y": 2})
    ['X_test']
    """
    return difflib.get_close_matches(name, variables(namespace), n=3)


def variables(namespace: Mapping[str, Any]) -> list[str]:
    """Give the names of the notebook's variables, without modules and hidden ones.

    Examples
    --------
    >>> variables({"clf": 1, "_clf": 2, "In": [], "ast": ast})
    ['clf']
    """
    shell_owned = {"In", "Out", "get_ipython", "exit", "quit", "open"}
    return [
        name
        for name, value in namespace.items()
        if not name.startswith("_") and name not in shell_owned and not isinstance(value, ModuleType)
    ]
