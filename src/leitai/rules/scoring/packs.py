"""A table as files that anyone can recompute: what is in a pack, whether it is whole, and the recount.

A pack is an edition's three texts as they were frozen (specification, inputs, result), the rule-book they come from,
and a manifest with the digest of every file. Who has the pack and this program needs nothing else: no database, no
network, no trust in whoever published it. The digest of the edition is over the three texts, so that the one on the
page, the one in the ledger and the one of the pack can be held against each other.

A later program may write fields that an earlier one did not have. The recount then compares what was frozen, byte
for byte, and names what is new; fields are only ever left out of the comparison when the pack names another version.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from leitai.rules.kernel import N_, Finding, Period, PeriodError
from leitai.rules.ledger import canonical, digest
from leitai.rules.regime.book import Book, RegimeError

from .by_rule import table_spec
from .spec import TableInputs, TableSpec
from .table import compute

FORMAT = "leitai.table-pack/1"
SPEC, INPUTS, RESULT, REGIME, MANIFEST = (
    "spec.json",
    "inputs.json",
    "result.json",
    "regime.yaml",
    "manifest.json",
)
ABSENT = "(absent)"
_NAMES = (
    "unit",
    "key",
    "measure",
    "code",
)  # what the members of a list are called by, where they have such a name


class PackError(ValueError):
    """Files that are no pack, or not a whole one; `finding` says what is wrong."""

    def __init__(self, code: str, message: str, **values: object) -> None:
        self.finding = Finding(code, message, values=values)
        super().__init__(self.finding.text)


def edition_digest(spec: str, inputs: str, result: str) -> str:
    """What an edition is known by: a hash over its three texts, in hex."""
    return digest(canonical({"spec": spec, "inputs": inputs, "result": result}))


@dataclass(frozen=True, slots=True)
class Pack:
    """An edition with all that its recount needs. `regime` is the rule-book's digest, `book` its text."""

    place: str
    arena: str
    period: str
    edition: int
    regime: str
    code: str
    spec: str
    inputs: str
    result: str
    book: str = ""

    @property
    def digest(self) -> str:
        """What the edition is known by."""
        return edition_digest(self.spec, self.inputs, self.result)

    def files(self, more: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
        """The pack's files by name, the manifest last; `more` goes along and is in the manifest too."""
        texts = {SPEC: self.spec, INPUTS: self.inputs, RESULT: self.result, REGIME: self.book}
        found = dict(more or {}) | {name: text.encode() for name, text in texts.items() if text}
        about = {
            "format": FORMAT,
            "place": self.place,
            "arena": self.arena,
            "period": self.period,
            "edition": self.edition,
            "digest": self.digest,
            "regime": self.regime,
            "code": self.code,
            "files": {name: digest(content) for name, content in found.items()},
        }
        return found | {MANIFEST: canonical(about) + b"\n"}


def read_pack(files: Mapping[str, bytes]) -> Pack:
    """The pack that some files make, each of them held against the manifest. Raises PackError."""
    if MANIFEST not in files:
        raise PackError("no-manifest", N_("this is no pack of a table: it has no %(name)s"), name=MANIFEST)
    about = _json(files, MANIFEST)
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        message = N_("the pack is not of the form %(right)s; a later version of Leitai may read it")
        raise PackError("other-format", message, right=FORMAT)
    listed = about.get("files")
    if not isinstance(listed, dict) or not {SPEC, INPUTS, RESULT} <= listed.keys():
        raise PackError("no-files", N_("the manifest does not name the specification, inputs and result"))
    for name, wanted in listed.items():
        if name not in files:
            raise PackError("file-missing", N_("the pack's %(name)s is missing"), name=name)
        if digest(files[name]) != wanted:
            message = N_("the pack's %(name)s is not the file that the manifest was written for")
            raise PackError("file-altered", message, name=name)
    for name in (SPEC, INPUTS, RESULT):
        _json(files, name)
    try:
        found = Pack(
            place=str(about["place"]),
            arena=str(about["arena"]),
            period=Period.parse(str(about["period"])).key,
            edition=int(about["edition"]),
            regime=str(about["regime"]),
            code=str(about["code"]),
            spec=files[SPEC].decode(),
            inputs=files[INPUTS].decode(),
            result=files[RESULT].decode(),
            book=files[REGIME].decode() if REGIME in listed else "",
        )
    except (KeyError, TypeError, ValueError) as fault:
        why = f"{type(fault).__name__}: {fault}"
        raise PackError("bad-manifest", N_("the manifest cannot be read: %(why)s"), why=why) from None
    if about.get("digest") != found.digest:
        message = N_("the manifest says %(said)s; the pack's three texts make %(found)s")
        raise PackError("other-digest", message, said=str(about.get("digest")), found=found.digest)
    return found


def _json(files: Mapping[str, bytes], name: str) -> Any:
    try:
        return json.loads(files[name].decode())
    except (ValueError, RecursionError) as fault:
        raise PackError("not-json", N_("%(name)s is not JSON: %(why)s"), name=name, why=str(fault)) from None


@dataclass(frozen=True, slots=True)
class Differs:
    """A value that is not what it was: where it stands (rows[water].score), what was kept, what was computed."""

    where: str
    kept: object
    computed: object


@dataclass(frozen=True, slots=True)
class Recount:
    """What came of computing an edition again.

    `same`: all that was frozen was computed again, byte for byte. `added`: fields that only this version writes.
    `unknown`: fields of the specification or the inputs that this version cannot read; then it is the wrong one.
    """

    same: bool
    computed: str
    differences: tuple[Differs, ...] = ()
    added: tuple[str, ...] = ()
    unknown: tuple[str, ...] = field(default=())


def recount(spec: str, inputs: str, result: str, *, same_code: bool) -> Recount:
    """Compute an edition's result from its specification and inputs, and compare with the one that was kept.

    With `same_code` (the edition was frozen by this version) nothing may be left out of the comparison. Raises
    ValueError for a specification that this version cannot compute.
    """
    said_spec, said_inputs, kept = json.loads(spec), json.loads(inputs), json.loads(result)
    read_spec, read_inputs = TableSpec.from_json(said_spec), TableInputs.from_json(said_inputs)
    lost = [
        *_lost(said_spec, read_spec.to_json(), "spec"),
        *_lost(said_inputs, read_inputs.to_json(), "inputs"),
    ]
    again = compute(read_spec, read_inputs).to_json()
    added: tuple[str, ...] = ()
    if not same_code and isinstance(kept, dict) and len(kept.get("rows", ())) == len(again["rows"]):
        added = tuple(dict.fromkeys(_lost(again, kept, "")))
        again = _like(again, kept)
    computed = canonical(again).decode()
    same = computed == result and not lost
    differences = () if computed == result else tuple(differing(kept, again))
    return Recount(same, computed, differences, added, tuple(dict.fromkeys(lost)))


def follows(pack: Pack) -> bool | None:
    """Whether the pack's rule-book is the one it names and says the pack's specification; None where there is none.

    Read by this version: where the pack is of another, False may mean that a paragraph is understood otherwise. How
    rank sets are found is no matter of the rule-book: an edition keeps the method that it was frozen with.
    """
    if not pack.book:
        return None
    if digest(pack.book.encode()) != pack.regime:
        return False
    try:
        book = Book({pack.regime: pack.book})
        first = book.latest().regime.in_force  # before the first rule-book, the first
        regime = book.on(max(Period.parse(pack.period).last, first))
        said = table_spec(regime, pack.arena, pack.period)
    except (RegimeError, LookupError, PeriodError):
        return False
    kept = TableSpec.from_json(json.loads(pack.spec))
    return said.sure_as(kept) == kept


def differing(kept: object, computed: object, where: str = "") -> Iterator[Differs]:
    """Every place at which two JSON values differ, the members of lists by their names where they have some."""
    if isinstance(kept, dict) and isinstance(computed, dict):
        for key in sorted(kept.keys() | computed.keys()):
            path = f"{where}.{key}" if where else key
            yield from differing(kept.get(key, ABSENT), computed.get(key, ABSENT), path)
    elif isinstance(kept, list) and isinstance(computed, list):
        old, new = _named(kept), _named(computed)
        for key in dict.fromkeys((*old, *new)):
            yield from differing(old.get(key, ABSENT), new.get(key, ABSENT), f"{where}[{key}]")
        if list(old) != list(new) and old.keys() == new.keys():
            yield Differs(f"order of {where}", ", ".join(map(str, old)), ", ".join(map(str, new)))
    elif kept != computed or type(kept) is not type(computed):
        yield Differs(where, kept, computed)


def _named(members: list[Any]) -> dict[object, Any]:
    """The members of a list by name, or by number where they have none or share one."""
    name = next((one for one in _NAMES if all(isinstance(it, dict) and one in it for it in members)), None)
    keys = [it[name] for it in members] if name else []
    return dict(zip(keys if len(set(keys)) == len(members) else range(len(members)), members, strict=True))


def _lost(wide: object, narrow: object, where: str) -> Iterator[str]:
    """The fields of a JSON value that another lacks, as paths without the names of members."""
    if isinstance(wide, dict) and isinstance(narrow, dict):
        for key, value in wide.items():
            path = f"{where}.{key}" if where else key
            if key not in narrow:
                if value is not None:
                    yield path
            else:
                yield from _lost(value, narrow[key], path)
    elif isinstance(wide, list) and isinstance(narrow, list):
        for one, other in zip(wide, narrow, strict=False):
            yield from _lost(one, other, f"{where}[]")


def _like(wide: Any, narrow: Any) -> Any:
    """A JSON value without the fields that another lacks."""
    if isinstance(wide, dict) and isinstance(narrow, dict):
        return {key: _like(value, narrow[key]) for key, value in wide.items() if key in narrow}
    if isinstance(wide, list) and isinstance(narrow, list) and len(wide) == len(narrow):
        return [_like(one, other) for one, other in zip(wide, narrow, strict=True)]
    return wide
