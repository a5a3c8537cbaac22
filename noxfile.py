"""One session for each promise, by the same names here and in CI."""

from pathlib import Path

import nox

nox.options.sessions = ["lint", "types", "tests"]
nox.options.reuse_existing_virtualenvs = True
nox.options.default_venv_backend = "venv"

PINNED = ("--constraint", "constraints.txt")


def install(session: nox.Session, *extras: str) -> None:
    """Install the project with *extras*, in the versions that everybody has.

    With `nox --no-venv` the environment at hand is used as it is.
    """
    if session.virtualenv.is_sandboxed:
        session.install("--quiet", *PINNED, "--editable", f".[{','.join(extras)}]")


@nox.session
def lint(session: nox.Session) -> None:
    """Style and format."""
    install(session, "dev")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Types, strictly."""
    install(session, "client", "fast", "test", "dev", "docs")
    session.run("mypy")


@nox.session
def tests(session: nox.Session) -> None:
    """Every test."""
    install(session, "client", "fast", "test", "dev")
    session.run("pytest", "-n", "2", *session.posargs)


@nox.session
def generate(session: nox.Session) -> None:
    """Make again what is made of the schemas and the declarations; `-- --check` only compares."""
    install(session, "dev")
    session.run("python", "tools/generate.py", *session.posargs)
    session.run("python", "tools/generate_schema.py", *session.posargs)


@nox.session
def wheel(session: nox.Session) -> None:
    """The wheel made of the source distribution, installed and used outside of the tree."""
    install(session, "test", "dev")
    session.run("pytest", "tests/wheel", *session.posargs)


@nox.session
def conformance(session: nox.Session) -> None:
    """What the standards demand of the service, and which faults the validator finds."""
    install(session, "client", "fast", "test", "dev")
    session.run("pytest", "tests/conformance", *session.posargs)
    session.run("python", "tools/detection.py")


@nox.session
def bench(session: nox.Session) -> None:
    """Ratios against peers, measured in one run; with words after `--` there is no sweep."""
    install(session, "fast", "test", "bench")
    session.run("python", "-m", "bench", *session.posargs)
    sweep = Path("bench", "sweep.py")
    if sweep.exists() and not session.posargs:
        session.run("python", str(sweep))


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation; a warning is an error."""
    install(session, "docs")
    session.run("sphinx-build", "-W", "-q", "-b", "html", "docs", "docs/_build")
