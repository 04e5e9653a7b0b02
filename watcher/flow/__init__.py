"""The five steps: gather, read, judge, deliver, learn. They never call each other; they meet in the store."""
