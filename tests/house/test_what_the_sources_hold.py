"""Rows of docs/reference/asvs.md that the sources themselves show: what our code never does, by
whom chance and ciphers are made, what pages and scripts hold."""

from __future__ import annotations

import ast
import functools
import re
import tomllib
from collections.abc import Iterator

from tests.house.tree import ROOT

HOMEBY = ROOT / "homeby"
#: Who starts other programs: the supervisor its own parts.
STARTS_PROGRAMS = {"station/supervisor.py", "station/web_server.py"}
#: Whoever tries again waits for a time of chance; nothing is kept secret by it.
JITTER = {"comms/actions/post.py", "comms/actions/deliver.py"}
#: An import map brings patterns of its own, written by the administrator for the command line.
OWN_PATTERNS = {
    "station/importing/mapping.py",
    "station/importing/columns.py",
    "watch/actions/forgetting.py",
}  # fmt: skip - escapes each name
#: RSA is for Open Badges alone, whose standard asks for RS256 (docs/decisions/0021).
RSA = {"keys.py", "settings/__init__.py", "readiness/queries/open_badges.py"}
#: Reads its own scripts, the figures of its own process, the secret that a setting names, the
#: story of the demonstration.
READS_ITS_OWN = {"web/phone/views/my.py", "web/metrics/readers.py", "web/accounts/adapters.py",
                 "web/sealed/scripts.py", "web/noticed/views.py"}  # fmt: skip
CIPHERS = {"AESGCM", "HKDF", "SHA256", "InvalidTag", "Encoding", "PublicFormat", "PrivateFormat",
           "NoEncryption", "Ed25519PrivateKey", "Ed25519PublicKey", "X25519PrivateKey",
           "X25519PublicKey", "InvalidSignature", "ec", "ed25519", "x25519", "serialization",
           "hashes", "decode_dss_signature", "encode_dss_signature", "x509", "ECDH", "SECP256R1",
           "rsa",
           "load_pem_private_key", "UnsupportedAlgorithm"}  # fmt: skip


@functools.cache
def trees() -> dict[str, ast.Module]:
    """Every module of ours, by its place below `homeby`."""
    found = {str(one.relative_to(HOMEBY)): one for one in sorted(HOMEBY.rglob("*.py"))}
    return {
        place: ast.parse(path.read_text(encoding="utf-8"))
        for place, path in found.items()
        if "migrations" not in place
    }


def imported(tree: ast.Module) -> Iterator[str]:
    """What a module imports, whole names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{one.name}" for one in node.names)


def importers(*modules: str) -> set[str]:
    """Where one of these modules, or something out of it, is imported."""
    return {
        place
        for place, tree in trees().items()
        if any(one == wanted or one.startswith(f"{wanted}.")
               for one in imported(tree) for wanted in modules)
    }  # fmt: skip


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Every call with what is called, as it is written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_no_command_of_the_system_is_made() -> None:
    assert importers("subprocess", "pty", "commands") <= STARTS_PROGRAMS
    starting = re.compile(r"os\.(system|popen|exec\w*|spawn\w*)")
    found = {p for p, tree in trees().items() for name, _ in calls(tree) if starting.match(name)}
    assert found <= STARTS_PROGRAMS


def test_nothing_is_unpickled_or_evaluated() -> None:
    assert importers("pickle", "marshal", "shelve", "dill", "yaml") == set()
    names = {name for tree in trees().values() for name, _ in calls(tree)}
    assert not names & {"eval", "exec", "compile", "__import__"}


def test_no_pattern_and_no_template_is_made_from_input() -> None:
    for place, tree in trees().items():
        for name, call in calls(tree):
            if re.fullmatch(r"re\.(compile|match|search|fullmatch|sub|split|findall)", name):
                asked = ast.unparse(call.args[0])
                is_ours = isinstance(call.args[0], ast.Constant) or re.fullmatch(
                    r"_?[A-Z_]+|f?r?['\"].*", asked, re.DOTALL
                )
                put_in = re.findall(r"\{([^{}]*[a-z][^{}]*)\}", asked) if asked[0] == "f" else []
                outer = [one for one in put_in if not one.startswith(("re.escape(", "words"))]
                assert place in OWN_PATTERNS or (is_ours and not outer), (place, asked)
            assert not name.endswith(("from_string", "Template")), (place, name)


def test_chance_that_matters_comes_from_secrets() -> None:
    assert importers("random") == JITTER
    assert len(importers("secrets")) > 5


def test_only_approved_ciphers_hashes_and_signatures_are_used() -> None:
    taken = {one.rpartition(".")[2] for tree in trees().values() for one in imported(tree)
             if one.startswith("cryptography.")}  # fmt: skip
    assert taken <= CIPHERS, taken - CIPHERS
    assert importers("cryptography.hazmat.primitives.asymmetric.rsa") == RSA
    hashes = {name for tree in trees().values() for name, _ in calls(tree)
              if re.fullmatch(r"hashlib\.\w+", name)}  # fmt: skip
    assert hashes <= {"hashlib.sha256", "hashlib.sha1", "hashlib.blake2b"}
    old = {place for place, tree in trees().items()
           for name, call in calls(tree) if name == "hashlib.sha1"
           and "usedforsecurity=False" not in ast.unparse(call)}  # fmt: skip
    assert old == set(), "sha1 only names lines of a list of lost passwords"


def test_no_file_of_others_is_kept_and_no_path_is_made_from_input() -> None:
    """A route is read from memory and kept as text; files that pages hand out are made by us."""
    stored = re.compile(r"models\.(File|Image|FilePath)Field|default_storage\.\w+")
    opening = re.compile(r"(.+\.)?(open|read_text|read_bytes|write_text|write_bytes)")
    for place, tree in trees().items():
        for name, _call in calls(tree):
            assert not stored.fullmatch(name), (place, name)
            if place.startswith("web/") and place not in READS_ITS_OWN:
                assert not opening.fullmatch(name), (place, name)


def test_there_is_one_way_in_by_others() -> None:
    """ASVS 6.8.3, 10.2.2, 10.5.5, 12.1.3: one provider by OpenID Connect; no SAML, no LDAP, no
    log-out that a provider sends, no certificate of whoever calls."""
    settings = (HOMEBY / "django_settings.py").read_text(encoding="utf-8")
    assert re.findall(r"socialaccount\.providers\.(\w+)", settings) == ["openid_connect"]
    assert importers("saml2", "onelogin", "xmlsec", "ldap", "ldap3", "django_auth_ldap") == set()
    served = {word.arg for name, call in calls(trees()["station/web_server.py"])
              if name == "Server" for word in call.keywords}  # fmt: skip
    assert "address" in served or "port" in served, "that is the call which takes a line"
    assert not [one for one in served if one and one.startswith("ssl")]
    for place, tree in trees().items():
        texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        assert not any(isinstance(one, str) and "logout_token" in one for one in texts), place


def test_the_guide_names_every_key() -> None:
    """ASVS 11.1.1, 11.1.2: what each is for, how it is made, and what is lost without it."""
    source = (HOMEBY / "keys.py").read_text(encoding="utf-8")
    names = set(re.findall(r'^[A-Z_]+_KEY_FILE = "([\w-]+\.key)"', source, re.MULTILINE))
    guide = (ROOT / "docs/guide/administrator.md").read_text(encoding="utf-8")
    table = guide.partition("\n## Keys\n")[2].partition("\n## ")[0]
    assert len(names) >= 6
    assert set(re.findall(r"^\| `([\w-]+\.key)` \|", table, re.MULTILINE)) == names


#: What each keeps in the browser: on a phone its own party and what waits to be sent, the looks of
#: the page, which sound was heard; at a kiosk what waits, sealed; a key that signs debriefs, which
#: no script can read. `leave.js` lets go of it. The public halves that something was sealed to stay
#: (sealed.js): a server that swaps one is noticed by them; so does the newest checkpoint of the
#: logbook (my-witness.js), which names nobody: a server that changes the past is noticed by it.
KEEPS = {"steady.js", "theme.js", "my.js", "siren.js", "sending.js", "my-worker.js", "leave.js",
         "kiosk-store.js", "sealed.js", "my-witness.js"}  # fmt: skip


def test_only_these_scripts_keep_something_in_the_browser() -> None:
    """ASVS 14.3.3."""
    store = re.compile(r"localStorage|sessionStorage|indexedDB|\bcaches\b|document\.cookie")
    scripts = (HOMEBY / "web/static/homeby/js").glob("*.js")
    found = {one.name for one in scripts if store.search(one.read_text(encoding="utf-8"))}
    assert found == KEEPS


def test_scripts_hear_no_other_window_and_forbid_no_pasting() -> None:
    scripts = [one.read_text(encoding="utf-8") for one in (HOMEBY / "web/static").rglob("*.js")]
    assert len(scripts) > 5
    for text in scripts:
        assert not re.search(r"(window|self|top|parent|opener)\.postMessage", text)
        assert not re.search(r"(?<!ServiceWorker)onpaste|['\"]paste['\"]", text)
        assert not re.search(r"\beval\(|new Function\(|document\.write|WebSocket", text)
    pages = "".join(one.read_text(encoding="utf-8")
                    for one in (HOMEBY / "web/templates").rglob("*.html"))  # fmt: skip
    assert not re.search(r"<(applet|object|embed|marquee|frame|frameset)\b|onpaste", pages)
    assert 'autocomplete="off" type="password"' not in pages


def test_types_are_strict() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["mypy"]["strict"] is True


def test_the_guide_says_what_is_logged_and_whose_session_ends() -> None:
    text = (ROOT / "docs/guide/administrator.md").read_text(encoding="utf-8")
    assert re.search(r"(?m)^## What the processes print$", text)
    assert re.search(r"(?m)^## Log-ins$", text)
    assert "provider" in text.partition("## Log-ins")[2].partition("\n## ")[0]


#: Scripts that write fields by a name in a variable: of those that they list themselves.
LISTS_ITS_FIELDS = {"passkey.js": 2}
_COMPUTED = re.compile(r"[\w)\]]\[[A-Za-z_.#]+\]\s*(?:=[^=>]|\?\?=|\+=)")
_PROTOTYPES = re.compile(
    r"__proto__|setPrototypeOf|\.prototype\b|fromEntries|for \((?:const|let) \w+ in "
)


def test_no_script_writes_a_field_that_was_sent() -> None:
    """What is found again by a name of others stands in a Map or a Set: nobody who sends a name
    reaches the prototype of all objects."""
    scripts = sorted((HOMEBY / "web/static/homeby/js").glob("*.js"))
    assert len(scripts) > 10
    computed: dict[str, int] = {}
    for one in scripts:
        text = one.read_text(encoding="utf-8")
        assert not _PROTOTYPES.search(text), one.name
        if found := _COMPUTED.findall(text):
            computed[one.name] = len(found)
    assert computed == LISTS_ITS_FIELDS
    assert _COMPUTED.search("told[answer.name] = 1")
