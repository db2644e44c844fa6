"""Checks the proof of one logbook entry, without Homeby: Python 3.8 and nothing else.

KEY is the station's public key as `homeby verify` prints it: have it from a person you trust.
Ends with 0 when all holds, 1 when it does not, 2 when a file cannot be read.
"""

import argparse
import base64
import hashlib
import json
import sys
import zlib

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


class Wrong(Exception):
    """Something that does not hold; the text is a sentence."""


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def decoded(text):
    return base64.b64decode(text, validate=True)


# Ed25519 as RFC 8032, 5.1 words it.
def add(p, q):
    (x, y), (u, v) = p, q
    k = D * x * u * y * v
    return (x * v + u * y) * pow(1 + k, -1, P) % P, (y * v + x * u) * pow(1 - k, -1, P) % P


def times(number, point):
    found = (0, 1)
    for bit in f"{number:b}":
        found = add(add(found, found), point if bit == "1" else (0, 1))
    return found


def point_of(text):
    y = int.from_bytes(text, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (not x and sign):
        raise Wrong("The key, or the signature, is no point of the curve.")
    return (P - x if x & 1 != sign else x), y


BASE = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def is_signed(public, text, made):
    """Whether the holder of the key signed the text."""
    at, s = point_of(made[:32]), int.from_bytes(made[32:], "little")
    h = int.from_bytes(hashlib.sha512(made[:32] + public + text).digest(), "little") % ORDER
    fits = (len(public), len(made)) == (32, 64) and s < ORDER
    return fits and times(s, BASE) == add(at, times(h, point_of(public)))


def check_signature(note, key):
    """The checkpoint's three lines, once the key has signed them."""
    name, key_id, coded = key.strip().split("+", 2)
    raw = decoded(coded)
    if raw[:1] != b"\x01" or sha256(name.encode(), b"\n", raw)[:4].hex() != key_id:
        raise Wrong("The key is damaged: its id is not that of its bytes.")
    text, _, lines = note.partition("\n\n")
    for line in lines.splitlines():
        dash, signer, made = line.split(" ")
        if (dash, signer, decoded(made)[:4].hex()) != ("\u2014", name, key_id):
            continue
        if not is_signed(raw[1:], (text + "\n").encode(), decoded(made)[4:]):
            raise Wrong("The signature of the checkpoint is wrong: it was changed or forged.")
        origin, size, root = text.split("\n")[:3]
        if origin != name:
            raise Wrong(f"The checkpoint is of {origin}, and the key is of {name}.")
        return int(size), decoded(root)
    raise Wrong(f"No signature of the checkpoint is by the key {name}+{key_id}.")


def check_path(leaf, index, size, path, root):
    """RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        raise Wrong(f"Index {index} lies outside a logbook of {size} entries.")
    here, last = index, size - 1
    for other in path:
        if not last:
            raise Wrong("The path is longer than the tree is high.")
        if here & 1 or here == last:
            leaf = sha256(b"\x01", other, leaf)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            leaf = sha256(b"\x01", leaf, other)
        here, last = here >> 1, last >> 1
    if last or leaf != root:
        raise Wrong("The path does not lead to the root of the checkpoint.")


def check(proof, key, kept, body):
    """Every step; gives what the entry says."""
    top, _, note = proof.partition("\n\n")
    heading, extra, index, *path = top.split("\n")
    if heading != "c2sp.org/tlog-proof@v1" or extra[:6] != "extra " or index[:6] != "index ":
        raise Wrong("This is no proof of a logbook entry.")
    size, root = check_signature(note, key)
    if kept is not None and kept.split()[:3] != note.split()[:3]:
        raise Wrong("The proof leads to another checkpoint than the one you kept.")
    told = zlib.decompressobj().decompress(decoded(extra[6:]), 2**20)
    entry = {**json.loads(told), **json.loads(body or "{}")}
    body_hash, salt = bytes.fromhex(entry["body_hash"]), bytes.fromhex(entry.get("salt", ""))
    if "body" in entry and (len(salt), sha256(salt, entry["body"].encode())) != (16, body_hash):
        raise Wrong("The body is not the one that was recorded.")
    leaf = sha256(b"\x00", "{id}|{kind}|{recorded_at}|".format(**entry).encode(), body_hash)
    check_path(leaf, int(index[6:]), size, map(decoded, path), root)
    return f"Entry {index[6:]} of {size} (counted from 0): {entry['kind']}, recorded " + (
        "{recorded_at}, id {id}.\n".format(**entry) + entry.get("body", "Its body is not shown.")
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("proof", help="a file that `homeby prove` made")
    parser.add_argument("key", help="the station's public key: name+id+base64")
    parser.add_argument("--checkpoint", help="a file with the checkpoint that you kept")
    parser.add_argument("--body", help="the file of the body, where the proof is without it")
    given = parser.parse_args()
    try:
        names = (given.proof, given.checkpoint, given.body)
        proof, kept, body = (open(n, encoding="utf-8").read() if n else None for n in names)
        return "It holds. " + check(proof, given.key, kept, body), 0
    except (OSError, UnicodeDecodeError) as trouble:
        return f"A file cannot be read: {trouble}", 2
    except Wrong as trouble:
        return f"It does NOT hold. {trouble}", 1
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, zlib.error):
        return "It does NOT hold. The proof or the key is cut off, or no proof at all.", 1


if __name__ == "__main__":
    said, code = main()
    sys.stdout.buffer.write((said + "\n").encode("utf-8", "backslashreplace"))
    sys.exit(code)
