"""Pure: text in, statements out. What is understood of a sentence is made here."""
