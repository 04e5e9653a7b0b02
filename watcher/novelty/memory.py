"""Everything known at one moment: the base, and what every earlier article told.

The memory is the judge's only knowledge. It is filled in order of publication and never looks ahead. It takes so much
room and no more: what nobody owns is forgotten first told, first forgotten; of a development that was not told of for
long only the opening is kept, and at last nothing. The base is never forgotten.
"""

from __future__ import annotations

from bisect import insort
from collections import OrderedDict, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from watcher.language import detect, statements
from watcher.novelty.crowd import Crowd
from watcher.novelty.index import Index, Told, marks
from watcher.novelty.precedent import Precedents
from watcher.novelty.semantics import Likened, Likeness
from watcher.policy.relevance import Rules
from watcher.records import ArticleText, DateMention, Event, Judgement, Precision, Reading, Statement, Storyline

# So many statements of articles are remembered: of nobody's, of what was told of lately, and of what was not; 1.3 KiB
# each, 3 KiB where every word is new. Fifty articles a day fill the first two in a month or more.
CONTEXT, LATELY, OF_OLD = 6_000, 8_000, 6_000
# So many statements of a development are its opening: the first that told it.
OPENING = 8
# So many fresh statements make a development's profile at most: its opening and the latest.
PROFILED = 100
# So many articles can be retold, and tell whom the story is about; those of more than some days are not retold,
# however few there are.
ARTICLES = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One event or development as later statements are compared with it. `day` is the first day of its date."""

    id: str
    title: str
    title_marks: tuple[str, ...]
    marks: frozenset[str]
    day: date
    precision: Precision
    is_event: bool
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldArticle:
    """An earlier article as later ones are compared with it: the marks of its parts. `development` '' when it told
    none.

    Sorted tuples are for sums, and what is kept; sets for looking up: sums must come out the same in every process.
    """

    id: str
    title: tuple[str, ...]
    lead: tuple[str, ...]
    whole: tuple[str, ...]
    published: datetime
    lang: str
    development: str

    @property
    def head(self) -> tuple[str, ...]:
        """The marks of title and lead."""
        return tuple(sorted({*self.lead, *self.title}))

    @property
    def whole_set(self) -> frozenset[str]:
        """The marks of all parts."""
        return frozenset(self.whole)

    @property
    def amounts(self) -> frozenset[str]:
        """The figures among the marks."""
        return frozenset(mark for mark in self.whole if mark[0] == "#")


@dataclass(slots=True)
class _Shelf:
    """The numbers of remembered statements by whose they are; whoever was told of longest ago stands first."""

    room: int
    held: int = 0
    numbers: OrderedDict[str, list[int]] = field(default_factory=OrderedDict)

    def put(self, owner: str, numbers: list[int]) -> None:
        """Put statements to those of their owner, who was told of last from now on."""
        self.numbers.setdefault(owner, []).extend(numbers)
        self.numbers.move_to_end(owner)
        self.held += len(numbers)

    def take(self, owner: str) -> list[int]:
        """Take all statements of an owner away."""
        numbers = self.numbers.pop(owner, [])
        self.held -= len(numbers)
        return numbers

    def oldest(self) -> str | None:
        """Whose statements must go because there is no room for all."""
        return next(iter(self.numbers)) if self.held > self.room else None


class Memory:
    """The known events, the developments told so far, and every statement of the articles that told them."""

    def __init__(self, storyline: Storyline) -> None:
        self.rules = Rules(storyline)
        self.index = Index()
        self.likeness: Likeness | None = None
        self.crowd = Crowd()
        self.precedents = Precedents(self.rules)
        self.articles: dict[str, ToldArticle] = {}
        self._profiles: dict[str, Profile] = {}
        self._numbers: dict[str, list[int]] = defaultdict(list)
        self._months: dict[tuple[int, int], list[str]] = defaultdict(list)
        self._settled: dict[str, str] = {}
        self._context: deque[int] = deque()
        self._lately = _Shelf(LATELY)
        self._of_old = _Shelf(OF_OLD)
        for event in storyline.events:
            self.learn(event)

    # -- the base ----------------------------------------------------------------------------------------------------

    def learn(self, event: Event) -> None:
        """Add an event with its wordings, or put it in place of the one of the same id."""
        self.forget(event.id)
        told = tuple(_statements_of(event, self.rules))
        for statement in told:
            self._numbers[event.id].append(
                self.index.add(Told(statement=statement, owner=event.id, marks=marks(statement)))
            )
        self.precedents.learn(event.id, told)
        day = first_day(event.date)
        insort(self._months[day.year, day.month], event.id)
        self._profiles[event.id] = Profile(
            id=event.id,
            title=event.title,
            title_marks=marks(told[0]) if told else (),
            marks=frozenset().union(*map(marks, told)),
            day=day,
            precision=event.date_precision,
            is_event=True,
            statements=told,
        )

    def forget(self, event: str) -> None:
        """Take an event out of the base; what articles told of it stays told."""
        self.index.drop(self._numbers.pop(event, []))
        self.precedents.forget(event)
        known = self._profiles.pop(event, None)
        if known and known.is_event:
            self._months[known.day.year, known.day.month].remove(event)

    def settle(self, development: str, event: str) -> None:
        """A person accepted or merged a development: what it told belongs to the event from now on."""
        self._settled[development] = event
        self._profiles.pop(development, None)

    # -- what articles told ------------------------------------------------------------------------------------------

    def remember(self, reading: Reading, judgement: Judgement) -> None:
        """From now on, what this article told is known. Articles beside the storyline leave no trace."""
        if not judgement.relevance.relevant:
            return
        development = judgement.development or ""
        fresh: list[Statement] = []
        for statement, finding in zip(reading.statements, judgement.findings, strict=True):
            if finding.verdict == "noise":
                continue
            owner = finding.event or ""
            if finding.verdict.is_fresh and not finding.event:
                owner = development
                fresh.append(statement)
            self._tell(statement, owner, reading)
        self._tell(reading.title, development if judgement.flagged else "", reading)
        if development and fresh:
            self._grow(development, fresh, reading)
        if self.rules.everything and development:
            self.crowd.add(reading, development)
        self.articles.pop(reading.article, None)
        self.articles[reading.article] = told_article(reading, development)
        self.precedents.tell(reading)
        if len(self.articles) > ARTICLES:
            oldest = next(iter(self.articles))
            del self.articles[oldest]
            self.precedents.drop(oldest)

    def _tell(self, statement: Statement, owner: str, reading: Reading) -> None:
        told = Told(
            statement=statement,
            owner=owner,
            article=reading.article,
            published=reading.published,
            marks=marks(statement),
        )
        number = self.index.add(told)
        if owner:
            self._lately.put(owner, [*self._of_old.take(owner), number])
            self._make_room()
        else:
            self._context.append(number)
            if len(self._context) > CONTEXT:
                self.index.drop([self._context.popleft()])

    def _make_room(self) -> None:
        """Leave of what was told of longest ago the opening, and of what had been left so for longest nothing."""
        while (owner := self._lately.oldest()) is not None:
            numbers = self._lately.take(owner)
            self.index.drop(numbers[OPENING:])
            self._of_old.put(owner, numbers[:OPENING])
            self._shorten(owner, OPENING)
        while (owner := self._of_old.oldest()) is not None:
            self.index.drop(self._of_old.take(owner))
            self._shorten(owner, 0)

    def _shorten(self, development: str, most: int) -> None:
        """Leave so many statements in the profile of a development: its first. Events keep their own."""
        known = self._profiles.get(development)
        if known is None or known.is_event:
            return
        if most == 0:
            del self._profiles[development]
        elif len(known.statements) > most:
            self._profiles[development] = _with_statements(known, known.statements[:most])

    def _grow(self, development: str, fresh: list[Statement], reading: Reading) -> None:
        known = self._profiles.get(development)
        added = frozenset().union(*map(marks, fresh))
        if known is None:
            self._profiles[development] = Profile(
                id=development,
                title=reading.title.text,
                title_marks=marks(reading.title),
                marks=added | frozenset(marks(reading.title)),
                day=reading.published.date(),
                precision=Precision.DAY,
                is_event=False,
                statements=tuple(fresh),
            )
        elif len(known.statements) + len(fresh) <= PROFILED:
            self._profiles[development] = replace(
                known, marks=known.marks | added, statements=(*known.statements, *fresh)
            )
        else:
            latest = (*known.statements[OPENING:], *fresh)[OPENING - PROFILED :]
            self._profiles[development] = _with_statements(known, (*known.statements[:OPENING], *latest))

    # -- looking up --------------------------------------------------------------------------------------------------

    def owner(self, told: Told) -> str:
        """The event or development a known statement belongs to today, or ''."""
        return self._settled.get(told.owner, told.owner)

    def profile(self, owner: str) -> Profile | None:
        """What is known of an event or development."""
        return self._profiles.get(owner)

    def happened(self, when: DateMention) -> Iterator[tuple[Profile, list[int]]]:
        """The base's events of a stated day or month, by id, each with the numbers of its own statements; none of a
        year.
        """
        for event in self._months.get((when.day.year, when.day.month), ()):
            profile = self._profiles[event]
            if _is_of(profile, when):
                yield profile, self._numbers[event]

    def liken(self, reading: Reading) -> Likened:
        """A reading with what a sentence encoder says of it, when there is one; else as it is."""
        if self.likeness is None:
            return Likened(reading=reading)
        base = [one for profile in self._profiles.values() if profile.is_event for one in profile.statements]
        return self.likeness.liken(reading, [*base, *self.index.lately(reading.published)])

    def recent(self, candidates: Iterable[str], published: datetime, days: float) -> list[ToldArticle]:
        """Those earlier articles that appeared at most so many days before `published`, in the order given."""
        found = (self.articles.get(candidate) for candidate in candidates)
        return [a for a in found if a and (published - a.published).total_seconds() <= days * 86_400]


def _is_of(event: Profile, when: DateMention) -> bool:
    """Whether it happened on a stated day, or in a stated month."""
    if when.precision is Precision.MONTH:
        return event.precision is not Precision.YEAR
    return when.precision is event.precision is Precision.DAY and event.day == when.day


def _with_statements(known: Profile, statements: tuple[Statement, ...]) -> Profile:
    """A development told by its title and these statements alone."""
    return replace(known, marks=frozenset(known.title_marks).union(*map(marks, statements)), statements=statements)


def first_day(iso: str) -> date:
    """The first day of `2025`, `2025-02` or `2025-02-10`."""
    year, month, day = (*iso.split("-"), "1", "1")[:3]
    return date(int(year), int(month), int(day))


def _statements_of(event: Event, rules: Rules) -> Iterable[Statement]:
    """Title, summary and every wording, understood as if printed on the event's own day, with its actors added."""
    by_lang: dict[str, list[str]] = defaultdict(list)
    for text in (event.title, event.summary):
        by_lang[detect.language(text, "en")].append(text)
    for wording in event.wordings:
        by_lang[wording.lang].append(wording.text)
    when = datetime.combine(first_day(event.date), time(12), UTC)
    for lang, paragraphs in by_lang.items():
        reading = statements.read(
            ArticleText(
                title="", paragraphs=tuple(paragraphs), lang=lang, published=when, outlet="", url="", partial=False
            ),
            rules.gazetteer,
        )
        yield from reading.statements


def told_article(reading: Reading, development: str) -> ToldArticle:
    """An article as later ones are compared with it."""
    title = marks(reading.title)
    lead = frozenset().union(*map(marks, reading.statements[:3]))
    whole = frozenset(title).union(*map(marks, reading.statements))
    return ToldArticle(
        id=reading.article,
        title=title,
        lead=tuple(sorted(lead)),
        whole=tuple(sorted(whole)),
        published=reading.published,
        lang=reading.lang,
        development=development,
    )
