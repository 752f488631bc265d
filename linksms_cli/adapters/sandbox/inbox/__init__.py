"""The inbox: a page for the browser that shows messages as they come.

Plain files, read by the browser as they are. The page holds nothing: what it shows, it asks of the
admin interface. A policy lets it load and reach nothing but this sandbox.
"""

from collections.abc import Mapping
from importlib import resources

from linksms_cli.adapters.sandbox.answers import Reply

_HTML = "text/html; charset=utf-8"
_SCRIPT = "text/javascript; charset=utf-8"
# Paths, the files there, and what those are.
_FILES: Mapping[str, tuple[str, str]] = {
    "": ("page.html", _HTML),
    "/inbox/page.css": ("page.css", "text/css; charset=utf-8"),
    "/inbox/page.js": ("page.js", _SCRIPT),
    "/inbox/feed.js": ("feed.js", _SCRIPT),
    "/inbox/story.js": ("story.js", _SCRIPT),
    "/inbox/icon.svg": ("icon.svg", "image/svg+xml"),
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_HEADERS = (
    ("Content-Security-Policy", _POLICY),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-cache"),
)


def file_at(path: str) -> Reply | None:
    """Return the file at a path, which has no final slash; None if there is none."""
    found = _FILES.get(path)
    if found is None:
        return None
    name, content_type = found
    body = (resources.files(__name__) / name).read_bytes()
    return Reply(body=body, content_type=content_type, headers=_HEADERS)
