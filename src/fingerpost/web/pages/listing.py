"""The state of one worklist: sorting, filters and page, all of it in the address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise

from fingerpost.kernel.whole_number import whole_number
from fingerpost.web.pages.forms.base import FilterForm
from fingerpost.web.pages.forms.choices import _Chosen

Row = TypeVar("Row")
PAGE_SIZE = 25
LAST_PAGE = 99_999


@dataclass(frozen=True)
class Column:
    """One column. `order` names the fields to sort by and makes the heading a link; numbers align right."""

    key: str
    label: str | Promise
    order: tuple[str, ...] = ()
    numeric: bool = False
    hidden_label: bool = False


@dataclass(frozen=True)
class Chip:
    """One filter that is set: its words, and the address without it."""

    text: str
    href: str


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows. `first` and `last` count from 1, for "1 to 25 of 130"."""

    rows: Sequence[Row]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def count(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.number * self.size, self.total)

    def numbers(self) -> list[int]:
        """Page numbers to offer, 0 for a gap: the ends and the neighbours of this one."""
        near = {1, self.count, self.number - 1, self.number, self.number + 1}
        shown: list[int] = []
        for number in sorted(n for n in near if 1 <= n <= self.count):
            if shown and number - shown[-1] > 1:
                shown.append(0)
            shown.append(number)
        return shown

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass
class Listing:
    """Reads `?sort=-waiting&page=2&need=lonely` and makes every address that keeps the rest of it.

    `filters` is a `FilterForm` bound to the address; what it does not understand is ignored, never an error.
    """

    request: HttpRequest
    columns: Sequence[Column]
    default_sort: str
    filters: FilterForm | None = None
    size: int = PAGE_SIZE
    sort: str = field(init=False)
    number: int = field(init=False)

    def __post_init__(self) -> None:
        asked = self.request.GET.get("sort", "")
        sortable = {column.key for column in self.columns if column.order}
        self.sort = asked if asked.lstrip("-") in sortable else self.default_sort
        page = self.request.GET.get("page", "1")
        self.number = max(1, whole_number(page, most=LAST_PAGE, otherwise=1))

    @property
    def order(self) -> list[str]:
        """Field names for `order_by`, each with its minus sign."""
        backwards = self.sort.startswith("-")
        column = next(one for one in self.columns if one.key == self.sort.lstrip("-"))
        return [_turned(name) if backwards else name for name in column.order]

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that are set and understood."""
        if self.filters is None:
            return {}
        self.filters.is_valid()
        return {
            name: value for name, value in self.filters.cleaned_data.items() if value not in (None, "", [])
        }

    def page(self, rows: Any, total: int | None = None) -> Page[Any]:
        """One page of a queryset or sequence; a page beyond the end shows the last one."""
        total = total if total is not None else _count(rows)
        number = min(self.number, max(1, -(-total // self.size)))
        start = (number - 1) * self.size
        return Page(list(rows[start : start + self.size]), number, total, self.size)

    def href(
        self, *, page: int | None = None, sort: str | None = None, without: str = "", value: str = ""
    ) -> str:
        """This list's address with one thing changed; a new order or filter starts at page one."""
        query = self._query()
        if without:
            kept = [one for one in query.getlist(without) if value and one != value]
            query.setlist(without, kept)
        if sort is not None:
            query["sort"] = sort
        if page is not None and page > 1:
            query["page"] = str(page)
        pairs = [(name, one) for name, values in query.lists() for one in values]
        return f"{self.request.path}?{urlencode(pairs)}" if pairs else self.request.path

    def sort_href(self, column: Column) -> str:
        """Sort by this column; the other way round when it is sorted by it already."""
        return self.href(sort=f"-{column.key}" if self.sort == column.key else column.key)

    def direction(self, column: Column) -> str:
        """For `aria-sort`: "ascending", "descending" or "none"."""
        if self.sort.lstrip("-") != column.key:
            return "none"
        return "descending" if self.sort.startswith("-") else "ascending"

    def cleared_href(self) -> str:
        """The list without any filter, in the same order."""
        return (
            self.request.path
            if self.sort == self.default_sort
            else f"{self.request.path}?{urlencode({'sort': self.sort})}"
        )

    def chips(self) -> list[Chip]:
        """The filters that are set, in words, each with the address that takes it away."""
        return [chip for name, value in self.chosen.items() for chip in self._chips(name, value)]

    def _chips(self, name: str, value: Any) -> list[Chip]:
        asked = self.filters.fields[name] if self.filters else None
        words = (
            {answer.value: str(answer.text) for answer in asked.answers} if isinstance(asked, _Chosen) else {}
        )
        many = value if isinstance(value, list) else [value]
        label = str(asked.label) if asked else name
        return [
            Chip(
                words.get(str(one)) or f"{label}: {one}",
                self.href(without=name, value=str(one) if len(many) > 1 else ""),
            )
            for one in many
        ]

    def _query(self) -> QueryDict:
        query = self.request.GET.copy()
        known = {"sort", *(self.filters.fields if self.filters else ())}
        for name in [name for name in query if name not in known]:
            del query[name]
        if query.get("sort") == self.default_sort or query.get("sort") != self.sort:
            query.pop("sort", None)
        return query


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _count(rows: Any) -> int:
    return len(rows) if isinstance(rows, list | tuple) else int(rows.count())
