"""Secrets that are known by their form, whatever they are called."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbregistry.provenance.redaction.placeholders import is_placeholder
from nbregistry.provenance.redaction.redacted import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PLUGINS = {
    "artifactory": "ArtifactoryDetector",
    "aws": "AWSKeyDetector",
    "azure_storage_key": "AzureStorageKeyDetector",
    "basic_auth": "BasicAuthDetector",
    "cloudant": "CloudantDetector",
    "discord": "DiscordBotTokenDetector",
    "github_token": "GitHubTokenDetector",
    "gitlab_token": "GitLabTokenDetector",
    "ibm_cloud_iam": "IbmCloudIamDetector",
    "ibm_cos_hmac": "IbmCosHmacDetector",
    "jwt": "JwtTokenDetector",
    "mailchimp": "MailchimpDetector",
    "openai": "OpenAIDetector",
    "pypi_token": "PypiTokenDetector",
    "sendgrid": "SendGridDetector",
    "slack": "SlackDetector",
    "softlayer": "SoftlayerDetector",
    "square_oauth": "SquareOAuthDetector",
    "stripe": "StripeDetector",
    "telegram_token": "TelegramBotTokenDetector",
    "twilio": "TwilioKeyDetector",
}
"""The library's modules and detectors; keywords, private keys and npm's are looked for in our own way."""

LEFT_OUT = frozenset({"high_entropy_strings", "ip_public"})
"""Modules of the library that find what is most often none: digests, encoded data, addresses."""

# In these patterns a group is the secret; in the others the group, if any, is the beginning of it.
_GROUPED = frozenset({"aws", "basic_auth", "cloudant", "ibm_cloud_iam", "ibm_cos_hmac", "softlayer"})
_OURS = (
    ("Artifactory Credentials", r"\bAKC[a-zA-Z0-9]{40,}"),
    ("NPM tokens", r"\bnpm_[A-Za-z0-9]{36}"),
    ("NPM tokens", r"(?<=_authToken=)[\w-]{8,}"),
    ("GitHub Token", r"github_pat_[A-Za-z0-9_]{22,}"),
    ("Hugging Face Token", r"\bhf_[A-Za-z0-9]{30,}"),
    ("Google API Key", r"\bAIza[0-9A-Za-z_-]{35}"),
    ("Databricks Token", r"\bdapi[0-9a-f]{32}"),
    ("DigitalOcean Token", r"\bdop_v1_[0-9a-f]{64}"),
    ("API Key", r"\bsk-(?=[\w-]*\d)(?=[\w-]*[A-Z])[A-Za-z0-9_-]{20,}"),
    ("Stripe Access Key", r"\b[rs]k_live_[0-9a-zA-Z]{16,}"),
)
# The library's pattern of it ends at the first sign that an address should have encoded.
_IN_AN_ADDRESS = re.compile(r"://[^\s/:@'\"]*:(?!\d*(?:[/?#]|$))([^\s'\"<>]+)@")
_MORE_OF_IT = re.compile(r"[A-Za-z0-9_\-+/=]*")
_TRIMMED = " \t=:\"'"


@dataclass(frozen=True)
class _Form:
    kind: str
    pattern: re.Pattern[str]
    grouped: bool = False
    is_right: Callable[[str], bool] = lambda _text: True


@functools.cache
def _forms() -> tuple[_Form, ...]:
    from importlib import import_module

    forms = []
    for module, name in PLUGINS.items():
        detector = getattr(import_module(f"detect_secrets.plugins.{module}"), name)
        is_right = {"jwt": detector.is_formally_valid if module == "jwt" else None, "artifactory": _has_digits}.get(
            module
        )
        for pattern in detector.denylist:
            form = _Form(detector.secret_type, pattern, module in _GROUPED)
            forms.append(form if is_right is None else _Form(form.kind, pattern, form.grouped, is_right))
    forms.append(_Form("Basic Auth Credentials", _IN_AN_ADDRESS, grouped=True))
    return (*forms, *(_Form(kind, re.compile(pattern)) for kind, pattern in _OURS))


def _has_digits(text: str) -> bool:
    """Tell a token from a word in capitals, such as APACHELICENSE."""
    return any(character.isdigit() for character in text) and any(character.islower() for character in text)


def formed(line: str) -> Iterator[Span]:
    """Find tokens in one line."""
    for form in _forms():
        for match in form.pattern.finditer(line):
            if not form.is_right(match[0]):
                continue
            if form.grouped and match.lastindex:
                start, stop = next(match.span(group) for group in range(1, match.lastindex + 1) if match[group])
                if is_placeholder(line[start:stop]):
                    continue
            else:
                text = match[0].strip(_TRIMMED)
                start = match.start() + match[0].index(text)
                stop = _MORE_OF_IT.match(line, start + len(text)).end()  # type: ignore[union-attr]
                start += len(text.partition("=")[0]) + 1 if text.startswith("AccountKey=") else 0
            yield Span(start, stop, form.kind)
