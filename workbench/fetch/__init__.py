"""Addresses to files: pages, feeds and lists of addresses, saved as they came, with address and time.

    fetch(["https://example.org/feed.xml", "addresses.txt"], Path("texts"))

Saves HTML, plain text and PDF below the folder, a folder for each host, and one line for each page in
`fetched.jsonl` there (`settings.fetched` says what it holds). Respects robots.txt, waits between two
requests to a host, asks only for what is missing or changed, and goes to public addresses alone.

*The client* is httpcore, which the lock has through jupyterlab. It was preferred to httpx, which wraps
it: httpcore follows no redirect, unpacks nothing, reads no proxy or password from the environment, and
its network backend is a documented seam, so that the address that was checked is the address that is
connected to, and bytes and seconds are counted where they arrive. The standard library's http.client
has no such seam. *robots.txt* is read by protego: urllib.robotparser knows neither `*` and `$` nor that
the longest rule counts (RFC 9309). *Feeds* are read by expat, which recovers from little and so expands
nothing that we do not allow.

To take a further type of content, see `kinds.py`; to set a further limit, `rules.py`.
"""

from workbench.fetch.crawler import fetch
from workbench.fetch.limits import SYSTEM, FetchLimits, FetchResult, FetchRuntime, user_agent

__all__ = ["SYSTEM", "FetchLimits", "FetchResult", "FetchRuntime", "fetch", "user_agent"]
