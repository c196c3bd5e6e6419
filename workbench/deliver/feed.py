"""The runs of scheduled jobs as a feed to subscribe to: JSON Feed 1.1 and Atom, with the same entries."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

_ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2 Characters


@dataclass(frozen=True)
class FeedEntry:
    """One run. `key` never changes, so that a reader knows it again; `link` is relative to the feed, or ""."""

    key: str
    title: str
    text: str
    when: datetime
    link: str = ""

    @property
    def name(self) -> str:
        """Its identity, the same in both feeds."""
        return uuid.uuid5(uuid.NAMESPACE_URL, f"analyst-workbench:{self.key}").urn


def json_feed(title: str, entries: Sequence[FeedEntry]) -> str:
    """The entries as a JSON Feed 1.1."""
    items = [
        {"id": one.name, "title": one.title, "content_text": one.text, "date_published": _stamp(one.when)}
        | ({"url": one.link} if one.link else {})
        for one in entries
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": title, "items": items}
    return json.dumps(feed, indent=1, ensure_ascii=False) + "\n"


def atom(title: str, entries: Sequence[FeedEntry], made: datetime) -> str:
    """The entries as an Atom feed; `made` dates a feed without any."""
    feed = ET.Element("feed", xmlns=_ATOM)
    _add(feed, "id", FeedEntry("feed", "", "", made).name)
    _add(feed, "title", title)
    _add(feed, "updated", _stamp(max((one.when for one in entries), default=made)))
    _add(ET.SubElement(feed, "author"), "name", "analyst-workbench")
    for one in entries:
        entry = ET.SubElement(feed, "entry")
        _add(entry, "id", one.name)
        _add(entry, "title", one.title)
        _add(entry, "updated", _stamp(one.when))
        if one.link:
            ET.SubElement(entry, "link", rel="alternate", type="text/html", href=_clean(one.link))
        _add(entry, "content", one.text, type="text")
    ET.indent(feed, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode") + "\n"


def _add(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = _clean(text)


def _clean(text: str) -> str:
    """The text without what no XML file may hold, even escaped."""
    return _NOT_XML.sub("\ufffd", text)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
