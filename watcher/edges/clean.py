"""Foreign text, addresses and markup made harmless, once, where they enter the house.

Everything a feed or page says passes `clean_text`, every address `clean_url`, feed HTML `strip_markup` first.
What comes out holds no control, bidirectional or invisible character, no lone surrogate, and is bounded in length.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

import idna
import lxml.html
from lxml import etree
from lxml.html import defs

MAX_URL = 2000
_MAX_MARKUP = 200_000
_REPLACEMENT = 0xFFFD
_REMEMBERED_BELOW = 0x3000

# Characters that take no ink although Unicode does not call them controls: fillers, joiners, variation selectors.
_INKLESS = frozenset((0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0)).union(
    range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)
)
_NOT_IN_URLS = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")
_MARK_FLOOD = re.compile("([\u0300-\u036f]{4})[\u0300-\u036f]+")
_LINE_SPACE = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\s*\n\s*")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?")
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&(?:#\w+|\w+);")
_CONTROL_REFERENCE = re.compile(rb"&#(?:0*(\d{1,10})\d*|[xX]0*([0-9a-fA-F]{1,8})[0-9a-fA-F]*);?")
_RAW_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CHARSET = re.compile(
    r"utf-?8|utf-?(?:16|32)(?:-?[lb]e)?|us-?ascii|ascii|iso-?8859-?\d{1,2}|latin-?\d{1,2}|(?:windows|cp)-?\d{3,4}|"
    r"koi8-[rtu]|mac-?roman|gbk|gb2312|gb18030|hz|big5(?:-?hkscs)?|euc-?(?:jp|kr)|shift[-_]?jis|sjis|iso-?2022-?(?:jp|kr)",
    re.IGNORECASE,
)
_BLOCKS = defs.block_tags.union(["br", "dd", "dt", "figure", "figcaption", "li", "main", "td", "th", "tr"])
_UNREAD = frozenset(["head", "iframe", "math", "noscript", "object", "script", "style", "svg", "template", "textarea"])


class _Visible(dict[int, int | None]):
    """A `str.translate` table that decides by Unicode category and remembers the common planes only."""

    def __missing__(self, code: int) -> int | None:
        verdict = self._judge(code)
        if code < _REMEMBERED_BELOW:
            self[code] = verdict
        return verdict

    @staticmethod
    def _judge(code: int) -> int | None:
        if code in _INKLESS:
            return None
        character = chr(code)
        if character.isspace():
            return 0x0A if character in "\n\u0085\u2028\u2029" else 0x20
        category = unicodedata.category(character)
        if category == "Cs":
            return _REPLACEMENT
        # Cf holds bidirectional and zero-width controls, Co icon fonts, Cn what is not a character at all.
        return None if category in ("Cc", "Cf", "Co", "Cn") else code


_VISIBLE = _Visible()


def clean_text(text: str, limit: int, *, keep_lines: bool = False) -> str:
    """Give text as a person sees it: NFC, visible characters only, white space folded, at most `limit` characters.

    `keep_lines` leaves single line breaks standing. The cut never parts a letter from its accents.
    """
    text = text.translate(_VISIBLE)
    text = _BLANK_LINES.sub("\n", _LINE_SPACE.sub(" ", text)).strip() if keep_lines else " ".join(text.split())
    # Normalising is quadratic in a run of accents, so runs and length are bounded before it.
    text = _MARK_FLOOD.sub(r"\1", text[: 4 * limit + 16])
    text = unicodedata.normalize("NFC", text)
    if len(text) <= limit:
        return text
    end = limit
    while end > 0 and unicodedata.combining(text[end]):
        end -= 1
    return text[:end].rstrip()


def header_text(text: str, limit: int) -> str:
    """Give text as the value of a header: one clean line that nobody decodes.

    `=?utf-8?q?...?=` is an encoded word to whoever reads headers, Python's own mail package as it writes them included,
    and what it holds was never cleaned. A space where such a word would begin makes it plain text for ever. `limit`
    counts the text before that.
    """
    return clean_text(text, limit).replace("=?", "= ?")


@lru_cache(maxsize=256)  # one address is looked at several times in a row on its way in
def clean_url(url: str) -> str | None:
    """Give an absolute http(s) address in one spelling, pure ASCII, without credentials; None when it is not one.

    Characters outside ASCII are percent-encoded, the host goes through IDNA, the default port is dropped.
    Addresses two parsers could read differently (backslash, control characters, odd hosts) are not addresses.
    """
    url = url.strip().replace("\t", "").replace("\n", "").replace("\r", "")
    if not url or len(url) > MAX_URL or _NOT_IN_URLS.search(url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https") or parts.netloc.count("@") > 1 or port == 0:
        return None
    host = _clean_host(parts.hostname or "")
    if host is None:
        return None
    netloc = host if port in (None, 443 if scheme == "https" else 80) else f"{host}:{port}"
    try:
        path, query, fragment = (quote(part, safe="/%:=&?~+!$,;'@()*[]") for part in parts[2:])
    except UnicodeError:
        return None
    cleaned = urlunsplit((scheme, netloc, path or "/", query, fragment))
    return cleaned if len(cleaned) <= MAX_URL else None


def _clean_host(host: str) -> str | None:
    """Give the host in ASCII, lower case, without a trailing dot; IPv6 in brackets. None when it is none."""
    if ":" in host:
        try:
            return f"[{ipaddress.IPv6Address(host).compressed}]" if "%" not in host else None
        except ValueError:
            return None
    try:
        host = host.lower() if host.isascii() else idna.encode(host, uts46=True, transitional=False).decode("ascii")
    except (idna.IDNAError, UnicodeError, IndexError):
        return None
    host = host.removesuffix(".")
    if len(host) > 253 or ".." in host or not _HOST.fullmatch(host):
        return None
    return host if all(len(label) <= 63 for label in host.split(".")) else None


def strip_markup(html: str) -> str:
    """Give the words of a piece of feed HTML in reading order, blocks parted by white space.

    Broken markup is read as far as it goes; text without markup comes back as it is.
    """
    if not _MARKUP.search(html):
        return html
    source = html[:_MAX_MARKUP].encode("utf-8", "replace")
    source = drop_control_references(source)
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = lxml.html.fromstring(b"<div>" + source + b"</div>", parser=parser)
    except (etree.LxmlError, ValueError):
        return ""
    pieces: list[str] = []
    unread = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        unread += (tag in _UNREAD) * (1 if event == "start" else -1)
        if tag in _BLOCKS:
            pieces.append("\n")
        text = element.text if event == "start" else element.tail
        if text and not unread:
            pieces.append(text)
    return "".join(pieces).strip()


def drop_control_references(source: bytes) -> bytes:
    """Give markup without raw control bytes and without references to characters that no text may hold.

    A single `&#27;` makes an extractor give up on a page, and a reference to a surrogate makes a feed parser raise.
    Only for encodings that agree with ASCII.
    """
    return _RAW_CONTROL.sub(b"", _CONTROL_REFERENCE.sub(_keep_reference, source))


def _keep_reference(match: re.Match[bytes]) -> bytes:
    # the first digits of a longer number are beyond every character already
    code = int(match[1]) if match[1] is not None else int(match[2], 16)
    if code in (9, 10, 13):
        return b" "
    # 0x80 to 0x9f are kept: readers of HTML take them for Windows-1252, as writers meant them.
    wrong = code < 0x20 or code == 0x7F or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF) or code > 0x10FFFF
    return b"" if wrong else match[0]


def known_charset(name: str) -> str:
    """Give the name of a text encoding the web uses, or '' for everything else (`undefined`, `rot13`, `idna`)."""
    name = name.strip().strip("\"'")
    return name.lower() if _CHARSET.fullmatch(name) else ""
