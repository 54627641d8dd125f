"""Another system's records, many at once: a file and a map in, rows of the house and what was not taken out.

`load` is the whole of it; `leitai import` and the demonstration places call it
(docs/how-to/import-records.md).
"""

from .faults import FileFault
from .loading import Stopped, Summary, load
from .maps import read_map

__all__ = ["FileFault", "Stopped", "Summary", "load", "read_map"]
