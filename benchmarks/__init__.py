"""How good and how fast the judge is, measured on labelled data; and the fitting of its weights."""
