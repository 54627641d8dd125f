"""Chains in Excel: a sheet each of links, firms, materials with where they come from, gaps that are worked on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from . import wording
from .queries import Chain, Work

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PERCENT = "0.0%"


def title() -> str:
    """What the workbook is called."""
    return _("Industrial chains")


def workbook(chains: Sequence[Chain], works: Sequence[Work]) -> bytes:
    """The bytes of the workbook."""
    book = Workbook(write_only=True)
    _links(book, chains)
    _firms(book, chains)
    _materials(book, chains)
    _gaps(book, chains, works)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _name(chain: Chain) -> str:
    return chain.spec.name.show(get_language() or "zh-hans")


def _links(book: Workbook, chains: Iterable[Chain]) -> None:
    columns = (
        (_("Chain"), 20), (_("Part of the chain"), 12), (_("Link"), 24), (_("Firms"), 8), (_("Capacity"), 12),
        (_("Unit of capacity"), 12), (_("Share"), 10), (_("of"), 10), (_("Bought outside"), 14),
        (_("Sold outside"), 14), (_("Stops without it"), 14), (_("Gaps"), 40), (_("Source"), 50),
    )  # fmt: skip
    rows = []
    for chain in chains:
        links = {one.key: one for one in chain.links}
        for row in chain.rows:
            one, critical = links[row.key], chain.critical.get(row.key)
            told = [
                f"{wording.KINDS[gap.kind]()}: {wording.why(gap)}"
                for gap in chain.gaps
                if gap.link == row.key
            ]
            rows.append(
                (
                    _name(chain),
                    wording.TIERS[row.tier](),
                    row.name,
                    len(row.members.all()),
                    one.made,
                    wording.unit_of(row),
                    one.of_whole,
                    wording.whole_of(row) if one.of_whole is not None else "",
                    one.bought_outside,
                    one.sold_outside,
                    critical.share if critical else None,
                    " ".join(told),
                    row.source,
                )
            )
    _sheet(book, _("Links"), columns, rows, (7, 9, 10, 11))


def _firms(book: Workbook, chains: Iterable[Chain]) -> None:
    columns = (
        (_("Chain"), 20), (_("Link"), 24), (_("Firm"), 36), (_("Park"), 20), (_("Produces"), 10), (_("Capacity"), 12),
        (_("Under construction"), 14), (_("Unit of capacity"), 12), (_("Output of a year, yuan"), 20), (_("As of"), 12),
        (_("Source"), 50),
    )  # fmt: skip
    rows = [
        (
            _name(chain),
            row.name,
            one.name,
            one.park.name if one.park else "",
            _("yes") if one.produces else _("no"),
            one.capacity,
            one.building,
            wording.unit_of(row),
            one.output,
            one.as_of,
            one.source,
        )
        for chain in chains
        for row in chain.rows
        for one in row.members.all()
    ]
    _sheet(book, _("Firms"), columns, rows, ())


def _materials(book: Workbook, chains: Iterable[Chain]) -> None:
    columns = (
        (_("Chain"), 20), (_("Link"), 24), (_("Material"), 24), (_("Supplied by"), 24), (_("Share"), 10),
    )  # fmt: skip
    rows = []
    for chain in chains:
        links = {one.key: one for one in chain.links}
        for row in chain.rows:
            for need, told in zip(row.needs.all(), links[row.key].needs, strict=True):
                for key, share in told.here.items():
                    source = chain.row(key)
                    rows.append((_name(chain), row.name, need.name, source.name if source else key, share))
                rows.append((_name(chain), row.name, need.name, _("outside"), told.outside))
    _sheet(book, _("Materials"), columns, rows, (5,))


def _gaps(book: Workbook, chains: Iterable[Chain], works: Sequence[Work]) -> None:
    columns = (
        (_("Chain"), 20), (_("Link"), 24), (_("Gap"), 12), (_("What is to be won"), 50), (_("Unit"), 24),
        (_("Due on"), 12), (_("Last said on"), 12), (_("Last word"), 50), (_("Leads"), 24), (_("Projects"), 24),
        (_("Cases in its way"), 24),
    )  # fmt: skip
    names = {chain.key: _name(chain) for chain in chains}
    rows = [
        (
            names.get(one.row.link.chain, one.row.link.chain),
            one.row.link.name,
            wording.KINDS[one.row.kind](),
            one.row.text,
            one.row.unit.name,
            one.row.due_on,
            one.row.said_on,
            one.words[0].text if one.words else "",
            ", ".join(tie.code for tie, _lead in one.leads),
            ", ".join(tie.code for tie, _project in one.projects),
            ", ".join(view.case.ref for _tie, view in one.cases),
        )
        for one in works
    ]
    _sheet(book, _("Gaps at work"), columns, rows, ())


def _sheet(
    book: Workbook,
    name: str,
    columns: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[Any]],
    shares: Sequence[int],
) -> None:
    """A sheet with its heading; `shares` are the columns, from 1, that are shares of one."""
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    for index, (_heading, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    head = [WriteOnlyCell(sheet, heading) for heading, _width in columns]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in rows:
        cells = [_cell(sheet, value) for value in row]
        for index in shares:
            cells[index - 1].number_format = PERCENT
        sheet.append(cells)


def _cell(sheet: Any, value: Any) -> Any:
    """Words that others wrote stand as words: one that begins like a formula is marked as text."""
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(" ", value)[:32_767])
    cell.data_type = "s"
    return cell
