"""Registry records and capabilities in files, each broken in one way: the rule, and the document."""

from __future__ import annotations

__all__ = ["BROKEN", "CAPABILITIES", "RECORD"]

STD = "ivo://ivoa.net/std"
XML = "http://www.ivoa.net/xml"
NAMESPACES = (
    f'xmlns:vs="{XML}/VODataService/v1.1" xmlns:vr="{XML}/VOResource/v1.0" xmlns:tr="{XML}/TAPRegExt/v1.0" '
    f'xmlns:cs="{XML}/ConeSearch/v1.0" xmlns:sia="{XML}/SIA/v1.1" xmlns:ssap="{XML}/SSA/v1.1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def interface(name: str) -> str:
    """Return how a capability is reached."""
    return (
        '<interface xsi:type="vs:ParamHTTP" role="std"><accessURL use="full">http://example.org/'
        f"{name}</accessURL><queryType>GET</queryType>"
        '<param use="required"><name>Q</name><description>What is asked.</description>'
        "<dataType>string</dataType></param></interface>"
    )


TAP = f"""<capability standardID="{STD}/TAP" xsi:type="tr:TableAccess">{interface("tap")}
<dataModel ivo-id="{STD}/ObsCore#core-1.1">ObsCore</dataModel>
<language><name>ADQL</name><version ivo-id="{STD}/ADQL#v2.0">2.0</version><description>ADQL.</description>
<languageFeatures type="{STD}/TAPRegExt#features-udf"><feature>
<form>ivo_hasword(haystack TEXT, needle TEXT) -&gt; INTEGER</form></feature></languageFeatures>
<languageFeatures type="{STD}/TAPRegExt#features-adqlgeo"><feature><form>CONTAINS</form></feature>
<feature><form>POINT</form></feature></languageFeatures></language>
<outputFormat><mime>text/xml</mime><alias>votable</alias></outputFormat>
<executionDuration><default>600</default><hard>3600</hard></executionDuration>
<outputLimit><default unit="row">1000</default><hard unit="row">20000</hard></outputLimit></capability>"""
CONE = f"""<capability standardID="{STD}/ConeSearch" xsi:type="cs:ConeSearch">{interface("cone")}
<maxSR>10</maxSR><maxRecords>100</maxRecords><verbosity>true</verbosity></capability>"""
IMAGES = f"""<capability standardID="{STD}/SIA" xsi:type="sia:SimpleImageAccess">{interface("sia")}
<imageServiceType>Pointed</imageServiceType></capability>"""
SPECTRA = f"""<capability standardID="{STD}/SSA" xsi:type="ssap:SimpleSpectralAccess">{interface("ssa")}
<complianceLevel>query</complianceLevel><dataSource>survey</dataSource><creationType>archival</creationType>
<supportedFrame>ICRS</supportedFrame></capability>"""
RECORD = f"""<?xml version="1.0"?>
<ri:Resource xmlns:ri="{XML}/RegistryInterface/v1.0" {NAMESPACES} xsi:type="vs:CatalogService"
 created="2020-01-02T03:04:05Z" updated="2021-01-02T03:04:05Z" status="active">
<title>Some data</title><shortName>Some</shortName><identifier>ivo://example.org/some/data</identifier>
<curation><publisher>The publisher</publisher><contact><name>Somebody</name></contact></curation>
<content><subject>galaxies</subject><description>Some data.</description>
<referenceURL>http://example.org/</referenceURL></content>
{TAP}{CONE}{IMAGES}{SPECTRA}
<coverage><spatial>3/1-4,7 4/12 6/</spatial><temporal>55000 56000.5</temporal>
<spectral>2.5e-19 5e-19</spectral></coverage>
</ri:Resource>"""
CAPABILITIES = f"""<?xml version="1.0"?>
<vosi:capabilities xmlns:vosi="{XML}/VOSICapabilities/v1.0" {NAMESPACES}>
<capability standardID="{STD}/VOSI#capabilities"><interface xsi:type="vs:ParamHTTP">
<accessURL use="full">http://example.org/tap/capabilities</accessURL></interface></capability>
{TAP}</vosi:capabilities>"""


def record(old: str, new: str) -> bytes:
    """Return the record with something else in it."""
    assert old in RECORD
    return RECORD.replace(old, new, 1).encode()


def listed(old: str, new: str) -> bytes:
    """Return the capabilities of TAP with something else in them."""
    assert old in CAPABILITIES
    return CAPABILITIES.replace(old, new, 1).encode()


IDENTIFIER = "<identifier>ivo://example.org/some/data</identifier>"
TITLE = "<title>Some data</title>"
SHORT = "<shortName>Some</shortName>"
LIMIT = '<outputLimit><default unit="row">1000'
BROKEN: dict[str, tuple[str, bytes]] = {
    "order of a record": ("REG-VOR-07", record(f"{TITLE}{SHORT}", f"{SHORT}{TITLE}")),
    "record without a title": ("REG-VOR-07", record(TITLE, "")),
    "record that is not closed": ("REG-VOR-07", record("</ri:Resource>", "")),
    "status of a record": ("REG-VOR-07", record('status="active"', 'status="alive"')),
    "identifier of the web": ("REG-VOR-09", record("ivo://example.org/", "http://example.org/")),
    "identifier of two letters": ("REG-VOR-09", record("ivo://example.org/some", "ivo://ex/some")),
    "identifier with a query": ("REG-VOR-09", record("some/data<", "some/data?a<")),
    "updated before created": ("REG-VOR-10", record('updated="2021', 'updated="2019')),
    "updated in another zone": ("REG-VOR-10", record('updated="2021-01-02T03', 'updated="2020-01-02T02')),
    "standard of no IVOID": ("REG-VOR-01", record(f"{STD}/SSA", "SSA")),
    "interface of no type": ("REG-VOR-02", record(' xsi:type="vs:ParamHTTP"', "")),
    "address of no scheme": ("REG-VOR-03", record("http://example.org/cone", "example.org/cone")),
    "method of no kind": ("REG-VODS-01", record("<queryType>GET", "<queryType>PUT")),
    "parameter of no type": ("REG-VODS-02", record("<dataType>string</dataType>", "")),
    "parameter without words": (
        "REG-VODS-02",
        listed("<description>What is asked.</description>", ""),
    ),
    "images of no kind": ("REG-SDR-02", record("<imageServiceType>Pointed</imageServiceType>", "")),
    "spectra of no frame": ("REG-SDR-03", record("<supportedFrame>ICRS</supportedFrame>", "")),
    "cell that is not there": ("REG-VODS-04", record("3/1-4,7", "3/1-4,768")),
    "circle for a MOC": ("REG-VODS-04", record("3/1-4,7 4/12 6/", "CIRCLE 1 2 3")),
    "time reversed": ("REG-VODS-04", record("55000 56000.5", "56000.5 55000")),
    "time as Julian date": ("REG-VODS-04", record("55000 56000.5", "2455000.5 2456001")),
    "energies in hertz": ("REG-VODS-04", record("2.5e-19 5e-19", "4e14 7e14")),
    "no language": ("REG-TRE-01", record("<name>ADQL</name>", "<name>SQL</name>")),
    "no version of ADQL": ("REG-TRE-01", listed(">2.0</version>", "></version>")),
    "signature without a result": ("REG-TRE-03", listed(" -&gt; INTEGER", "")),
    "signature without arguments": ("REG-TRE-03", record("(haystack TEXT, needle TEXT)", "")),
    "geometry of no kind": ("REG-TRE-04", listed("CONTAINS", "IS_WITHIN")),
    "default above hard": ("REG-TRE-05", listed("<default>600", "<default>6000")),
    "rows above hard": ("REG-TRE-05", record(LIMIT, LIMIT.replace("1000", "100000"))),
}
