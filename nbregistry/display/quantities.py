"""Numbers, bytes, durations and times, as people read them."""

from __future__ import annotations

import math
from typing import Any

MINUS = "\u2212"
MISSING = "\u2013"
_EXACT_INTEGER = 10**15
_KILO = 1000
_MINUTE = 60
_HOUR = 3600
_DAY = 24 * _HOUR
_ISO_MINUTE = len("2026-11-22T02:50")


def number(value: float | None) -> str:
    """Write a measured number with four decimals, or four digits where that would hide it.

    Examples
    --------
    >>> number(0.99538), number(-0.25), number(12345.678), number(3.2e-7), number(120)
    ('0.9954', '−0.2500', '12,345.7', '3.200e−07', '120')
    """
    if value is None:
        return MISSING
    if isinstance(value, int):
        text = f"{value:,}" if abs(value) < _EXACT_INTEGER else f"{value:.3e}"
    elif math.isnan(value):
        return "NaN"
    elif math.isinf(value):
        text = "\u221e" if value > 0 else "-\u221e"
    elif value == 0:
        text = "0.0000"
    elif abs(value) >= 1e7 or abs(value) < 1e-3:
        text = f"{value:.3e}"
    elif abs(value) >= _KILO:
        text = f"{value:,.1f}"
    elif abs(value) >= 10:
        text = f"{value:.2f}"
    else:
        text = f"{value:.4f}"
    return text.replace("-", MINUS)


def difference(value: float) -> str:
    """Write a difference with its sign.

    Examples
    --------
    >>> difference(0.01234), difference(-2.0), difference(0.0), difference(0.00001)
    ('+0.0123', '−2.0000', '±0', '+0.00001')
    """
    if value == 0:
        return "\u00b10"
    return ("+" if value > 0 else MINUS) + distance(abs(value))


def distance(value: float | None) -> str:
    """Write how far two numbers lie apart, as :func:`difference` writes it but for the sign.

    Examples
    --------
    >>> distance(0.01234), distance(0.00081), distance(0.00001), distance(None)
    ('0.0123', '0.0008', '0.00001', '–')
    """
    if isinstance(value, float) and 0 < value < 1e-3:
        # The values it belongs to have four decimals; one digit that counts is enough, as long as there is one.
        places = max(4, -math.floor(math.log10(value)))
        return f"{value:.{places}f}" if places <= 6 else f"{value:.0e}".replace("-", MINUS)
    return number(value)


def scalar(value: Any) -> str:
    """Write a parameter or tag exactly.

    Examples
    --------
    >>> scalar(0.1), scalar(None), scalar(True), scalar("l2")
    ('0.1', 'None', 'True', 'l2')
    """
    return value if isinstance(value, str) else repr(value)


def byte_size(size: int) -> str:
    """Write a number of bytes in decimal units.

    Examples
    --------
    >>> byte_size(0), byte_size(1), byte_size(999), byte_size(3104), byte_size(116_000_000)
    ('0 bytes', '1 byte', '999 bytes', '3.1 kB', '116 MB')
    """
    if size < _KILO:
        return plural(size, "byte")
    amount = float(size)
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= _KILO
        if amount < 999.5 or unit == "TB":
            break
    return f"{amount:.1f} {unit}" if amount < 9.95 else f"{amount:,.0f} {unit}"


def duration(seconds: float) -> str:
    """Write a time span.

    Examples
    --------
    >>> duration(0.0042), duration(0.25), duration(3.14159), duration(192.4), duration(7500), duration(270_000)
    ('4.2 ms', '250 ms', '3.1 s', '3 min 12 s', '2 h 5 min', '3 d 3 h')
    """
    if seconds < 0.00995:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    if whole < 2 * _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR} h"


def small_duration(seconds: float) -> str:
    """Write a time span that may be far below a millisecond.

    Examples
    --------
    >>> small_duration(0.0000042), small_duration(0.00025), small_duration(3.14159)
    ('4.2 µs', '250 µs', '3.1 s')
    """
    micros = seconds * 1e6
    return duration(seconds) if micros >= 950 else f"{micros:.2g} µs" if micros < 10 else f"{micros:.0f} µs"


def moment(iso: str) -> str:
    """Write a UTC time to the minute; what is no ISO time is left as it is.

    Never "3 hours ago": a display says the same whenever it is made.

    Examples
    --------
    >>> moment("2026-11-22T02:50:31.123456Z")
    '2026-11-22 02:50'
    """
    if len(iso) >= _ISO_MINUTE and iso[4] == "-" and iso[10] == "T":
        return iso[:_ISO_MINUTE].replace("T", " ")
    return iso


def short_digest(digest: str, length: int = 12) -> str:
    """Shorten ``scheme:<hex>`` for the eye.

    Examples
    --------
    >>> short_digest("sha256:" + "ab" * 32)
    'sha256:abababababab…'
    """
    scheme, colon, rest = digest.partition(":")
    return f"{scheme}{colon}{rest[:length]}\u2026" if len(rest) > length else digest


def plural(count: int, noun: str, many: str = "") -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> plural(1, "version"), plural(1200, "version"), plural(2, "entry", "entries")
    ('1 version', '1,200 versions', '2 entries')
    """
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"
