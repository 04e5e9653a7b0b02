"""Pure: text in, statements out. Everything understood of a sentence (names, amounts, dates, terms, cues) is made here."""
