"""The rows of the standard pathway as a page of the model card: python -m beiji.science.stage_table writes docs/model-card/stages.md."""
from pathlib import Path

from .draws import Law
from .parameters import register
from .pathway import Pathway, Stage, standard_pathway

NEEDS = ("airway", "chest", "compressible bleeding", "non-compressible bleeding", "head", "burn", "crush", "orthopaedic", "intensive care", "contaminated",
         "surgical", "severe", "in a resuscitation bay", "in intensive care", "scanned", "read", "child")
CURABLE = (1 << 11) - 1 & ~(1 << 9)
PAGE = Path(__file__).resolve().parents[3] / "docs" / "model-card" / "stages.md"
HEAD = """# Stages as rows

Written by `python -m beiji.science.stage_table`; do not edit. The standard pathway with the register's values: what `structure.md` §6 calls rows. Minutes are means; *pace* means that a key of the hospital or city gives the minutes. Factors multiply the speed of the
exposure clock: while the stage runs, and afterwards for some minutes. A path ends where its table ends.
"""


def needs(mask: int) -> str:
    """Names of a mask's needs."""
    if mask & CURABLE == CURABLE:
        return "all but contamination"
    if mask and (CURABLE & ~mask).bit_count() <= 3 and mask.bit_count() > 6:
        return "all but " + ", ".join(n for k, n in enumerate(NEEDS) if CURABLE & ~mask >> k & 1)
    return ", ".join(n for k, n in enumerate(NEEDS) if mask >> k & 1)


def minutes(law: Law, stage: str) -> str:
    """Mean and kind of a service time."""
    if stage in ("ct_report", "hospital_decon"):
        return "pace"
    return f"{law.mean():g} ({law.name})"


def taken_by(stage: Stage) -> str:
    """Who takes a row, in words."""
    parts = []
    if "else" in stage.flags:
        parts.append("where the row before is impossible")
    if stage.needs_any:
        parts.append("needs " + needs(stage.needs_any))
    if stage.needs_all:
        parts.append("all of " + needs(stage.needs_all))
    if stage.needs_none:
        parts.append("not " + needs(stage.needs_none))
    if stage.take_from > 0 or stage.take_to < 1:
        parts.append(f"{100 * (stage.take_to - stage.take_from):.0f} %")
    return "; ".join(parts) or "all"


def effects(stage: Stage) -> str:
    """What a row does to the body, in words."""
    parts = []
    if stage.protect != 1:
        parts.append(f"× {stage.protect:g} while it runs")
    if stage.aside_protect:
        parts.append("beside " + ", ".join(f"× {x:g}" for x in stage.aside_protect))
    if stage.partial_min:
        parts.append(f"× {stage.partial:g} for {stage.partial_min:g} min after")
    if stage.short != 1:
        parts.append(f"× {stage.short:g} without blood")
    if stage.cures:
        parts.append(("at start meets " if "cure_at_start" in stage.flags else "meets ") + needs(stage.cures))
    if stage.adds:
        parts.append("opens " + needs(stage.adds))
    return "; ".join(parts)


def page(pathway: Pathway) -> str:
    """The page: a table of kinds, one of stations, one for each path."""
    lines = [HEAD, "## Kinds, in the order of their codes", "", "| kind | class | engine key | people | shared in parts |", "|---|---|---|---|---|"]
    words = ("place", "service", "consumable")
    lines += [f"| {k.name} | {words[k.kind_class]} | {k.key or 'scene'} | {'yes' if k.people else ''} | {k.parts if k.parts > 1 else ''} |" for k in pathway.kinds]
    parts = {k.name: k.parts for k in pathway.kinds}
    lines += ["", "## Stations", "", "A team is of people of whom fewer may come; *beside* are places that will do while the own one is full. Who waits in care by fewer, or beside, stands in a",
              "second queue of the station, in the table of stations after all others, in the order of their stations.", "",
              "| station | needs at once | team | beside | blood if there |", "|---|---|---|---|---|"]
    for s in pathway.stations:
        own = ", ".join(f"{n / parts[kind]:g} {kind}" for kind, n in s.requires if kind not in s.team)
        team = ", ".join(f"{n / parts[kind]:g} {kind}" for kind, n in s.requires if kind in s.team)
        lines.append(f"| {s.name} | {own} | {team} | {', '.join(s.aside)} | {s.blood} |")
    for path, stages in pathway.paths.items():
        lines += ["", f"## Path: {path}", "", "| stage | station | taken by | minutes | body | flags |", "|---|---|---|---|---|---|"]
        lines += [f"| {s.name} | {s.station} | {taken_by(s)} | {minutes(s.duration, s.name)} | {effects(s)} | {' '.join(f for f in s.flags if f != 'else')} |" for s in stages]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(standard_pathway(register())), encoding="utf-8")


if __name__ == "__main__":
    main()
