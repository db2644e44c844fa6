"""The readable part of an archive: a tagged PDF, set by typst from plain values.

The values come in as data and never as marks, so nothing that somebody typed is executed. Only the
fonts that typst brings and those of the machine are there; none of ours has Japanese signs. Where a
sign has no font PDF/UA cannot be kept: then it is set again without the standard (`STACK.md` 7).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import typst

_SHEET = r"""
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, author: data.author)
#set page(paper: "a4", margin: 2cm, numbering: "1 / 1")
#set text(lang: data.language, size: 10pt, font: ("Libertinus Serif",))
#set par(justify: false)
#show heading.where(level: 1): set text(size: 18pt)
= #data.title
#data.note
#for section in data.sections [
  == #section.title
  #if section.rows.len() == 0 [#data.nothing] else if section.columns.len() > 0 {
    table(
      columns: section.columns.len(),
      stroke: 0.5pt + luma(180),
      table.header(..section.columns.map(one => strong(one))),
      ..section.rows.flatten(),
    )
  } else {
    for row in section.rows [/ #row.at(0): #row.at(1)
    ]
  }
]
"""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the paper: a table under its columns, or pairs of a word and a text."""

    title: str
    columns: tuple[str, ...] = ()
    rows: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What is set: its title, whose, in which language, a note, what stands for "none"."""

    title: str
    author: str
    language: str
    note: str
    nothing: str
    sections: Sequence[Section]


def pdf(paper: Paper, *, now: dt.datetime) -> bytes:
    """The paper as PDF/UA-1, or as a plain tagged PDF where a sign has no font."""
    try:
        return _set(paper, now=now, standard=["ua-1"])
    except typst.TypstError:
        return _set(paper, now=now, standard=[])


def _set(paper: Paper, *, now: dt.datetime, standard: list[typst.PDFStandard]) -> bytes:
    """By a compiler of its own: one that failed does not find its text again."""
    data = {"data": json.dumps(asdict(paper), ensure_ascii=False)}
    compiler = typst.Compiler(_SHEET.encode(), sys_inputs=data)
    made = compiler.compile(format="pdf", pdf_standards=standard, timestamp=int(now.timestamp()))
    assert isinstance(made, bytes), "one document is one file"
    return made
