"""Reading real friendship networks: edge lists (.csv, .csv.gz, .txt), Parquet, GraphML, GEXF.

Files are read as data and never executed. What is wrong in an edge list is named by its line.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np

from model.errors import NetworkError
from model.networks.edges import EdgeList, from_networkx, from_pairs

_HEADERS = {
    ("source", "target"), ("from", "to"), ("node1", "node2"), ("id1", "id2"), ("ego", "alter"),
    ("src", "dst"), ("node_1", "node_2"), ("name1", "name2"), ("person", "friend"),
    ("person1", "person2"),
}  # fmt: skip
"""Of a file whose people have words for labels, these first lines are headers."""
KINDS = ".csv, .tsv, .txt, .edges (each also with .gz), .parquet, .graphml, .gexf"
_TEXT = (".csv", ".tsv", ".txt", ".edges")


def read_network(path: Path) -> EdgeList:
    """A network from a file, by its ending.

    Raises:
        NetworkError: naming the file and, in an edge list, the line.
    """
    if not path.is_file():
        raise NetworkError(f"there is no network file {path}")
    name = path.name.lower()
    try:
        if name.removesuffix(".gz").endswith(_TEXT):
            network = _read_edge_list(path)
        elif name.endswith(".parquet"):
            network = _read_parquet(path)
        elif name.endswith((".graphml", ".gexf")):
            network = _read_xml(path)
        else:
            raise NetworkError(f"{path}: unknown kind of network file; known: {KINDS}")
    except OSError as error:
        raise NetworkError(f"{path}: cannot be read: {error}") from None
    except EOFError:
        raise NetworkError(f"{path}: the compressed file is cut off") from None
    except UnicodeDecodeError as error:
        raise NetworkError(f"{path}: not UTF-8 text (byte {error.start})") from None
    if network.citizens == 0:
        raise NetworkError(f"{path}: holds no people")
    return network


def _open_text(path: Path) -> io.TextIOBase:
    if path.name.lower().endswith(".gz"):
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _read_edge_list(path: Path) -> EdgeList:
    """Two labels a line; further columns are not kept; a line with one label is a person alone.

    Separated by comma, semicolon, tab or blanks, as the first line of data has it. Lines that
    begin with ``#`` or ``%`` are comments. A first line such as ``source,target`` is a header.
    """
    number: dict[str, int] = {}
    first: list[int] = []
    second: list[int] = []
    header: list[str] | None = None
    begun = False
    extra = False
    delimiter = None
    with _open_text(path) as text:
        for line, row in enumerate(text, start=1):
            stripped = row.strip()
            if not stripped or stripped[0] in "#%":
                continue
            # a person alone has no separator: the first line that has one decides
            delimiter = delimiter or _delimiter(stripped)
            cells = _cells(stripped, delimiter or " ")
            alone = len(cells) == 1 or cells[1:] == [""]
            if not cells[0] or not (alone or cells[1]):
                raise NetworkError(
                    f"{path}, line {line}: {stripped!r} lacks a label; "
                    "a line is two labels, or one for a person without friends"
                    + (" (is the first column an index?)" if line == 1 and not cells[0] else "")
                )
            if not begun:
                begun = True
                if not any(map(_is_whole, cells[:2])):
                    header = cells  # perhaps: decided when the others are known
                    continue
            extra = extra or len(cells) > 2
            first.append(number.setdefault(cells[0], len(number)))
            second.append(first[-1] if alone else number.setdefault(cells[1], len(number)))
            if alone:  # a person is no friend of himself: only the label counts
                del first[-1], second[-1]
    if header is not None and not _is_header(header, number):
        ends = [number.setdefault(label, len(number)) for label in header[:2] if label]
        if len(ends) == 2:
            first.append(ends[0])
            second.append(ends[1])
    network = from_pairs(list(number), np.array(first, np.int64), np.array(second, np.int64))
    if header is not None and header[0] not in number:
        network.notes.append(f"the first line ({', '.join(header[:2])}) is taken for a header")
    elif header is not None:
        network.notes.append(f"the first line ({', '.join(header[:2])}) is taken for a tie")
    if extra:
        network.notes.append("columns after the second are not kept")
    return network


def _delimiter(line: str) -> str | None:
    outside_quotes = "".join(line.split('"')[::2])
    for mark in (",", ";", "\t"):
        if mark in outside_quotes:
            return mark
    return " " if len(outside_quotes.split()) > 1 else None


def _cells(line: str, delimiter: str) -> list[str]:
    if delimiter == " ":
        return line.split()
    if '"' in line:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter))]
    return [cell.strip() for cell in line.split(delimiter)]


def _is_whole(label: str) -> bool:
    return label.removeprefix("-").isdecimal()


def _is_header(cells: list[str], others: Iterable[str]) -> bool:
    """Whether a first line of words is a header: a usual one, or all other labels are numbers.

    Never if one of its words is the label of somebody in a later line.
    """
    usual = tuple(cell.lower() for cell in cells[:2]) in _HEADERS
    labels = set(others)
    if labels & set(cells[:2]):
        return False
    return usual or (bool(labels) and all(map(_is_whole, labels)))


def _read_parquet(path: Path) -> EdgeList:
    """The columns ``source`` and ``target``, or the first two."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except pa.ArrowInvalid as error:
        raise NetworkError(f"{path}: not a Parquet file: {error}") from None
    if table.num_columns < 2:
        raise NetworkError(f"{path}: has {table.num_columns} columns; source and target needed")
    names = table.column_names
    chosen = ["source", "target"] if {"source", "target"} <= set(names) else names[:2]
    labels: dict[str, int] = {}
    ends = []
    for name in chosen:
        column: list[Any] = table.column(name).to_pylist()
        for row, label in enumerate(column):
            if label is None:
                raise NetworkError(f"{path}, row {row + 1}: column '{name}' is empty")
        ends.append([labels.setdefault(str(label), len(labels)) for label in column])
    network = from_pairs(list(labels), np.array(ends[0], np.int64), np.array(ends[1], np.int64))
    others = [name for name in names if name not in chosen]
    if others:
        network.notes.append(
            f"ties are read from the columns {chosen[0]} and {chosen[1]}; not kept: "
            f"{', '.join(others)}"
        )
    return network


def _read_xml(path: Path) -> EdgeList:
    import networkx

    try:
        if path.suffix.lower() == ".graphml":
            graph: Any = networkx.read_graphml(path)
        else:
            graph = networkx.read_gexf(path)
    except ParseError as error:
        line, column = error.position
        raise NetworkError(f"{path}, line {line}, column {column}: not valid XML") from None
    except (networkx.NetworkXError, KeyError, ValueError) as error:
        raise NetworkError(f"{path}: not a readable graph: {error}") from None
    names = [data.get("label") for _, data in graph.nodes(data=True)]
    if path.suffix.lower() == ".gexf" and all(names) and len(set(names)) == len(names):
        graph = networkx.relabel_nodes(graph, dict(zip(graph, names, strict=True)))
    try:
        return from_networkx(graph)
    except NetworkError as error:
        raise NetworkError(f"{path}: {str(error).removeprefix('network: ')}") from None
