"""Text of `config.toml` -> `Config`. Pure: finding and reading the file is `edges.config_file`."""

from __future__ import annotations

from watcher.config.reading import parse
from watcher.config.records import (
    AlertsConfig,
    Config,
    EmailConfig,
    FeedConfig,
    FetchConfig,
    LanguageConfig,
    ScheduleConfig,
    SemanticConfig,
    StateConfig,
    StorylineConfig,
    WebhookConfig,
)

__all__ = [
    "AlertsConfig",
    "Config",
    "EmailConfig",
    "FeedConfig",
    "FetchConfig",
    "LanguageConfig",
    "ScheduleConfig",
    "SemanticConfig",
    "StateConfig",
    "StorylineConfig",
    "WebhookConfig",
    "parse",
]
