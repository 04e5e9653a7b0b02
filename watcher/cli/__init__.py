"""What a person touches: commands. Each module is imported only when its command is used, so that all start quickly."""
