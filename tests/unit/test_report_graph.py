"""The graph in every format: the same tasks and edges, the critical path marked, labels that stay labels."""

import json
import re
from dataclasses import replace

import pytest

from kerrigan.report.tasks.graph import FORMATS
from tests.unit.report_stage import CONTRACT, EVIL, SCREEN, assert_fits, project

PLAN = project(CONTRACT, SCREEN)
CRITICAL = ("todo/contract", "todo/screen")


def test_text() -> None:
    assert FORMATS["text"]([(PLAN, ["todo/contract"])]).splitlines() == [
        "todo: 2 tasks, critical path of 1",
        " * todo/contract  [api]",
        "   todo/screen  [web]  <- todo/contract, ~todo/endpoint, external:legal sign-off",
    ]


def test_mermaid() -> None:
    assert FORMATS["mermaid"]([(PLAN, CRITICAL)]).splitlines() == [
        "flowchart LR",
        '    t0["contract: Agree the API contract (api)"]',
        '    t1["screen: Show the list (web)"]',
        "    t0 --> t1",
        '    x2(["todo/endpoint"])',
        "    x2 -.-> t1",
        '    x3(["external:legal sign-off"])',
        "    x3 --> t1",
        "    classDef critical stroke-width:3px",
        "    class t0,t1 critical",
    ]


def test_several_projects_are_one_flowchart_with_a_box_each() -> None:
    shop = replace(project(replace(SCREEN, id="shop/sell", title="Sell it")), name="shop")
    lines = FORMATS["mermaid"]([(PLAN, CRITICAL), (shop, [])]).splitlines()
    assert [line for line in lines if "flowchart" in line] == ["flowchart LR"]
    boxes = [line.strip() for line in lines if "subgraph" in line or line == "    end" or "[" in line]
    assert boxes == [
        'subgraph p0["todo"]',
        't0["contract: Agree the API contract (api)"]',
        't1["screen: Show the list (web)"]',
        "end",
        'subgraph p1["shop"]',
        't2["sell: Sell it (web)"]',
        "end",
        'x3(["todo/endpoint"])',
        'x4(["external:legal sign-off"])',
    ]
    assert "    t0 --> t2" in lines


def test_words_that_mermaid_obeys_inside_of_quotes_are_broken_up() -> None:
    drawn = FORMATS["mermaid"]([(project(replace(CONTRACT, title="direction LR, style:#;, classDef")), [])])
    assert not re.search("direction|style|classDef", drawn)


def test_dot() -> None:
    assert FORMATS["dot"]([(PLAN, ["todo/contract"])]).splitlines() == [
        'digraph "todo" {',
        "  rankdir=LR;",
        '  "todo/contract" [label="contract: Agree the API contract (api)", penwidth=3];',
        '  "todo/screen" [label="screen: Show the list (web)"];',
        '  "todo/contract" -> "todo/screen";',
        '  "todo/endpoint" -> "todo/screen" [style=dashed];',
        '  "external:legal sign-off" -> "todo/screen";',
        "}",
    ]


def test_json_fits_its_schema() -> None:
    body = json.loads(FORMATS["json"]([(PLAN, CRITICAL)]))
    assert_fits("graph", body)
    assert {"from": "todo/endpoint", "to": "todo/screen", "soft": True} in body["edges"]
    assert body["critical_path"] == list(CRITICAL)


@pytest.mark.parametrize("form", ["text", "mermaid", "dot"])
def test_a_hostile_label_stays_a_label(form: str) -> None:
    drawn = FORMATS[form]([(project(EVIL), [])])
    assert all(line.isprintable() for line in drawn.split("\n"))
    if form == "mermaid":
        assert all(re.fullmatch(r'[^"]*("[^"<>;\]]*(#\d+;[^"<>;\]]*)*"[^"]*)?', line) for line in drawn.split("\n"))
    if form == "dot":
        assert all(re.fullmatch(r'([^"]|"([^"\\]|\\.)*")*', line) for line in drawn.split("\n"))
        assert r"\"];" in drawn
