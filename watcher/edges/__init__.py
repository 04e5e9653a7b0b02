"""One outside thing each: the web, feeds, pages, mail, webhooks, worker processes."""
