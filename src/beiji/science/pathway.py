"""The pathway: kinds, stations and stages as rows of data. A new stage of a hospital is rows here and names in the register; no kernel change.

Place kinds rise along every path, so that nobody waits in a circle; `check` holds it.
"""
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from .draws import Law, Purpose, lognormal

PLACE, SERVICE, CONSUMABLE = 0, 1, 2
NURSES = "nurses"
PAEDIATRIC = "paediatric_teams"
UP = "+more"                      # a station's queue of those in care by fewer


class Values(Protocol):
    """Parameters by name: the register, or any mapping of names to numbers."""

    def __getitem__(self, name: str, /) -> float: ...


FLAGS = {name: 1 << k for k, name in enumerate(
    ["fifo", "triage", "branch", "load", "entry", "inpatient", "transfer", "skip", "else", "cure_at_start", "blood", "surgery", "move",
     "look", "retag", "deferred", "first_care", "if_free"])}
AIRWAY, CHEST, COMPRESSIBLE, NON_COMPRESSIBLE, HEAD, BURN, CRUSH, ORTHOPAEDIC, ICU_NEED, CONTAMINATED, SURGICAL, SEVERE, IN_BAY, IN_ICU, SCANNED, READ, CHILD = (1 << k for k in range(17))
ALL_NEEDS = (1 << 11) - 1        # what can be met; SEVERE (group red or black) and CHILD describe the casualty and stay; IN_ICU, SCANNED and READ say what was done
SURGERY_ORDER = AIRWAY | CHEST, NON_COMPRESSIBLE | COMPRESSIBLE   # order of life-saving operations: these injuries, then these, then the rest
PARTS = 20                       # a nurse's attention is shared in twentieths: one watches two in intensive care, four at urgent, ten at minor places


@dataclass(frozen=True)
class Kind:
    """A resource. `key` is the engine key that feeds it at hospitals; people follow the call-in waves; occupiable: taken at the alert.
    `parts`: one of it can be shared in so many parts, in which stations say what they need."""

    name: str
    kind_class: int
    key: str = ""
    people: bool = False
    occupiable: bool = False
    optional: bool = False
    parts: int = 1           # units of a station are in so many parts of one
    watch: int = 0           # nurses' parts that a unit holds that is occupied before the alert


@dataclass(frozen=True)
class Station:
    """One set of requirements with one queue per site; `blood` is the consumable that a stage may take without needing it.

    `team`: kinds of people of whom fewer may come, so that care begins by whoever is idle. `aside`: place kinds, best first, that will do while the
    station's own is full. A station without requirements lets time pass.
    """

    name: str
    requires: tuple[tuple[str, int], ...] = ()
    blood: str = ""
    team: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()

    @property
    def partial(self) -> bool:
        """May care begin with less than everything?"""
        return bool(self.team)


@dataclass(frozen=True)
class Stage:
    """A row of a path: a station, who takes it, how long, and what it does to the body. Minutes; factors of the exposure clock."""

    name: str
    station: str
    duration: Law
    purpose: int
    flags: tuple[str, ...] = ()
    needs_any: int = 0
    needs_none: int = 0
    take_purpose: int = 0
    take_from: float = 0.0
    take_to: float = 1.0
    protect: float = 1.0
    partial: float = 1.0
    partial_min: float = 0.0
    short: float = 1.0       # the factor without the optional blood
    cures: int = 0
    adds: int = 0
    aside_protect: tuple[float, ...] = ()
    needs_all: int = 0


@dataclass(frozen=True)
class Pathway:
    """Kinds, stations and the paths `scene`, `hospital`, `red`, `yellow`, `green`, `black`, `transfer`, each a tuple of stages."""

    kinds: tuple[Kind, ...]
    stations: tuple[Station, ...]
    paths: Mapping[str, tuple[Stage, ...]] = field(default_factory=dict)

    def kind(self, name: str) -> int:
        """Position of a kind."""
        return next(k for k, kind in enumerate(self.kinds) if kind.name == name)

    def station(self, name: str) -> int:
        """Position of a station."""
        return next(k for k, station in enumerate(self.stations) if station.name == name)

    def with_durations(self, laws: Mapping[str, Law]) -> "Pathway":
        """The same pathway with some stages' service times replaced, by stage name."""
        paths = {p: tuple(replace(s, duration=laws[s.name]) if s.name in laws else s for s in stages) for p, stages in self.paths.items()}
        return replace(self, paths=paths)


def with_up_stations(pathway: Pathway) -> Pathway:
    """A second queue for each station at which care may begin with less: there its casualties wait, as senior as they are, for what is still missing."""
    known = {s.name for s in pathway.stations}
    more = tuple(replace(s, name=s.name + UP) for s in pathway.stations if s.partial and s.name + UP not in known)
    return replace(pathway, stations=(*pathway.stations, *more))


def _hospital(name: str, kind_class: int, *, people: bool = False, occupiable: bool = False, optional: bool = False, parts: int = 1) -> Kind:
    return Kind(name, kind_class, f"hospital.{name}", people, occupiable, optional, parts)


KINDS = (
    Kind("triage_crews", SERVICE, people=True), Kind("first_aid_crews", SERVICE, people=True), Kind("ambulances", SERVICE), Kind("scene_decon_lanes", SERVICE),
    _hospital("door_triage_teams", SERVICE, people=True), _hospital("decon_lanes", SERVICE, optional=True),
    _hospital("resus_bays", PLACE, occupiable=True), _hospital("resus_teams", SERVICE, people=True),
    _hospital("urgent_places", PLACE, occupiable=True), _hospital("oxygen_places", PLACE, optional=True),
    _hospital("minor_places", PLACE, occupiable=True), _hospital("xray_rooms", SERVICE),
    _hospital("ct_scanners", SERVICE), _hospital("ct_reporters", SERVICE, people=True),
    _hospital("theatres", PLACE), _hospital("surgeons", SERVICE, people=True), _hospital("anaesthetists", SERVICE, people=True),
    _hospital("scrub_nurses", SERVICE, people=True), _hospital("blood_units", CONSUMABLE),
    _hospital("burn_beds", PLACE, optional=True), _hospital("paediatric_icu_beds", PLACE, optional=True),
    _hospital("icu_beds", PLACE), _hospital("ventilators", PLACE), _hospital("ward_beds", PLACE),
    _hospital("transfer_teams", SERVICE, people=True, optional=True),
    _hospital("physicians", SERVICE, people=True), _hospital(NURSES, SERVICE, people=True, parts=PARTS),
    _hospital(PAEDIATRIC, SERVICE, people=True, optional=True))


def share(p: Values, name: str) -> int:
    """Parts of a nurse that one casualty needs where one nurse watches so many."""
    return max(1, round(PARTS / p[f"nurse.{name}"]))


def standard_kinds(p: Values) -> tuple[Kind, ...]:
    """The kinds, with what patients of before the alert hold of the nurses."""
    watch = {"resus_bays": "urgent_per", "urgent_places": "urgent_per", "minor_places": "minor_per"}
    return tuple(replace(k, watch=share(p, watch[k.name])) if k.name in watch else k for k in KINDS)


def standard_stations(p: Values) -> tuple[Station, ...]:
    """Stations of scenes and hospitals; team sizes and the blood that must be in the room from the register. Surgeons, anaesthetists and nurses are one pool
    across bay, escort to CT, theatre and intensive care."""
    surgery = (("theatres", 1), ("surgeons", round(p["theatre.surgeons"])), ("anaesthetists", round(p["theatre.anaesthetists"])),
               ("scrub_nurses", round(p["theatre.scrub_nurses"])))
    blood = round(p["hospital.theatre_blood_units"])
    icu = (NURSES, share(p, "icu_per"))
    bay = (("resus_bays", 1), ("resus_teams", 1), ("surgeons", round(p["resus.surgeons"])), ("anaesthetists", round(p["resus.anaesthetists"])),
           (NURSES, PARTS * round(p["resus.nurses"])))
    urgent = (("urgent_places", 1), ("oxygen_places", 1))
    paediatric = (PAEDIATRIC, 1)
    return (
        Station("scene_decon", (("scene_decon_lanes", 1),)), Station("scene_triage", (("triage_crews", 1),)),
        Station("first_aid", (("first_aid_crews", 1),)), Station("load", (("ambulances", 1),)),
        Station("hospital_decon", (("decon_lanes", 1),)), Station("door_triage", (("door_triage_teams", 1),)),
        Station("resus", bay, blood="blood_units", team=("resus_teams", "surgeons", "anaesthetists", NURSES), aside=("urgent_places", "minor_places")),
        Station("urgent_look", (*urgent, ("physicians", 1), (NURSES, PARTS)), team=("physicians", NURSES), aside=("minor_places",)),
        Station("urgent", (*urgent, (NURSES, share(p, "urgent_per"))), team=(NURSES,), aside=("minor_places",)),
        Station("minor_look", (("minor_places", 1), ("physicians", 1))),
        Station("minor", (("minor_places", 1), (NURSES, share(p, "minor_per")))),
        Station("xray", (("xray_rooms", 1), (NURSES, share(p, "urgent_per")))),
        Station("ct", (("ct_scanners", 1), (NURSES, PARTS))),
        Station("ct_escorted", (("ct_scanners", 1), ("anaesthetists", 1), (NURSES, PARTS))),
        Station("ct_read", (("ct_reporters", 1),)), Station("ct_report"),
        Station("theatre_lifesaving", (*surgery, ("blood_units", blood)) if blood else surgery), Station("theatre_deferred", surgery),
        Station("icu_ventilated", (("icu_beds", 1), ("ventilators", 1), icu)), Station("icu", (("icu_beds", 1), icu)),
        Station("ward", (("ward_beds", 1),)), Station("comfort", (("minor_places", 1), (NURSES, share(p, "minor_per")))),
        Station("transfer_prepare", (("transfer_teams", 1),)),
        Station("resus_child", (*bay, paediatric), blood="blood_units", team=(*(name for name, _ in bay[1:]), PAEDIATRIC), aside=("urgent_places", "minor_places")),
        Station("urgent_look_child", (*urgent, ("physicians", 1), (NURSES, PARTS), paediatric), team=("physicians", NURSES, PAEDIATRIC), aside=("minor_places",)),
        Station("burn", (("burn_beds", 1), icu)), Station("icu_child", (("paediatric_icu_beds", 1), icu)))


def _law(p: Values, name: str) -> Law:
    return lognormal(p[f"{name}.mean_min"], p[f"{name}.cv"])


def scene_path(p: Values) -> tuple[Stage, ...]:
    """Decontamination, triage, first aid, loading."""
    return (
        Stage("scene_decon", "scene_decon", _law(p, "scene_decon"), Purpose.SCENE_DECON, ("fifo", "skip"), CONTAMINATED, cures=CONTAMINATED),
        Stage("scene_triage", "scene_triage", _law(p, "scene_triage"), Purpose.SCENE_TRIAGE, ("fifo", "triage")),
        Stage("first_aid", "first_aid", _law(p, "first_aid"), Purpose.FIRST_AID, ("skip",), AIRWAY | COMPRESSIBLE,
              partial=p["effect.first_aid_rate"], partial_min=p["effect.first_aid_wears_min"]),
        Stage("load", "load", _law(p, "load"), Purpose.LOAD, ("load",)))


def front_path(p: Values) -> tuple[Stage, ...]:
    """The hospital's door: decontamination, triage. Minutes of decontamination are the hospital's own key (pace)."""
    return (
        Stage("hospital_decon", "hospital_decon", lognormal(1.0, p["hospital_decon.cv"]), Purpose.HOSPITAL_DECON, ("fifo", "skip"),
              CONTAMINATED, cures=CONTAMINATED),
        Stage("door_triage", "door_triage", _law(p, "door_triage"), Purpose.DOOR_TRIAGE, ("fifo", "triage", "branch")))


def _rest(p: Values, name: str) -> Law:
    """What is left of a first care after its look: together they take the register's minutes."""
    return lognormal(max(1.0, p[f"{name}.mean_min"] - p[f"{name}_look.mean_min"]), p[f"{name}.cv"])


def _first_care(p: Values, name: str) -> tuple[Stage, ...]:
    """First care of a colour: a look, after which the tag is set right, and the rest. Beside the own place the place's own factor holds. To a severely
    injured child a paediatric team comes too; where there is none he is cared for by who is there, a team that is not whole."""
    beside = {"resus": (p["effect.urgent_rate"], 1.0), "urgent": (1.0,), "minor": ()}[name]
    factor = {"resus": p["effect.resus_rate"], "urgent": p["effect.urgent_rate"], "minor": 1.0}[name]
    seen = Stage(f"{name}_look", {"resus": "resus"}.get(name, f"{name}_look"), _law(p, f"{name}_look"), Purpose[f"{name}_look".upper()],
                 ("entry", "look", "transfer"), protect=factor, aside_protect=beside)
    met = {"resus": AIRWAY | CHEST | COMPRESSIBLE, "urgent": CHEST | COMPRESSIBLE, "minor": COMPRESSIBLE}[name]
    rest = Stage(name, name, _rest(p, name), Purpose[name.upper()], ("first_care", "transfer"), protect=factor, cures=met, aside_protect=beside)
    if name == "resus":
        rest = replace(rest, flags=(*rest.flags, "blood"), short=p["effect.blood_short_rate"], partial=p["effect.resus_after_rate"],
                       partial_min=p["effect.resus_wears_min"])
    elif name == "urgent":
        rest = replace(rest, partial=p["effect.urgent_rate"], partial_min=p["effect.urgent_wears_min"])
    else:
        seen, rest = (replace(s, flags=(*s.flags, "skip")) for s in (seen, rest))
    if name == "minor":
        return seen, rest
    children = {"resus": (seen, rest), "urgent": (seen,)}[name]
    made: list[Stage] = []
    for stage in (seen, rest):
        made.append(replace(stage, needs_none=CHILD) if stage in children else stage)
        if stage in children:
            made.append(replace(stage, name=f"{stage.name}_child", station=f"{stage.station}_child", needs_all=CHILD))
    return tuple(made)


def _imaging(p: Values, xray: float, ct: float, scanner: str = "ct") -> tuple[Stage, ...]:
    """X-ray, CT, reading and report; what was not scanned is not read, what was not read has no report. The reader is busy while he reads; until the report can be acted on the hospital's
    own key counts (pace)."""
    scan = {"take_purpose": Purpose.TAKE_CT, "take_to": ct}
    return (
        Stage("xray", "xray", _law(p, "xray"), Purpose.XRAY, ("skip",), take_purpose=Purpose.TAKE_XRAY, take_to=xray),
        Stage("ct", scanner, _law(p, "ct"), Purpose.CT, ("skip", "retag"), adds=SCANNED, **scan),  # type: ignore[arg-type]
        Stage("ct_read", "ct_read", _law(p, "ct_read"), Purpose.CT_READ, ("skip",), SCANNED, cures=SCANNED, adds=READ),
        Stage("ct_report", "ct_report", lognormal(1.0, p["ct_report.cv"]), Purpose.CT_REPORT, ("skip",), READ, cures=READ))


def _in_house(p: Values, theatre: float, icu: float, ventilated: float, ward: float, icu_needs: int = 0) -> tuple[Stage, ...]:
    """Theatre, intensive care, ward. Each meets only the needs that it treats; who needs a bed that there is not waits for it or is moved. Intensive care
    is for everybody with an open need that it treats, and for a share of the severe and the operated. A burned casualty and a child go to a burn or
    children's bed where one is free, here or at another hospital, else to intensive care."""
    lifelong = ALL_NEEDS & ~CONTAMINATED
    open_needs = AIRWAY | CHEST | NON_COMPRESSIBLE | HEAD | BURN
    in_icu = ("cure_at_start", "inpatient", "transfer", "retag")
    where_free = (*in_icu, "skip", "if_free")
    bed = {"protect": p["effect.icu_rate"], "cures": lifelong & ~SURGICAL, "adds": IN_ICU, "needs_none": IN_ICU}

    def icu_row(name: str, station: str, purpose: Purpose, low: float, high: float, needs: int) -> Stage:
        return Stage(name, station, _law(p, "icu"), purpose, in_icu, needs, take_purpose=Purpose.TAKE_ICU, take_from=low, take_to=high, **bed)  # type: ignore[arg-type]

    return (
        Stage("theatre_lifesaving", "theatre_lifesaving", _law(p, "theatre_lifesaving"), Purpose.THEATRE_LIFESAVING,
              ("inpatient", "transfer", "surgery", "retag"), SURGICAL, protect=p["effect.theatre_rate"],
              cures=SURGICAL | COMPRESSIBLE | NON_COMPRESSIBLE | CHEST | AIRWAY | HEAD, adds=ICU_NEED),
        Stage("theatre_deferred", "theatre_deferred", _law(p, "theatre_deferred"), Purpose.THEATRE_DEFERRED, ("inpatient", "transfer", "skip", "deferred"),
              ORTHOPAEDIC, take_purpose=Purpose.TAKE_THEATRE_DEFERRED, take_to=theatre, protect=p["effect.theatre_rate"], cures=ORTHOPAEDIC | CRUSH),
        Stage("burn", "burn", _law(p, "icu"), Purpose.BURN, where_free, needs_all=BURN, **bed),  # type: ignore[arg-type]
        Stage("icu_open_child", "icu_child", _law(p, "icu"), Purpose.ICU, where_free, open_needs, needs_all=CHILD, **bed),  # type: ignore[arg-type]
        Stage("icu_child", "icu_child", _law(p, "icu"), Purpose.ICU, where_free, icu_needs, needs_all=CHILD, take_purpose=Purpose.TAKE_ICU, take_to=icu, **bed),  # type: ignore[arg-type]
        icu_row("icu_open_ventilated", "icu_ventilated", Purpose.ICU_OPEN_VENTILATED, 0.0, ventilated, open_needs),
        icu_row("icu_open", "icu", Purpose.ICU_OPEN, ventilated, 1.0, open_needs),
        icu_row("icu_ventilated", "icu_ventilated", Purpose.ICU_VENTILATED, 0.0, icu * ventilated, icu_needs),
        icu_row("icu", "icu", Purpose.ICU, icu * ventilated, icu, icu_needs),
        Stage("ward", "ward", _law(p, "ward"), Purpose.WARD, ("cure_at_start", "inpatient", "transfer"), take_purpose=Purpose.TAKE_WARD, take_to=ward,
              cures=ICU_NEED | CRUSH | ORTHOPAEDIC))


_KEPT: dict[tuple[str, bool], Pathway] = {}
MOST_KEPT = 32


def standard_pathway(p: Values, *, expectant: bool = False) -> Pathway:
    """The complete pathway with times, shares and effects of a parameter register. `expectant`: who is black but alive has a path of his own. Kept by the
    register's digest: preparing one run asks for it once a hospital."""
    key = (str(getattr(p, "digest", "")), expectant)
    if not key[0]:
        return _made(p, expectant)
    if key not in _KEPT:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = _made(p, expectant)
    return _KEPT.get(key) or _made(p, expectant)


def _made(p: Values, expectant: bool) -> Pathway:
    red = (*_first_care(p, "resus"), *_imaging(p, p["take.red.xray"], p["take.red.ct"], "ct_escorted"),
           *_in_house(p, p["take.yellow.theatre"], p["take.red.icu"], p["take.red.ventilated"], p["take.red.ward"], SEVERE | ICU_NEED))
    yellow = (*_first_care(p, "urgent"), *_imaging(p, p["take.yellow.xray"], p["take.yellow.ct"]),
              *_in_house(p, p["take.yellow.theatre"], p["take.yellow.icu"], p["take.red.ventilated"], p["take.yellow.ward"]))
    green = (*_first_care(p, "minor"), *_imaging(p, p["take.green.xray"], 0.0)[:1],
             *_in_house(p, 0.0, 0.0, 0.0, p["take.green.ward"])[-1:])
    black = red
    if expectant:
        black = (Stage("comfort", "comfort", _law(p, "comfort"), Purpose.COMFORT, ("look",)),)
    move = (Stage("transfer_prepare", "transfer_prepare", _law(p, "transfer_prepare"), Purpose.TRANSFER_PREPARE, ("move",)),)
    return Pathway(standard_kinds(p), standard_stations(p), {
        "scene": scene_path(p), "hospital": front_path(p), "red": red, "yellow": yellow, "green": green, "black": black, "transfer": move})
