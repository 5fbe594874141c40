"""`beiji simulate`: what a leader and an expert read, in every form; what stops it is one line per fault and code 2."""

import argparse
import csv
import io
import json
import re
import xml.etree.ElementTree as ET

import pytest

from beiji.packs import simulate as command
from beiji.science import figures, render
from beiji.science.summary import measure

WORDS = ["g2-fog-pileup", "--city", "yangzhou", "--replications", "24", "--quiet", "--threads", "1", "--policy", "nearest"]


def run(*words):
    parser = argparse.ArgumentParser()
    command.add_words(parser)
    return command.run(parser.parse_args([*WORDS, *words]))


@pytest.fixture(scope="module")
def told():
    """All four forms of one run, made once."""
    out = {}
    for form in ("", "--json", "--html", "--csv"):
        with pytest.MonkeyPatch.context() as patch:
            stream = io.StringIO()
            patch.setattr("sys.stdout", stream)
            assert run(*([form] if form else [])) == 0
            out[form.removeprefix("--") or "text"] = stream.getvalue()
    return out


def test_a_leader_reads_whole_numbers_first(told):
    lead = told["text"].split("\n\n")[0]
    assert "of 60 casualties survive" in lead
    assert "Waited for most:" in lead
    assert "Resuscitation is full first at Orchid TCM at minute" in lead
    assert not re.search(r"[0-9]\.[0-9]", lead), "no decimals of lives before the experts' part"


def test_an_expert_reads_intervals_and_how_waits_ended(told):
    text = told["text"]
    assert "95 % interval" in text
    assert "was moved on" in text
    assert "At the end: waiting" in text
    assert "Pile-up in fog on the G2 motorway · Yangzhou" in text
    assert "Decision support only" in text
    assert "It does not show: Deaths before the first crew arrives" in text
    assert "illustrative" in text


def test_json_holds_everything_and_no_nan(told):
    data = json.loads(told["json"], parse_constant=lambda name: pytest.fail(name))
    assert data["casualties"] == 60
    assert data["request"]["scenario"].startswith("g2-fog-pileup@")
    assert data["provenance"]["seed"] == 1
    total = sum(cause["deaths"]["mean"] for cause in data["causes"])
    assert total == pytest.approx(data["preventable"]["mean"], abs=1e-6), "causes add up"
    ends = sum(value["mean"] for value in data["ended"].values())
    assert ends == pytest.approx(60), "everybody ends somewhere"


def test_the_page_stands_alone_and_draws_without_style_attributes(told):
    page = told["html"]
    assert page.count("<svg") == 4
    assert "style=" not in page.replace("<style>", "")
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_the_table_is_tidy(told):
    rows = list(csv.DictReader(io.StringIO(told["csv"])))
    assert {row["table"] for row in rows} == {"measure", "cause", "bottleneck", "lack", "wait", "incision", "hospital"}
    survivors = next(row for row in rows if row["item"] == "survivors")
    assert float(survivors["low"]) <= float(survivors["value"]) <= float(survivors["high"])


def test_the_same_seed_tells_the_same_and_threads_do_not_matter(told, capsys):
    assert run("--csv", "--threads", "2") == 0
    assert capsys.readouterr().out == told["csv"]


@pytest.mark.parametrize(
    ("words", "lines", "said"),
    [
        (["--set", "hospital.resus_team=3", "--set", "x"], 2, "Did you mean hospital.resus_teams?"),
        (["--basis", "proven"], 1, "needs what the ledger holds, and none was given"),
        (["--policy", "nearer"], 1, "Did you mean nearest?"),
        (["--replications", "0"], 1, "replications"),
        (["--threads", "0"], 1, "threads"),
        (["--triage", "stat"], 1, "Did you mean start?"),
    ],
)
def test_what_stops_it_is_one_line_a_fault(words, lines, said, capsys):
    assert run(*words) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err
    assert len(printed.err.strip().splitlines()) == lines
    assert "Traceback" not in printed.err


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path, capsys):
    target = tmp_path / "none" / "run.json"
    assert run("--json", "--out", str(target)) == 2
    assert "does not exist; make it, or write elsewhere" in capsys.readouterr().err
    target = tmp_path / "run.json"
    assert run("--json", "--out", str(target)) == 0
    assert json.loads(target.read_text(encoding="utf-8"))["casualties"] == 60
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


def test_a_disk_that_fills_up_is_said_and_leaves_no_half_file(tmp_path, capsys, monkeypatch):
    def full(*_args, **_named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    assert run("--csv", "--out", str(tmp_path / "run.csv")) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_change_of_the_night_shift_changes_the_answer(told, capsys):
    """A whole shift: bays and teams without nurses, surgeons and anaesthetists would be rooms without people."""
    more = [f"orchid/hospital.{kind}=20" for kind in ("resus_bays", "resus_teams", "nurses", "surgeons", "anaesthetists")]
    assert run("--csv", *(word for change in more for word in ("--set", change))) == 0
    rows = {
        row["item"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out)) if row["table"] == "measure"
    }
    before = {row["item"]: row for row in csv.DictReader(io.StringIO(told["csv"])) if row["table"] == "measure"}
    assert float(rows["survivors"]["value"]) > float(before["survivors"]["value"])


def test_progress_is_silent_where_nobody_watches():
    stream = io.StringIO()
    command.progress_line(stream)(3, 10)
    assert stream.getvalue() == ""


def test_progress_is_one_rewritten_line_on_a_terminal():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    stream = Terminal()
    command.progress_line(stream)(10, 10)
    assert stream.getvalue().startswith("\r10 of 10 events")


def test_no_measurable_difference_is_an_answer(told):
    from dataclasses import replace

    from beiji.science.summary import Summary

    assert "preventable_by_hospitals" in Summary.__dataclass_fields__
    small = measure([0.1, 0.2, 0.0, 0.1])
    assert render.whole(small) == "about 0"
    assert render.whole(replace(small, event_low=3.0, event_high=6.0)) == "3 to 6"
    assert render.expert(None) == "nobody in any event"


ROWS = [
    {
        "hospital": "ginkgo",
        "arrived": 30.0,
        "arrived_red": 10.0,
        "arrived_yellow": 10.0,
        "arrived_green": 9.0,
        "arrived_black": 1.0,
    },
    {
        "hospital": "a<b",
        "arrived": 5.0,
        "arrived_red": 1.0,
        "arrived_yellow": 1.0,
        "arrived_green": 3.0,
        "arrived_black": 0.0,
    },
    {"hospital": "empty", "arrived": 0.0},
]


@pytest.mark.parametrize("rtl", [False, True])
def test_figures_are_well_formed_titled_and_escape_names(rtl):
    drawn = [
        figures.hospital_load(ROWS, {"ginkgo": "גינקגו"}, rtl=rtl),
        figures.bars(
            [figures.Bar("one & two", 3.0, 2.0, 4.0), *[figures.Bar(str(n), 1.0) for n in range(12)]],
            "T",
            "min",
            more="and {count} more",
            rtl=rtl,
        ),
        figures.spread([(49.0, 1), (50.0, 3), (52.0, 2)], "T", "survivors", rtl=rtl),
        figures.spread([], "T", "survivors", rtl=rtl),
        figures.bars([], "T", "min", rtl=rtl),
    ]
    for svg in drawn:
        root = ET.fromstring(svg)
        assert root[0].tag.endswith("title")
        assert "style=" not in svg
        assert root.get("direction") == "ltr"
    assert "and 3 more" in drawn[1]
    assert "empty" not in drawn[0]


def test_the_mirrored_figure_begins_at_the_right():
    left, right = (ET.fromstring(figures.hospital_load(ROWS, rtl=rtl)) for rtl in (False, True))
    first = [next(e for e in root if e.tag.endswith("rect")) for root in (left, right)]
    assert float(first[0].get("x")) + float(first[1].get("x")) + float(first[1].get("width")) == pytest.approx(
        figures.WIDTH, abs=0.2
    )
