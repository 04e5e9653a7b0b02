"""Doors through which strangers' bytes come, with whatever hypothesis thinks of."""
