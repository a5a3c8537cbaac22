"""The changelog is made of fragments."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]


def load(name: str) -> ModuleType:
    """Return a script of `tools/` as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


changelog: Any = load("changelog")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one release and three changes since."""
    (tmp_path / "CHANGELOG.md").write_text(
        f"# Changelog\n\n{changelog.MARK}\n## 0.1 (2026-01-01)\n\nFirst.\n"
    )
    changes = tmp_path / "changes"
    changes.mkdir()
    (changes / "README.md").write_text("How it is done.\n")
    (changes / "7.fixed.md").write_text("A circle at the pole\nis whole.\n")
    (changes / "12.added.md").write_text("Ellipses.\n")
    (changes / "polygons.added.md").write_text("Polygons.\n")
    return tmp_path


def test_a_release_moves_the_fragments_into_the_changelog(root: Path) -> None:
    """Newest first, by kind, and no fragment is left."""
    changelog.release(root, "0.2 (2026-02-03)")

    section = (
        "## 0.2 (2026-02-03)\n\n### Added\n\n- Ellipses.\n- Polygons.\n\n"
        "### Fixed\n\n- A circle at the pole\n  is whole.\n"
    )
    assert (
        f"# Changelog\n\n{changelog.MARK}\n{section}\n## 0.1 (2026-01-01)\n\nFirst.\n"
        == (root / "CHANGELOG.md").read_text()
    )
    assert ["README.md"] == [path.name for path in (root / "changes").iterdir()]


@pytest.mark.parametrize("name", ["12.md", "12.broken.md", "12.added.txt", ".added.md"])
def test_a_stray_file_is_named(root: Path, name: str) -> None:
    """A file that is no fragment stops the release before anything is written."""
    (root / "changes" / name).write_text("Something.\n")

    with pytest.raises(changelog.FragmentError, match=r"expected NAME\.KIND\.md, KIND one of added, changed"):
        changelog.release(root, "0.2")
    assert "0.2" not in (root / "CHANGELOG.md").read_text()


def test_an_empty_fragment_is_named(root: Path) -> None:
    """A fragment says something."""
    (root / "changes" / "8.fixed.md").write_text("\n")

    with pytest.raises(changelog.FragmentError, match=r"8\.fixed\.md: empty"):
        changelog.release(root, "0.2")


def test_our_own_fragments_are_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    """What lies in `changes/` can be released, or was just."""
    assert 0 == changelog.main(["9.9", "--date", "2030-01-02", "--draft"])
    assert capsys.readouterr().out.startswith("## 9.9 (2030-01-02)\n")
