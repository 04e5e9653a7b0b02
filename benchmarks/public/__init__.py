"""The judge on public sets of news, with the storyline `any`: adaptors between their scorers and `watcher replay`."""
