"""Compile the current schemas of `xsd/` into the dataclasses of `generated/ivoa_schemas/`."""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import etree
from xsdata.models.config import GeneratorConfig

__all__ = ["MODULES", "generate", "main", "outdated"]

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "ivoa_schemas"
TARGET = ROOT / "generated" / PACKAGE
SESSION = "nox -s generate"

# Module of the package -> id in xsd/catalog.toml.
MODULES: Mapping[str, str] = {
    "conesearch": "conesearch-1.1",
    "sia": "sia-1.2",
    "slap": "slap-1.1",
    "ssa": "ssa-1.2",
    "standardsregext": "standardsregext-1.1",
    "stc_stub": "stc-1.30",
    "tapregext": "tapregext-1.0-erratum1",
    "uws": "uws-1.1",
    "vodataservice": "vodataservice-1.2",
    "voresource": "voresource-1.2",
    "vosi_availability": "vosiavailability-1.0",
    "vosi_capabilities": "vosicapabilities-1.0",
    "vosi_tables": "vositables-1.1",
    "votable": "votable-1.5",
    "xlink": "xlink-ivoa",
}

XS = "http://www.w3.org/2001/XMLSchema"

# STC would be two thirds of the code, for one optional element that no document of ours holds.
STC_STUB = f"""\
<xs:schema xmlns:xs="{XS}" xmlns:stc="http://www.ivoa.net/xml/STC/stc-v1.30.xsd"
  targetNamespace="http://www.ivoa.net/xml/STC/stc-v1.30.xsd" elementFormDefault="qualified">
  <xs:element name="STCResourceProfile" type="stc:stcDescriptionType"/>
  <xs:complexType name="stcDescriptionType">
    <xs:sequence>
      <xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence>
    <xs:anyAttribute namespace="##other" processContents="lax"/>
  </xs:complexType>
</xs:schema>
"""

# `Field` is renamed because the type of FIELD/@type would be called FieldType as well.
CONFIG = """\
<Config xmlns="{namespace}" version="26.10">
  <Output maxLineLength="100" genericCollections="false">
    <Package>ivoa_schemas</Package>
    <Format repr="true" eq="true" order="false" unsafeHash="false" frozen="false"
      slots="true">dataclasses</Format>
    <Structure>filenames</Structure>
    <DocstringStyle>Blank</DocstringStyle>
    <RelativeImports>true</RelativeImports>
    <CompoundFields defaultName="items" useSubstitutionGroups="false" forceDefaultName="true"
      maxNameParts="3">true</CompoundFields>
    <WrapperFields>false</WrapperFields>
    <UnnestClasses>true</UnnestClasses>
    <IgnorePatterns>false</IgnorePatterns>
    <IncludeHeader>false</IncludeHeader>
  </Output>
  <Conventions>
    <ClassName case="pascalCase" safePrefix="type"/>
    <FieldName case="snakeCase" safePrefix="value"/>
    <ConstantName case="screamingSnakeCase" safePrefix="value"/>
    <ModuleName case="snakeCase" safePrefix="mod"/>
    <PackageName case="snakeCase" safePrefix="pkg"/>
  </Conventions>
  <Substitutions>
    <Substitution type="class" search="^Field$" replace="FieldElement"/>
  </Substitutions>
</Config>
"""


def main(arguments: list[str] | None = None) -> int:
    """Write the package, or with `--check` tell whether it is up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=TARGET, metavar="DIR", help="folder of the package")
    parser.add_argument("--check", action="store_true", help="change nothing, fail if a file differs")
    options = parser.parse_args(arguments)
    if options.check:
        stale = outdated(options.output)
        for name in stale:
            print(f"{name}: out of date, run: {SESSION}")
        return 1 if stale else 0
    generate(options.output)
    return 0


def generate(output: Path) -> None:
    """Replace the modules in *output* by freshly compiled ones."""
    with _compiled() as fresh:
        output.mkdir(parents=True, exist_ok=True)
        for old in output.glob("*.py"):
            old.unlink()
        for new in sorted(fresh.glob("*.py")):
            shutil.copyfile(new, output / new.name)


def outdated(folder: Path) -> list[str]:
    """Return the names of the modules in *folder* that differ from freshly compiled ones."""
    with _compiled() as fresh:
        wanted = {path.name: path.read_bytes() for path in fresh.glob("*.py")}
    found = {path.name: path.read_bytes() for path in folder.glob("*.py")}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


@contextlib.contextmanager
def _compiled() -> Iterator[Path]:
    """Yield a folder with the compiled modules; it is gone afterwards."""
    with tempfile.TemporaryDirectory() as scratch:
        sources, package = Path(scratch, "sources"), Path(scratch, PACKAGE)
        sources.mkdir()
        schemas = _schemas()
        for module, schema in schemas.items():
            text = STC_STUB.encode() if module == "stc_stub" else _prepared(schema, schemas)
            (sources / f"{module}.xsd").write_bytes(text)
        _run_xsdata(Path(scratch))
        _finish(package, schemas)
        yield package


def _schemas() -> dict[str, Mapping[str, str]]:
    """Return the catalog's entry of each module."""
    with (ROOT / "xsd" / "catalog.toml").open("rb") as file:
        entries = {entry["id"]: entry for entry in tomllib.load(file)["schema"]}
    return {module: entries[name] for module, name in MODULES.items()}


def _prepared(schema: Mapping[str, str], schemas: Mapping[str, Mapping[str, str]]) -> bytes:
    """Return the text of *schema* as xsdata wants it: flat imports, and no traps."""
    modules = {entry["namespace"]: module for module, entry in schemas.items()}
    parser = etree.XMLParser(no_network=True, resolve_entities=False, remove_comments=True)
    tree = etree.parse(ROOT / "xsd" / schema["file"], parser)
    for node in tree.iter(f"{{{XS}}}import"):
        node.set("schemaLocation", f"{modules[node.get('namespace', '')]}.xsd")
    # xsdata would make a child element of each value that is listed for an element's text.
    for simple in tree.iter(f"{{{XS}}}simpleContent"):
        for value in simple.findall(f"{{{XS}}}restriction/{{{XS}}}enumeration"):
            value.getparent().remove(value)  # type: ignore[union-attr] # found below a restriction
    return etree.tostring(tree)


def _run_xsdata(scratch: Path) -> None:
    """Compile `sources/` in *scratch* into the package beside it."""
    config = scratch / "xsdata.xml"
    config.write_text(CONFIG.format(namespace=GeneratorConfig.Meta.namespace))
    command = [sys.executable, "-m", "xsdata", "generate", "sources", "--config", str(config)]
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    done = subprocess.run(
        command, cwd=scratch, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"xsdata failed:\n{done.stdout}{done.stderr}")


def _finish(package: Path, schemas: Mapping[str, Mapping[str, str]]) -> None:
    """Put our first line on each module and write the module of the package itself."""
    for module, schema in schemas.items():
        path = package / f"{module}.py"
        origin = "a stub of STC" if module == "stc_stub" else f"xsd/{schema['file']}"
        path.write_text(f"# Made from {origin} by `{SESSION}`; do not edit.\n{path.read_text()}")
    lines = [
        f"# Made from xsd/ by `{SESSION}`; do not edit.",
        '"""Dataclasses of the IVOA schemas; all are imported, so that each xsi:type is known in parsing."""',
        "",
        "from . import (",
        *(f"    {module}," for module in sorted(schemas)),
        ")",
        "",
        "__all__ = [",
        *(f'    "{module}",' for module in sorted(schemas)),
        "]",
    ]
    (package / "__init__.py").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
