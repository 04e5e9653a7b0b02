"""Documents made to stall, blow up or steer what reads them."""

from __future__ import annotations

import json
from collections.abc import Callable

from hostile.words import FEED, SENTENCES

_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def _doc(inside: str, head: str = "") -> Callable[[int], str]:
    return lambda canary: (head + FEED.replace("ITEMS", inside)).replace("{canary}", str(canary))


def _titled(title: str, head: str = "") -> Callable[[int], str]:
    return _doc(f"<item><title>{title}</title></item>", head)


def _system(system: str) -> Callable[[int], str]:
    return _titled("Bridge &x;", f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{system}">]>')


XML: dict[str, Callable[[int], str]] = {
    "laughs": _titled("&l9;", f'<!DOCTYPE rss [<!ENTITY l0 "lol">{_LAUGHS}]>'),
    "quadratic": _titled("&x;" * 30_000, f'<!DOCTYPE rss [<!ENTITY x "{"a" * 30_000}">]>'),
    "itself": _titled("&a;", '<!DOCTYPE rss [<!ENTITY a "&b;"><!ENTITY b "&a;">]>'),
    "file": _system("file:///etc/passwd"),
    "canary": _system("http://127.0.0.1:{canary}/xxe"),
    "dtd": _titled("x", '<!DOCTYPE rss SYSTEM "http://127.0.0.1:{canary}/x.dtd">'),
    "parameter": _titled("x", '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:{canary}/p">%p;]>'),
    "include": _doc("<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd' parse='text'/>"),
    "many-entities": _titled("x", "<!DOCTYPE rss [" + '<!ENTITY a "b">' * 50_000 + "]>"),
    "deep": _doc("<a>" * 100_000),
    "deep-closed": _doc("<a>" * 20_000 + "</a>" * 20_000),
    "attributes": _doc("<item " + " ".join(f"a{n}='1'" for n in range(50_000)) + "><title>x</title></item>"),
    "namespaces": _doc("<item " + " ".join(f"xmlns:a{n}='u{n}'" for n in range(20_000)) + "><title>x</title></item>"),
    "long-name": _doc(f"<{'a' * 1_000_000}/>"),
    "long-attribute": _doc(f"<item x='{'a' * 2_000_000}'><title>x</title></item>"),
    "open-comment": _doc("<!-- " * 50_000),
    "open-data": _doc("<item><title><![CDATA[" * 20_000),
    "instructions": _doc("<?x y?>" * 50_000 + "<item><title>x</title></item>"),
    "leading-space": _doc("<item><title>x</title></item>", " \n" * 400_000),
    "author": _doc("<item><author>" + "a@" * 100_000 + "</author><title>x</title></item>"),
    "creator": _doc("<item><dc:creator><![CDATA[" + "a." * 100_000 + "]]></dc:creator><title>x</title></item>"),
    "title": _titled("word " * 500_000),
    "markup": _titled("&lt;b&gt;" * 200_000),
    "references": _titled("&#x41;" * 300_000),
    "date": _doc("<item><title>x</title><pubDate>" + "1" * 500_000 + "</pubDate></item>"),
    "categories": _doc("<item><title>x</title>" + "<category>c</category>" * 50_000 + "</item>"),
    "links": _doc("<item><title>x</title>" + "<link>http://e.test/</link>" * 50_000 + "</item>"),
    "guids": _doc("<item><title>x</title>" + "<guid>1</guid>" * 50_000 + "</item>"),
    "nested-items": _doc("<item><title>x</title>" * 5000),
    "atom-div": _doc("<content type='xhtml'>" + "<div>" * 30_000),
    "accents": _titled("a" + "&#x301;&#x316;" * 100_000),
    "base64": _doc("<item><title type='x/y' mode='base64'>" + "QUFB" * 100_000 + "</title></item>"),
    "base": _doc("<item xml:base='http://127.0.0.1:{canary}/'><title>x</title><link>y</link></item>"),
}  # fmt: skip


def _coded(name: str, body: bytes | None = None) -> bytes:
    text = f"<?xml version='1.0' encoding='{name}'?>{FEED.replace('ITEMS', '<item><title>Bridge ä</title></item>')}"
    return text.encode() if body is None else body


ENCODED: dict[str, tuple[bytes, str]] = {
    **{
        name.replace("_", "-"): (_coded(name), f"text/xml; charset={name}")
        for name in ("undefined", "idna", "rot13", "hex", "base64", "zlib", "bz2", "unicode_escape", "mbcs", "utf-7",
                     "raw_unicode_escape", "punycode", "cp037", "none", "utf-8-sig", "utf-32", "utf-16")
    },
    "path": (_coded("../../x"), "text/xml; charset=..%2f"),
    "surrogate": (_coded("utf-8").replace(b"Bridge", b"&#xD800;&#xDFFF;"), "text/xml"),
    "surrogate-bytes": (_coded("utf-8").replace(b"Bridge", b"\xed\xa0\x80"), "text/xml"),
    "overlong": (_coded("utf-8").replace(b"Bridge", b"\xc0\xbcscript\xc0\xbe"), "text/xml"),
    "nul": (_coded("utf-8").replace(b"Bridge", b"a\0b&#0;"), "text/xml"),
    "long-reference": (_coded("utf-8").replace(b"Bridge", b"&#" + b"9" * 200_000 + b";&#x" + b"f" * 200_000), ""),
    "no-such-reference": (_coded("utf-8").replace(b"Bridge", b"&#x110000;&#99999999999;&#xFFFFFFFFFFFF;"), "text/xml"),
    "utf-16-unmarked": (_coded("utf-16").decode().encode("utf-16-le"), "text/xml"),
    "utf-16-odd": (b"\xff\xfe" + _coded("utf-16").decode().encode("utf-16-le")[:-1], "text/xml"),
    "utf-32-marked": (_coded("utf-32").decode().encode("utf-32"), "text/xml"),
    "latin-as-utf-8": (_coded("utf-8").decode().encode("latin-1"), "text/xml; charset=utf-8"),
    "japanese": (_coded("iso-2022-jp", b"<?xml version='1.0' encoding='iso-2022-jp'?><rss><channel>\x1b$B\x1b(B"), ""),
    "japanese-cut": (_coded("shift_jis") + b"\x81", "text/xml; charset=shift_jis"),
    "chinese": (_coded("hz").replace(b"Bridge", b"~{~~"), "text/xml; charset=hz"),
    "marks": (b"\xef\xbb\xbf" * 3 + _coded("utf-8"), "text/xml"),
    "charset-flood": (_coded("utf-8"), "text/xml; charset=" + "a" * 20_000),
    "type-flood": (_coded("utf-8"), "x/" + ";" * 30_000),
    "binary": (bytes(range(256)) * 2000, "text/xml"),
}  # fmt: skip


def page(title: str, *paragraphs: str, head: str = "", tail: tuple[str, ...] = SENTENCES) -> str:
    """Give an article's page; texts are markup as they stand."""
    text = "".join(f"<p>{one}</p>" for one in (*paragraphs, *tail))
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title>{head}</head>"
        f"<body><main><article><h1>{title}</h1>{text}</article></main></body></html>"
    )


def meta(told: str) -> str:
    """Give a head that says so in every field a page has."""
    names = ("og:site_name", "og:title", "og:url", "author", "article:author", "article:published_time", "description")
    lines = "".join(f"<meta property='{name}' name='{name}' content='{told}'>" for name in names)
    data = json.dumps({"@type": "NewsArticle", "headline": told, "author": {"name": told}, "publisher": {"name": told}})
    return f"{lines}<link rel='canonical' href='{told}'><script type='application/ld+json'>{data}</script>"


_BODY = page("Bridge trap", "")
_INSIDE = "http://127.0.0.1:{canary}/"

HTML: dict[str, str] = {
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(60_000)) + ">x</p>" + _BODY,
    "quoted-attributes": "<p x='>' " + " ".join(f"a{n}='<'" for n in range(60_000)) + ">x</p>" + _BODY,
    "spans": _BODY + "<table><tr><td colspan=999999999 rowspan=999999999>x</td></tr></table>" * 50,
    "depth": "<div>" * 20_000 + _BODY,
    "depth-inline": "<b><i>" * 20_000 + _BODY,
    "lists": "<ul><li>" * 10_000 + _BODY,
    "tables": "<table><tr><td>" * 5_000 + _BODY,
    "linked-data": _BODY + '<script type="application/ld+json">{"author":' + '"name":"' * 12_000 + "</script>",
    "deep-data": '<script type="application/ld+json">' + "[" * 100_000 + "</script>" + _BODY,
    "long-data": '<script type="application/ld+json">["' + "a" * 2_000_000 + '"]</script>' + _BODY,
    "open-quotes": _BODY + "<a href='" + '<b y="' * 20_000,
    "open-scripts": _BODY + "<script>" * 20_000,
    "open-comments": _BODY + "<!-- " * 20_000,
    "one-paragraph": "<p>" + "word " * 200_000 + "</p>",
    "book": "<article>" + "".join(f"<p>Paragraph {n}. {'The council said so. ' * 200}</p>" for n in range(1000)),
    "no-space": "<p>" + "a" * 1_000_000 + "</p>" + _BODY,
    "sentences": "<article>" + "<p>" + "He said so. " * 20_000 + "</p></article>",
    "numbers": "<article><p>" + "1,000,000.00 " * 20_000 + "</p></article>",
    "dates": "<article><p>" + "on 3 March 2026, " * 10_000 + "</p></article>",
    "names": "<article><p>" + "Ada Lovelace von und zu der " * 8_000 + "</p></article>",
    "punctuation": "<article><p>" + "... !!! ??? \"'\"' " * 20_000 + "</p></article>",
    "forms": "<form>" * 20_000 + _BODY,
    "links": "".join(f"<a href='/{n}'>{n}</a> " for n in range(8_000)) + _BODY,
    "entities": _BODY + "&amp;" * 100_000,
    "breaks": "<article><p>" + "<br>" * 100_000 + "</p></article>" + _BODY,
    "control-reference": _BODY.replace("council", "council&#27;&#x0;&#x9b;", 1),
    "refresh": f"<meta http-equiv='refresh' content='0; url={_INSIDE}'>" + _BODY,
    "base": f"<base href='{_INSIDE}'>" + _BODY,
    "canonical": f"<link rel='canonical' href='{_INSIDE}'>" + _BODY,
    "frames": _BODY + f"<iframe src='{_INSIDE}'></iframe><object data='{_INSIDE}'></object><embed src='{_INSIDE}'>",
    "media": _BODY + f"<img src='{_INSIDE}'><link rel='stylesheet' href='{_INSIDE}'><script src='{_INSIDE}'></script>",
    "doctype": f'<!DOCTYPE html SYSTEM "{_INSIDE}" [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;' + _BODY,
    "xhtml": f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "{"b" * 9999}">]><html><body><p>{"&a;" * 9999}</p>',
    "plaintext": "<plaintext>" + _BODY,
    "template": "<template>" * 5_000 + _BODY,
    "svg": "<svg>" * 5_000 + "<foreignObject>" + _BODY,
    "frameset": "<frameset>" * 5_000 + _BODY,
    "nothing": "",
    "null": "\0" * 100_000,
}  # fmt: skip
