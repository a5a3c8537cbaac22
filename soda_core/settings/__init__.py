"""What a deployment says of itself."""

from .collection import PRESETS, Collection, Rows, Rule
from .settings import TAP, Settings, SettingsError

__all__ = ["PRESETS", "TAP", "Collection", "Rows", "Rule", "Settings", "SettingsError"]
