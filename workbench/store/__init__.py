"""Tables on disk: commits of a whole corpus, read at one version, queried with SQL.

The only door to deltalake and duckdb. Every table is a Delta table of its own. The `documents`
commit is the commit of the corpus: its metadata name the versions of all other tables, so that
whoever reads follows those names, and a crash between two tables leaves the old corpus whole.
"""

from workbench.store.cache import FileHashCache, FileStamp, prune
from workbench.store.frames import from_frame, to_frame
from workbench.store.locks import WAIT, write_lock
from workbench.store.queries import quoted
from workbench.store.session import Session
from workbench.store.staging import Staging
from workbench.store.store import Change, Commit, Store, open_store
from workbench.store.tables import STATE, empty, schema_of

__all__ = [
    "STATE",
    "WAIT",
    "Change",
    "Commit",
    "FileHashCache",
    "FileStamp",
    "Session",
    "Staging",
    "Store",
    "empty",
    "from_frame",
    "open_store",
    "prune",
    "quoted",
    "schema_of",
    "to_frame",
    "write_lock",
]
