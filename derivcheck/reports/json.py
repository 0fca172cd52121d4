"""One JSON object for the whole run, as ``schema.json`` beside this file describes it.

Every top-level relation of every document is listed with its verdict, whatever ``--select`` chooses; other tools read this.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from derivcheck import __version__
from derivcheck.diagnostic import SCHEMA
from derivcheck.report import Page, ReportFormat, Style, totals


def document(page: Page, style: Style) -> str:
    """Nothing: the object is printed at the end."""
    return ""


def end(pages: Sequence[Page], style: Style) -> str:
    """The object. Pure ASCII, so that no terminal and no encoding can garble it."""
    content = {
        "schema": SCHEMA,
        "tool": {"name": "derivcheck", "version": __version__},
        "documents": [page.report.to_dict() for page in pages],
        "summary": totals(pages).to_dict(),
    }
    return json.dumps(content, indent=1, allow_nan=False) + "\n"


REPORT = ReportFormat("json", document, end)
