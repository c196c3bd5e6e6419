"""The frame of every page: head, styles, the one script, and the policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from importlib import resources

from workbench.schema import visible


def page_html(title: str, body: str) -> str:
    """A whole HTML document around `body`; it asks nothing of any network.

    The policy lets in our styles, images that stand in the page, and the one script by its hash. Characters that turn the reading direction are shown as such.
    """
    script = _part("workbench.report.page", "page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
    styles = _part("workbench.report.page", "page.css") + _part("workbench.display", "page.css")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(visible(title))}</title>\n<style>\n{styles}</style>\n</head>\n"
        f"<body>\n{visible(body)}\n<script>{script}</script>\n</body>\n</html>\n"
    )


@cache
def _part(package: str, name: str) -> str:
    """A file of the package; empty where it has none."""
    file = resources.files(package).joinpath(name)
    return file.read_text(encoding="utf-8").rstrip() + "\n" if file.is_file() else ""
