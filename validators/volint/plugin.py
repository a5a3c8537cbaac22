"""The plugin of pytest: `pytest --volint-url URL` makes one test of each rule in each place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .model import Outcome, Report

__all__ = ["Rule", "RuleBroken", "Target", "pytest_addoption", "pytest_collection"]

LEVELS = ("error", "warning", "info")
"""As in `volint.model`, which is not loaded in runs that do not ask for it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("volint", "conformance of services of the Virtual Observatory")
    group.addoption("--volint-url", action="append", default=[], metavar="URL", help="service or document")
    group.addoption("--volint-write", action="store_true", help="allow requests that make jobs")
    group.addoption("--volint-profile", metavar="FILE", help="what the service does not tell, as TOML")
    group.addoption(
        "--volint-level", choices=LEVELS, default="error", help="the least level that makes a test fail"
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Let what is tested be collected after the files; without an address nothing is done."""
    urls: list[str] = session.config.getoption("--volint-url")
    if urls:
        session.config.pluginmanager.register(_Collection(urls), "volint-collection")
    return (yield)


class _Collection:
    """Adds the tests, before others choose among them."""

    def __init__(self, urls: list[str]) -> None:
        self.urls = urls

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Add the tests of each target."""
        for url in self.urls:
            items.extend(Target.from_parent(session, name=url).collect())


class RuleBroken(Exception):
    """A rule is broken; the text says how, and what repeats it."""


class Target(pytest.Collector):
    """A service or a document: it is validated once, when the tests are collected."""

    def collect(self) -> Iterator[Rule]:
        """Yield a test for each rule in each place."""
        report = self._report()
        taken: dict[str, int] = {}
        for outcome in report.outcomes:
            name = f"{outcome.code}[{outcome.place}]" if outcome.place else outcome.code
            number = taken[name] = taken.get(name, 0) + 1
            name = name if number == 1 else f"{name}-{number}"
            yield Rule.from_parent(self, name=name, outcome=outcome)

    def _report(self) -> Report:
        """Validate; what keeps it from starting ends the run of pytest with one sentence."""
        from .command import TROUBLES  # noqa: PLC0415 - slow to import, and most runs have no target
        from .profile import Profile  # noqa: PLC0415 - the same
        from .validation import Options, validate  # noqa: PLC0415 - the same

        profile = self.config.getoption("--volint-profile")
        try:
            known = Profile.read(Path(profile)) if profile else Profile()
            return validate(self.name, Options(write=self.config.getoption("--volint-write"), profile=known))
        except TROUBLES as error:
            raise pytest.UsageError(f"volint: {error}") from None


class Rule(pytest.Item):
    """One rule in one place; it was tried already, and the test tells how it went."""

    def __init__(self, *, outcome: Outcome, **given: Any) -> None:  # noqa: ANN401 - what pytest gives to a node
        super().__init__(**given)
        self.outcome = outcome

    def runtest(self) -> None:
        """Fail if something as grave as asked for was found."""
        if self.outcome.state == "skipped":
            pytest.skip(self.outcome.reason)
        grave = LEVELS[: LEVELS.index(self.config.getoption("--volint-level")) + 1]
        told = [
            (found.level, f"{found.level}: {found.message}\n{found.request}\n{found.response}".strip())
            for found in self.outcome.findings
        ]
        for level, text in told:
            self.add_report_section("call", level, text)
        if broken := [text for level, text in told if level in grave]:
            raise RuleBroken("\n\n".join(broken))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401 - as pytest declares it
        """Show what was found, and not where in this plugin."""
        return (
            str(excinfo.value) if excinfo.errisinstance(RuleBroken) else super().repr_failure(excinfo, style)
        )

    def reportinfo(self) -> tuple[Path, None, str]:
        """Name the target and the rule."""
        return self.path, None, f"{self.outcome.code} {self.outcome.place}".rstrip()
