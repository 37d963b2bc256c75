"""Made-up secrets of many kinds, put together here so that nobody's scanner takes this file for a leak."""

from __future__ import annotations

import base64
import json

LETTERS = "aB3dE5gH7jK9mN1pQ2sT4vW6yZ8"


def of_length(length, letters=LETTERS):
    return (letters * (length // len(letters) + 1))[:length]


def _part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


HEX = of_length(64, "0a1b2c3d4e5f6789")
JWT = ".".join((_part({"alg": "HS256"}), _part({"sub": "me"}), of_length(43)))

FORMED = {
    "artifactory": "AKC" + of_length(60),
    "aws": "AKIA" + of_length(16, "Q3R7T2W9"),
    "discord": "M" + of_length(23) + "." + of_length(6) + "." + of_length(27),
    "github_token": "ghp_" + of_length(36),
    "github_pat": "github_pat_" + of_length(22) + "_" + of_length(59),
    "gitlab_token": "glpat-" + of_length(20),
    "jwt": JWT,
    "mailchimp": HEX[:32] + "-us12",
    "openai": "sk-" + of_length(20) + "T3BlbkFJ" + of_length(20),
    "openai_project": "sk-proj-" + of_length(74),
    "anthropic": "sk-ant-api03-" + of_length(90),
    "pypi_token": "pypi-AgEIcHlwaS5vcmc" + of_length(80),
    "sendgrid": "SG." + of_length(22) + "." + of_length(43),
    "slack": "xoxb-" + "123456789012-" * 2 + of_length(24, "a1b2c3d4"),
    "slack_hook": "https://hooks.slack.com/services/T0123/B0123/" + of_length(24),
    "square_oauth": "sq0csp-" + of_length(43),
    "stripe": "sk_live_" + of_length(24),
    "telegram_token": "1234567890:" + of_length(35),
    "twilio": "SK" + HEX[:32],
    "huggingface": "hf_" + of_length(34),
    "google": "AIza" + of_length(35),
    "databricks": "dapi" + HEX[:32],
    "digitalocean": "dop_v1_" + HEX,
}
"""Known wherever they stand."""

GIVEN = {
    "aws": ('aws_secret_access_key = "{}"', of_length(40)),
    "azure_storage_key": ('conn = "AccountName=a;AccountKey={};EndpointSuffix=x"', of_length(86) + "=="),
    "basic_auth": ('engine = create_engine("postgresql://me:{}@db.example.org/x")', "hunter2"),
    "signs in an address": ('url = "https://me:{}@example.org/x"', "p@ss!#w0rd"),
    "slash in an address": ('url = "https://me:{}@example.org/x"', "pa/ss/w0rd"),
    "name of two words": ('headers = {{"API key": "{}"}}', "k12345"),
    "cloudant": ('cloudant_password = "{}"', HEX),
    "ibm_cloud_iam": ('ibm_cloud_api_key = "{}"', of_length(44)),
    "ibm_cos_hmac": ('cos_secret_access_key = "{}"', of_length(48, "0a1b2c3d")),
    "npm": ('line = "//registry.example.org/:_authToken=npm_{}"', of_length(36)),
    "softlayer": ('softlayer_api_key = "{}"', of_length(64, "0a1b2c3d")),
    "assigned": ('password = "{}"', "correct horse"),
    "annotated": ('password: str = "{}"', "hunter2"),
    "single quotes": ("db_password = '{}'", "hunter2"),
    "with the other quote": ('password = "{}"', "it's me"),
    "escaped": ('password = "{}"', 'a\\"b\\\\c'),
    "bytes": ('secret_key = b"{}"', "hunter2"),
    "f-string": ('password = f"{}"', "hunter{x}2"),
    "environment": ('os.environ["API_KEY"] = "{}"', "q8f1k2"),
    "default": ('os.environ.setdefault("API_KEY", "{}")', of_length(20)),
    "argument": ('connect("db", user="me", password="{}")', "hunter2"),
    "dictionary": ('config = {{"user": "me", "passwd": "{}"}}', "hunter2"),
    "in brackets": ('password = (\n    "{}"\n)', "hunter2"),
    "on the next line": ('config = {{\n    "client_secret":\n        "{}",\n}}', "hunter2"),
    "long": ('private_key = """{}"""', "one\ntwo"),
    "adjacent": ('password = "hunter" "{}"', "horse2"),
    "second of a line": ('a = "x"; password = "{}"', "hunter2"),
    "compared": ('assert "{}" == password', "hunter2"),
    "uuid": ('api_key = "{}"', "0f8fad5b-d9cb-469f-a165-70867728950e"),
    "header": ('requests.get(url, headers={{"Authorization": "Bearer {}"}})', of_length(20)),
    "short header": ('headers = {{"X-Api-Key": "{}"}}', "k12345"),
    "basic header": ('headers = {{"Authorization": "Basic {}"}}', "dXNlcjpwYXNzd29yZDE="),
    "pair": ('requests.get(url, auth=("me", "{}"))', "hunter two"),
    "object": ('HTTPBasicAuth("me", "{}")', "hunter two"),
    "token": ('token = "{}"', of_length(32)),
    "query": ('pd.read_csv("https://example.org/x.csv?user=me&api_key={}")', of_length(20)),
    "connection string": ('pyodbc.connect("Server=x;Uid=me;Pwd={};")', "hunter2"),
    "shell": ("!mysql --password={} db", "hunter2"),
    "curl": ("!curl -u me:{} https://example.org", "hunter2"),
    "magic": ("%env OPENAI_API_KEY={}", of_length(20)),
    "exported": ("!export DB_PASSWORD={}", "hunter2"),
    "diff": ('+    password = "{}"', "hunter2"),
}
"""Known by what they are given to: a line of code, and what is put into it."""

PRIVATE_KEY = "\n".join(
    (
        "-----BEGIN RSA PRIVATE KEY-----",
        of_length(64),
        of_length(64, LETTERS[3:]),
        "aB3d" * 5 + "==",
        "-----END RSA PRIVATE KEY-----",
    )
)

HARMLESS = (
    "password = getpass()",
    "password = None",
    'password = ""',
    'password = os.environ["DB_PASSWORD"]',
    'api_key = os.environ.get("OPENAI_API_KEY")',
    'api_key_env = "OPENAI_API_KEY"',
    'password = getpass.getpass("Password: "); y = "abc"',
    'key = input("API key: "); print("thanks")',
    'headers = {"Authorization": f"Bearer {token}"}',
    'url = f"postgresql://{user}:{password}@{host}/db"',
    'secret_name = "db"',
    'api_key = "OPENAI_API_KEY"',
    'password = "the password"',
    'url = "http://localhost:8888/lab/@x"',
    'url = "https://example.org/@me/x@1.2"',
    'text = {"what to do with the password": "forget it"}',
    'token_pattern = r"(?u)\\b\\w\\w+\\b"',
    'tokens = ["the", "cat"]',
    'pad_token = "<pad>"',
    'df.sort_values(key="length")',
    'cache_key = "train"',
    'digest = "sha256:' + HEX + '"',
    'commit = "' + HEX[:40] + '"',
    'image = "' + of_length(400) + '"',
    'names = ["password", "username"]',
    "# the password is asked for",
    "x = 12345678901234567890",
    'if "BEGIN PRIVATE KEY" in text: raise ValueError("END PRIVATE KEY expected")',
    "APPLICATION = APACHELICENSE",
    'author = "me"; authors = "you"',
    "bypass = compass = 'north'",
    "!pip install token-bucket",
    "%timeit -n 3 f(key)",
)
