"""Faults of one endpoint, one method or one value among several that are right."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .holdings import BASE, DATASETS
from .messages import Given
from .of_query import V, all_rows, asking, no_rows, same
from .of_query import refused as query_refused
from .of_soda import HTML, fulfilled, refused, sync
from .transport import Fault, answered, both, kind, on, status, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from .messages import Asked

__all__ = ["FAULTS"]
STD = "ivo://ivoa.net/std"
QUERY, LINKS, CAPABILITIES = on("query"), on("links"), on("capabilities")
ONE, TWO = DATASETS


def far(name: str) -> tuple[Callable[[Asked, Given], Given], Callable[[Asked], Asked]]:
    change = both(text(f"{BASE}/{name}", f"{BASE}/elsewhere/{name}"))
    return change, lambda asked: replace(asked, path=name) if asked.path==f"elsewhere/{name}" else asked


def far_fault(name, also=()):
    change, ask = far(name)
    return Fault(f"{name}-far-from-capabilities", {"sync":"SODA-2.1-02","async":"SODA-2.2-02","query":"SIA2-2-02"}[name], change,
        lambda a: a.path in ("capabilities","links","query") or a.path.startswith("elsewhere/"), frozenset(also), ask)

def row2(old, new, times=1):
    def change(_, given):
        head, mid, tail = given.body.rpartition(b"<TR>")
        return replace(given, body=head+mid+tail.replace(old.encode(), new.encode(), times)) if head else given
    return change

POST = lambda p: (lambda a: a.method=="POST" and p(a))
def drop(name, n=0):
    def ask(a):
        seen=0; out=[]
        for k,v in a.pairs:
            if k==name:
                seen+=1
                if seen>n: continue
            out.append((k,v))
        return replace(a,pairs=tuple(out))
    return ask

FAULTS = (
    far_fault("sync"), far_fault("async"), far_fault("query"),
    Fault("availability-gone","SODA-2-03",lambda a,g: status(404)(a,g) if a.path=="availability" else replace(g, body=__import__("re").sub(rb'<capability standardID="ivo://ivoa.net/std/VOSI#availability".*?</capability>',b"",g.body,flags=16)),on("availability","capabilities")),
    Fault("query-without-address","SIA2-2-01",lambda _,g: replace(g,body=__import__("re").sub(rb'(?<=SIA#query-2.0">)\s*<interface.*?</interface>',b"",g.body,flags=16)),CAPABILITIES),
    Fault("created-302","DALI-2.1-02",lambda a,g: replace(g,status=302) if g.status==303 else g, lambda a: a.path=="async" and a.method=="POST"),
    Fault("sync-2.0","SODA-2.5-01",text("SODA#sync-1.0","SODA#sync-2.0"),CAPABILITIES),
    Fault("sync-no-version","SODA-2.5-01",text("SODA#sync-1.0","SODA#sync"),CAPABILITIES),
    Fault("tables-9.9","VOSI-4-03",text("VOSI#tables-1.1","VOSI#tables-9.9"),CAPABILITIES),
    Fault("query-no-version","VOSI-4-02",text("SIA#query-2.0","SIA#query"),CAPABILITIES),
    Fault("ucd-of-id","SODA-3.2-02",text('ucd="meta.id;meta.dataset"','ucd="meta.id"'),LINKS),
    Fault("descriptor-without-standard","DL-4.2-02",text(f'<PARAM name="standardID" datatype="char" arraysize="*" value="{STD}/SODA#sync-1.0"/>',''),LINKS),
    Fault("descriptor-of-old-standard","DL-4.2-02",text(f'value="{STD}/SODA#sync-1.0"',f'value="{STD}/SODA#sync"'),LINKS),
    Fault("soda-format-twice","SODA-6-04",fulfilled,sync(lambda a: len(a.values("RESPONSEFORMAT"))>1)),
    Fault("facility-refused","SIA2-2.1-02",query_refused,asking("FACILITY")),
    Fault("null-time-matches","SIA2-2.1-04",row2("<TD>56000.0</TD><TD>56001.0</TD>","<TD></TD><TD></TD>"),QUERY,frozenset(),lambda a: drop("TIME")(a) if "Inf" in a.first("TIME") else a),
    Fault("fov-without-infinity","SIA2-2.1-09",query_refused,asking("FOV","Inf")),
    Fault("time-without-infinity","SIA2-2.1-09",query_refused,asking("TIME","Inf")),
    Fault("bounds-excluded","SIA2-2.1-10",no_rows,lambda a: any(a.first("EXPTIME").split()[i:i+1]==["100.0"] for i in (0,1)) and a.first("EXPTIME").split()[0]!=a.first("EXPTIME").split()[-1]),
    Fault("instrument-in-any-case","SIA2-2.1-11",same,asking("INSTRUMENT"),frozenset(),lambda a: replace(a,pairs=tuple((k,v.capitalize() if k=="INSTRUMENT" else v) for k,v in a.pairs))),
    Fault("target-by-prefix","SIA2-2.1-11",lambda a,g: all_rows(a,g) if a.first("TARGET") in ("Field","Field ","F","Field o","Field on") else g,asking("TARGET")),
    Fault("query-format-twice","SIA2-3.2-05",all_rows,lambda a: a.path=="query" and len(a.values("RESPONSEFORMAT"))>1),
    Fault("links-short-format-refused","DL-2.1.2-02",answered(lambda: Given(400,V,b"")),lambda a: a.path=="links" and a.values("RESPONSEFORMAT")==["votable"]),
    Fault("links-own-format-refused","DL-2.1.2-02",lambda a,g: replace(g,status=400),lambda a: a.path=="links" and "content=datalink" in a.first("RESPONSEFORMAT")),
    Fault("links-format-ignored","DL-2.1.2-03",same,lambda a: a.path=="links" and "volint" in a.first("RESPONSEFORMAT"),frozenset(),drop("RESPONSEFORMAT")),
    Fault("links-no-status","DL-3-01",text('<INFO name="QUERY_STATUS" value="OK"/>',""),LINKS),
    Fault("term-relative","DL-3.2.6-02",text("<TD>#cutout</TD>","<TD>own#cutout</TD>"),LINKS),
    Fault("text-xml-refused","DALI-3.4-02",query_refused,lambda a: a.path=="query" and a.first("RESPONSEFORMAT")=="text/xml"),
    Fault("maxrec-refused","DALI-3.4-06",query_refused,lambda a: a.path=="query" and a.first("MAXREC")=="3"),
    Fault("overflow-misplaced","DALI-4.4-05",lambda _,g: replace(g,body=g.body.replace(b'<INFO name="QUERY_STATUS" value="OVERFLOW"/>\n</RESOURCE>',b'</RESOURCE><RESOURCE type="meta"><INFO name="QUERY_STATUS" value="OVERFLOW"/></RESOURCE>')),QUERY),
    Fault("extension-without-type","VOSI-3.1-04",text(' xsi:type="cs:ConeSearch"',""),CAPABILITIES),
    Fault("table-root-namespace","VOSI-3.3-03",text("VOSITables/v1.0","VODataService/v1.1"),on("tables/ivoa.obscore")),
    Fault("table-without-columns","VOSI-3.3-09",lambda _,g: replace(g,body=__import__("re").sub(rb"<column>.*</column>",b"",g.body,flags=16)),on("tables/ivoa.obscore")),
    Fault("xel-real","OBS-4-03",text('name="s_xel1" datatype="long"','name="s_xel1" datatype="double"'),QUERY),
    Fault("xel-minus-five","OBS-4.21-01",text("<TD>16</TD><TD>16</TD>","<TD>16</TD><TD>-5</TD>",1),QUERY),
    # only on post etc
    Fault("post-errors-html","DALI-2.2-01",lambda a,g: replace(g,kind="text/html",body=HTML.encode()) if g.status>=400 else g,POST(on("sync"))),
    Fault("post-errors-200","DALI-2.2-01",lambda a,g: replace(g,status=200) if g.status>=400 else g,POST(on("sync"))),
    Fault("post-case","DALI-2.2-01",lambda a,g: refused(a,g) if a.lower else g,POST(on("sync"))),
    Fault("post-nothing-200","DALI-2.2-01",lambda a,g: Given(200,"application/fits",b"SIMPLE  =") if g.status==204 else g,POST(on("sync"))),
    Fault("pos-elsewhere-500","SODA-5.1-02",lambda a,g: Given(500) if g.status==204 else g,sync(lambda a: a.first("POS"))),
    Fault("polygon-elsewhere-404","SODA-5.1-02",lambda a,g: Given(404,body=b"UsageError: nothing\n") if g.status==204 else g,sync(lambda a: a.first("POLYGON"))),
    Fault("time-elsewhere-404","SODA-5.1-02",lambda a,g: Given(404,body=b"UsageError: nothing\n") if g.status==204 else g,sync(lambda a: a.first("TIME"))),
    Fault("pol-elsewhere-404","SODA-5.1-02",lambda a,g: Given(404,body=b"UsageError: nothing\n") if g.status==204 else g,sync(lambda a: a.first("POL"))),
    Fault("204-chunk","SODA-5.1-02",lambda a,g: replace(g,kind="application/fits",body=b" ") if g.status==204 else g,sync(lambda a:a.first("BAND"))),
    Fault("pos-circle-nan","SODA-5.2-03",fulfilled,sync(lambda a: "NaN" in a.first("POS"))),
    Fault("pos-circle-of-two","SODA-5.2-03",fulfilled,sync(lambda a: a.first("POS").startswith("CIRCLE") and len(a.first("POS").split())==3)),
    Fault("range-wrong","SODA-3.3-02",lambda a,g: Given(204,""),sync(lambda a: a.first("POS").startswith("RANGE") and "Inf" not in a.first("POS") and float(a.first("POS").split()[1])<float(a.first("POS").split()[2])-0.01)),
    Fault("band-open-above-refused","SODA-3.3-04",refused,sync(lambda a: "+Inf" in a.first("BAND") and "-Inf" not in a.first("BAND"))),
    Fault("band-open-below-refused","SODA-3.3-04",refused,sync(lambda a: "-Inf" in a.first("BAND") and "+Inf" not in a.first("BAND"))),
    Fault("time-open-refused","SODA-3.3-04",refused,sync(lambda a: "Inf" in a.first("TIME") and a.first("TIME")!="-Inf +Inf")),
    Fault("second-dataset-fails","SODA-2.1-03",lambda a,g: Given(500,body=b"x"),sync(lambda a: a.first("ID").endswith("two") and not a.first("POL") and not a.first("BAND") and not a.first("TIME"))),
    Fault("circle-and-band-500","DALI-4.2-01",status(500),sync(lambda a: a.first("CIRCLE") and a.first("BAND"))),
    # links
    Fault("links-post-second-id","DALI-2.2-01",same,POST(LINKS),frozenset(),drop("ID",1)),
    Fault("links-post-unknown-404","DALI-2.2-01",lambda a,g: Given(404,"text/plain",b"NotFoundFault: x"),POST(lambda a: a.path=="links" and "volint" in a.first("ID"))),
    Fault("links-case","DALI-3.1-01",lambda a,g: Given(400,V,b"") if a.lower else g,LINKS),
    Fault("links-case-ignored","DALI-3.1-01",same,lambda a: a.path=="links" and a.lower,frozenset(),drop("ID")),
    Fault("links-post-type","DALI-2.2-01",kind("application/octet-stream"),POST(LINKS)),
    Fault("links-error-mixed","DL-3.2-05",lambda a,g: Given(404,V,b""),lambda a: a.path=="links" and any("volint" in v for v in a.values("ID")) and len(a.values("ID"))>1),
    Fault("links-duplicate-rows","DL-2.1.1-01",same,lambda a: a.path=="links" and len(a.values("ID"))>1,frozenset(),lambda a: replace(a,pairs=(*a.pairs,*a.pairs))),
    Fault("links-status-500-body","DL-3.4-02",text("NotFoundFault: ","NotFoundFault"),lambda a: a.path=="links" and "volint" in a.first("ID")),
    Fault("link-length-wrong","DL-3.2.8-01",text("<TD>106560</TD>","<TD>1065600</TD>"),LINKS),
    Fault("link-length-negative","DL-3.2.8-01",text("<TD>106560</TD>","<TD>-1</TD>"),LINKS),
    Fault("second-link-dead","DL-3.2.2-01",status(404),on("file/two")),
    Fault("second-id-relative","DL-3.2.2-01",text(f"<TD>{BASE}/file/two","<TD>/dal/file/two"),LINKS),
    # sia2
    Fault("query-post-case","DALI-2.2-01",all_rows,POST(lambda a: a.path=="query" and a.lower)),
    Fault("query-post-errors-200","DALI-2.2-01",lambda a,g: replace(g,status=200) if g.status>=400 else g,POST(QUERY)),
    Fault("query-post-maxrec","DALI-2.2-01",same,POST(QUERY),frozenset(),drop("MAXREC")),
    Fault("maxrec-negative-taken","DALI-3.4-07",all_rows,lambda a: a.path=="query" and a.first("MAXREC").startswith("-")),
    Fault("maxrec-word-taken","DALI-4.2-01",all_rows,lambda a: a.path=="query" and not a.first("MAXREC","1").lstrip("-").isdigit()),
    Fault("maxrec-0-other-fields","SIA2-2.1.18-02",text('<FIELD name="o_ucd" datatype="char"','<FIELD name="o_ucd" datatype="unicodeChar"'),lambda a: a.path=="query" and a.first("MAXREC")=="0"),
    Fault("bad-band-taken","DALI-4.2-01",all_rows,asking("BAND","volint")),
    Fault("bad-calib-500","DALI-4.2-01",status(500),lambda a: a.path=="query" and a.first("CALIB","0") not in "01234"),
    Fault("pos-two-values-and","SIA2-2.1-06",no_rows,lambda a: a.path=="query" and len(a.values("POS"))>1),
    Fault("collection-two-values-and","SIA2-2.1-06",no_rows,lambda a: a.path=="query" and len(a.values("COLLECTION"))>1),
    Fault("pos-and-band-or","SIA2-2.1-07",all_rows,lambda a: a.path=="query" and a.values("POS") and a.values("BAND")),
    Fault("second-row-bad-ucd","OBS-4.20-01",row2("phot.flux.density","phot.fluxx"),QUERY),
    Fault("dptype-case","SIA2-2.1.14-01",no_rows,asking("DPTYPE","cube")),
    Fault("circle-around-misses","SIA2-2.1.1-02",no_rows,lambda a: a.path=="query" and a.first("POS").startswith("RANGE") and "Inf" not in a.first("POS")),
    Fault("pos-finds-far","SIA2-2.1-03",all_rows,lambda a: a.path=="query" and a.first("POS").startswith("CIRCLE") and len(a.first("POS").split())>3 and "95" not in a.first("POS")),
    Fault("polygon-finds-all","SIA2-2.1-03",all_rows,lambda a: a.path=="query" and a.first("POS").startswith("POLYGON") and len(a.first("POS").split())>5),
    Fault("range-finds-all","SIA2-2.1-03",all_rows,lambda a: a.path=="query" and a.first("POS").startswith("RANGE") and "Inf" not in a.first("POS")),
    Fault("gzip-type","DALI-3.4-04",kind("application/gzip"),lambda a: a.path=="query" and a.first("RESPONSEFORMAT")=="application/x-votable+xml"),
    Fault("status-ok-in-error","SIA2-3.2-01",lambda a,g: replace(g,body=g.body.replace(b'value="ERROR"',b'value="OK"')) if g.status>=400 else g,QUERY),
    Fault("status-lower-error","SIA2-3.2-01",lambda a,g: replace(g,body=g.body.replace(b'value="ERROR"',b'value="error"')) if g.status>=400 else g,QUERY),
    Fault("s-region-clockwise2","DALI-3.3-08",row2(TWO.polygon," ".join(" ".join(p) for p in zip(TWO.polygon.split()[-2::-2],TWO.polygon.split()[::-2]))),QUERY),
)
