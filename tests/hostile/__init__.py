"""The real daemon on servers that mean ill."""
