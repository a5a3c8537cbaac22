"""The demo archive that shows the service to a newcomer."""

from soda_core.demo.archive import Archive, Showcase, build

__all__ = ["Archive", "Showcase", "build"]
