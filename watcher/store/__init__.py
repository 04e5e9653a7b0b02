"""The state: one SQLite file that is the whole truth. Functions take the connection and exchange records."""
