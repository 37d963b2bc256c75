r"""The filter language: which versions are meant, in one line.

It is MLflow's ``filter_string`` and more::

    metrics.roc_auc > 0.9 AND (tags.team LIKE 'fr%' OR alias = 'champion') AND NOT params.C IN ('1', '2')

Fields
    ``metrics.KEY``, ``params.KEY`` and ``tags.KEY`` (``metric.``, ``param.`` and ``tag.`` too); a key
    with spaces or signs stands in backticks or double quotes. Attributes: ``name``, ``version``,
    ``status``, ``approval``, ``alias``, ``created_at``, ``created_by``, ``flavor``, ``algorithm``,
    ``description``, also as ``attribute.name``.
Operators
    ``= == != <> < <= > >=``, ``[NOT] LIKE``, ``[NOT] ILIKE`` (ignores case), ``[NOT] IN (…)``,
    ``[NOT] BETWEEN a AND b``, ``IS [NOT] NULL``; ``NOT`` binds closer than ``AND``, that closer than ``OR``.
Values
    numbers (also ``-1e-3``, ``inf``, ``nan``), ``true``, ``false``, and text in single or double quotes,
    where a doubled quote stands for one. Keywords may be in any case.

What matches:

- Logic is two-valued. A missing or null value matches no comparison, not even ``!=``; ``NOT`` turns that
  round, so ``NOT tags.team = 'a'`` and ``tags.team NOT IN ('a')`` match versions without the tag.
- A number and a text compare as numbers if the text reads as one, a truth value and a text as truth
  values (``'True'`` is ``true``); a number and any other text are unequal, neither before the other.
- ``= nan`` finds values that are not a number; no order holds for them.
- In a ``LIKE`` pattern ``%`` stands for any text and ``_`` for one character; ``\%``, ``\_`` and ``\\``
  stand for ``%``, ``_`` and one backslash, and any other backslash for itself.
- A comparison with ``alias`` holds if it holds for any alias; ``alias != 'a'`` if there are aliases and
  none of them is ``a``.
- ``created_at`` compares as precisely as it is asked: ``created_at = '2026-11'`` is all of November
  (UTC), and ``created_at <= '2026-11-22'`` includes that day. A day that no calendar has is refused.
- ``=``, ``!=`` and ``IN`` refuse a status and an approval that there is none of.
"""

from nbregistry.catalog.filters.compile import Filter

__all__ = ["Filter", "parse"]


def parse(text: str) -> Filter:
    """Read a filter.

    Parameters
    ----------
    text : str
        One line in the language above; line breaks count as spaces.

    Returns
    -------
    Filter

    Raises
    ------
    InvalidFilter
        If it cannot be read. The message points at the column.

    Examples
    --------
    >>> chosen = parse("metrics.auc > 0.9 and not tags.team in ('fraud')")
    >>> str(chosen)
    "metrics.auc > 0.9 AND tags.team NOT IN ('fraud')"
    >>> chosen.query()({"metrics": {"auc": 0.95}, "tags": {"team": "growth"}})
    True
    >>> parse("metrics.auc >> 0.9")
    Traceback (most recent call last):
        ...
    nbregistry.errors.InvalidFilter: this filter cannot be read
      metrics.auc >> 0.9
                   ^ column 14: expected a number or a quoted text
      did you mean: >
    """
    # lark takes longer to import than all the rest of a registry: only who filters waits for it.
    from nbregistry.catalog.filters.parsing import parse_tree

    return Filter(parse_tree(text))
