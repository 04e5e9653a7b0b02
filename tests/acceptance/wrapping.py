"""Articles that came as plain text, put back into pages as sites serve them: the text with all the furniture around it.

Nothing of the texts stands here; lines are told apart by how such pages are built.
"""

from __future__ import annotations

import re
from html import escape

# What a theme prints around a text, by how the line begins; each with the element it comes in.
_BOXES = (
    (r"Dark Mode|Light Mode", '<div class="theme-toggle"><button>{}</button></div>'),
    (r"Add a comment", '<a class="comments-link" href="#respond">{}</a>'),
    (r"Schreibe einen Kommentar", '<h3 class="comment-reply-title" id="reply-title">{}</h3>'),
    (r"Deine E-Mail-Adresse", '<p class="comment-notes">{}</p>'),
    (r"Previous Post|Next Post", '<span class="nav-subtitle">{}</span>'),
    (r"\d+$", '<span class="comment-count">{}</span>'),
    (r"\(Foto:|.*\(CC0\)", "<figure><img src='/a.jpg' alt=''><figcaption>{}</figcaption></figure>"),
    (r"Quellen?:", '<p class="source">{}</p>'),
)
_SECTIONS = (
    (r"Add a comment", '<div id="comments" class="comments-area">'),
    (r"Previous Post", '<nav class="post-navigation">'),
    (r"Häufig gestellte Fragen", '<section class="faq-box">'),
    (r"#* ?Referenzen", '<section class="references">'),
)
FURNITURE = (
    "Add a comment", "Previous Post", "Next Post", "Dark Mode", "Light Mode", "Cookie", "Schreibe einen Kommentar",
    "E-Mail-Adresse", "Erforderliche Felder", "Häufig gestellte Fragen", "Newsletter", "Meistgelesen", "Impressum",
)  # fmt: skip


def wrap(text: str, published: str) -> str:
    """Give the page of a text: header, navigation, cookie dialog, article, comments, related links, footer."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    blocks = [line.strip() for line in text.splitlines() if line.strip()]
    title = next(line.lstrip("# ") for line in blocks if not _box(line))
    body, open_section = [], ""
    for line in blocks:
        section = next((start for pattern, start in _SECTIONS if re.match(pattern, line)), "")
        if section and section != open_section:
            body.append((f"</{_tag(open_section)}>" if open_section else "") + section)
            open_section = section
        body.append(_element(line, title))
    body.append(f"</{_tag(open_section)}>" if open_section else "")
    lists = re.sub(r"((?:<li>.*</li>\n?)+)", r"<ul>\1</ul>", "\n".join(body))
    return _PAGE.format(title=escape(title), published=published, body=lists)


def _tag(start: str) -> str:
    return start[1:].split(" ", maxsplit=1)[0]


def _box(line: str) -> str:
    return next((element for pattern, element in _BOXES if re.match(pattern, line)), "")


def _element(line: str, title: str) -> str:
    words = re.sub(r"\*\*(.+?)\*\*", r"\1", re.sub(r"\[(.+?)\]\(.+?\)", r"\1", line))
    words = escape(re.sub(r"^[#•\-\s]+", "", words))
    if box := _box(line):
        return box.format(words)
    if line.lstrip("# ") == title:
        return ""
    if line.startswith("#") or (len(line) < 75 and not re.search(r"[.:!?“\"”]$", line)):
        return f"<h2>{words}</h2>"
    return f"<li>{words}</li>" if line[0] in "•-" else f"<p>{words}</p>"


_PAGE = """<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>{title} - Blatt</title>
<meta property="og:title" content="{title}"><meta property="article:published_time" content="{published}">
<script>window.dataLayer = window.dataLayer || [];</script></head><body class="single-post">
<div id="cookie-law-info-bar" role="dialog"><p>Diese Website verwendet Cookies. Mit Klick auf „Alle akzeptieren“
stimmen Sie der Nutzung aller Cookies zu.</p><button>Alle akzeptieren</button></div>
<header class="site-header"><a href="/">Blatt</a><nav><ul><li><a href="/politik">Politik</a></li>
<li><a href="/wirtschaft">Wirtschaft</a></li><li><a href="/tech">Tech</a></li></ul></nav></header>
<main><article class="post"><h1 class="entry-title">{title}</h1>
<div class="entry-meta"><time datetime="{published}">{published}</time></div>
<div class="entry-content">
{body}
</div></article>
<aside class="related"><h3>Meistgelesen</h3><ul><li><a href="/a">Das Wetter am Wochenende</a></li></ul></aside>
<div class="newsletter"><p>Unser Newsletter bringt Ihnen jeden Morgen das Wichtigste.</p></div></main>
<footer><a href="/impressum">Impressum</a> <a href="/datenschutz">Datenschutz</a></footer></body></html>"""
