"""The tree over the logbook is that of RFC 6962: the roots of Certificate Transparency's own test
vectors, a recursion as the RFC words it, and proofs that show nothing but what is so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeby.logbook import notes
from homeby.logbook.notes import Key, NoNote
from homeby.logbook.tree import (
    EMPTY_ROOT,
    Head,
    Tree,
    consistency,
    head,
    inclusion,
    is_grown,
    is_included,
    node,
)

SAMPLES = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
LEAVES = [sha256(b"\x00" + bytes.fromhex(text)).digest() for text in SAMPLES]
MANY = [sha256(b"\x00" + number.to_bytes(4)).digest() for number in range(70)]


def by_the_words(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962, 2.1 words it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return node(by_the_words(leaves[:k]), by_the_words(leaves[k:]))


def heads(first: int, second: int) -> tuple[Head, Head]:
    return head(Tree.of(MANY[:first])), head(Tree.of(MANY[:second]))


def test_the_roots_are_those_of_certificate_transparency() -> None:
    assert Tree().root() == EMPTY_ROOT == by_the_words([])
    for size, root in enumerate(ROOTS, start=1):
        assert Tree.of(LEAVES[:size]).root().hex() == root == by_the_words(LEAVES[:size]).hex()


def test_a_kept_frontier_grows_on_as_the_whole_tree() -> None:
    for size in range(len(MANY)):
        kept = Tree.of(MANY[:size])
        again = Tree.kept(size, kept.frontier)
        assert again.grown(MANY[size:]).root() == by_the_words(MANY)
        assert again.root() == kept.root() == by_the_words(MANY[:size])
    for size, frontier in ((3, b"x" * 32), (0, b"x" * 32), (-1, b""), (2, b"x" * 33)):
        with pytest.raises(ValueError, match="peaks of a tree"):
            Tree.kept(size, frontier)


def leads(leaf: bytes, index: int, size: int, path: list[bytes]) -> bool:
    root = Tree.of(MANY[:size]).root()
    return is_included(leaf=leaf, index=index, size=size, path=path, root=root)


def test_every_leaf_of_every_size_has_its_path_and_no_other() -> None:
    for size in range(1, 35):
        for index in range(size):
            path, leaf = inclusion(MANY[:size], index), MANY[index]
            assert leads(leaf, index, size, path)
            assert not leads(MANY[index + 1], index, size, path)
            assert not leads(leaf, size, size, path)
            assert not leads(leaf, -1, size, path)
            assert not leads(leaf, index, size, [*path, MANY[0]])
            if path:
                assert not leads(leaf, index, size, path[:-1])
                assert not leads(leaf, (index + 1) % size, size, path)


def test_of_every_two_sizes_the_later_is_shown_to_be_the_earlier_one_grown() -> None:
    for first in range(35):
        earlier = Tree.of(MANY[:first])
        for second in range(first, 35):
            proof = consistency(earlier, MANY[first:second])
            before, after = heads(first, second)
            assert is_grown(before, after, proof)
            if 0 < first < second:
                assert not is_grown(replace(before, root=MANY[0]), after, proof) or first == 1
                assert not is_grown(before, replace(after, root=MANY[0]), proof)
                assert not is_grown(before, after, proof[:-1])
                assert not is_grown(before, after, [*proof, MANY[0]])
                assert not is_grown(after, before, proof)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_changed_word_of_a_proof_is_taken(data: st.DataObject) -> None:
    second = data.draw(st.integers(2, len(MANY)))
    first = data.draw(st.integers(1, second - 1))
    index = data.draw(st.integers(0, second - 1))
    before, after = heads(first, second)
    path = inclusion(MANY[:second], index)
    proof = consistency(Tree.of(MANY[:first]), MANY[first:second])
    at, bit = data.draw(st.integers(0, 31)), 1 << data.draw(st.integers(0, 7))
    ways: list[tuple[list[bytes], Callable[[list[bytes]], bool]]] = [
        (path, lambda words: leads(MANY[index], index, second, words)),
        (proof, lambda words: is_grown(before, after, words)),
    ]
    for words, holds in ways:
        assert holds(words)
        which = data.draw(st.integers(0, len(words) - 1))
        word = bytearray(words[which])
        word[at] ^= bit
        assert not holds([*words[:which], bytes(word), *words[which + 1 :]])
        if len(words) > 1 and words[0] != words[1]:
            assert not holds([words[1], words[0], *words[2:]])


def test_a_checkpoint_is_a_signed_note_that_others_read() -> None:
    """The signed note of golang.org/x/mod/sumdb/note is read and checked by our words."""
    theirs = notes.PublicKey(
        name="PeterNeumann",
        raw=notes._decoded("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:],
    )
    assert str(theirs) == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    own = Key(name="homeby/sample", seed=b"\x07" * 32)
    note = own.sign(Head(size=8, root=bytes.fromhex(ROOTS[7])))
    text = str(note)
    assert text.startswith(
        "homeby/sample\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n\u2014 "
    )
    assert notes.read(text) == notes.read(" ".join(text.split())) == note
    assert own.public.has_signed(note) is True
    assert own.public.has_signed(replace(note, head=replace(note.head, size=9))) is False
    assert own.public.has_signed(replace(note, signatures=())) is None
    assert Key(name="homeby/sample", seed=b"\x08" * 32).public.has_signed(note) is None
    assert str(notes.read("homeby/sample 8 " + text.split()[2])) == note.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "homeby/x 1",
        "homeby/x 01 " + "A" * 44,
        "homeby/x -1 " + "A" * 44,
        "homeby/x 1 " + "A" * 40,
        "homeby/x 1 \u00e4\u00e4",
        "homeby/x 1 XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg= more",
        "homeby/x 1 XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg= \u2014 homeby/x AAAA",
    ],
)
def test_what_is_no_checkpoint_is_a_sentence(text: str) -> None:
    with pytest.raises(NoNote, match=r"[.?]"):
        notes.read(text)
