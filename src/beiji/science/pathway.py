"""The pathway: kinds, stations and stages as rows of data. A new stage of a hospital is rows here and names in the register; no kernel change.

Place kinds rise along every path, so that nobody waits in a circle; `check` holds it.
"""
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from .draws import Law, Purpose, fixed, lognormal

PLACE, SERVICE, CONSUMABLE = 0, 1, 2


class Values(Protocol):
    """Parameters by name: the register, or any mapping of names to numbers."""

    def __getitem__(self, name: str, /) -> float: ...


FLAGS = {name: 1 << k for k, name in enumerate(
    ["fifo", "triage", "branch", "load", "entry", "inpatient", "transfer", "skip", "else", "cure_at_start", "blood", "surgery", "move"])}
AIRWAY, CHEST, COMPRESSIBLE, NON_COMPRESSIBLE, HEAD, BURN, CRUSH, ORTHOPAEDIC, ICU_NEED, CONTAMINATED, SURGICAL, SEVERE, IN_BAY = (1 << k for k in range(13))
ALL_NEEDS = (1 << 11) - 1        # what can be cured; SEVERE (group red or black) describes the injury and stays; IN_BAY is opened by the resuscitation stage


@dataclass(frozen=True)
class Kind:
    """A resource. `key` is the engine key that feeds it at hospitals; people follow the call-in waves; occupiable: taken at the alert."""

    name: str
    kind_class: int
    key: str = ""
    people: bool = False
    occupiable: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Station:
    """One set of requirements with one queue per site; `blood` is the consumable that a stage may take without needing it."""

    name: str
    requires: tuple[tuple[str, int], ...]
    blood: str = ""


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


def _hospital(name: str, kind_class: int, *, people: bool = False, occupiable: bool = False, optional: bool = False) -> Kind:
    return Kind(name, kind_class, f"hospital.{name}", people, occupiable, optional)


KINDS = (
    Kind("triage_crews", SERVICE), Kind("first_aid_crews", SERVICE), Kind("ambulances", SERVICE), Kind("scene_decon_lanes", SERVICE),
    _hospital("door_triage_teams", SERVICE, people=True), _hospital("decon_lanes", SERVICE, optional=True),
    _hospital("resus_bays", PLACE, occupiable=True), _hospital("resus_teams", SERVICE, people=True),
    _hospital("urgent_places", PLACE, occupiable=True), _hospital("oxygen_places", PLACE, optional=True),
    _hospital("minor_places", PLACE, occupiable=True), _hospital("xray_rooms", SERVICE),
    _hospital("ct_scanners", SERVICE), _hospital("ct_reporters", SERVICE, people=True),
    _hospital("theatres", PLACE), _hospital("surgeons", SERVICE, people=True), _hospital("anaesthetists", SERVICE, people=True),
    _hospital("scrub_nurses", SERVICE, people=True), _hospital("blood_units", CONSUMABLE),
    _hospital("icu_beds", PLACE), _hospital("ventilators", PLACE), _hospital("ward_beds", PLACE),
    _hospital("transfer_teams", SERVICE, people=True, optional=True))


def standard_stations(p: Values) -> tuple[Station, ...]:
    """Stations of scenes and hospitals; team sizes and the blood that must be in the room from the register."""
    team = (("theatres", 1), ("surgeons", round(p["theatre.surgeons"])), ("anaesthetists", round(p["theatre.anaesthetists"])),
            ("scrub_nurses", round(p["theatre.scrub_nurses"])))
    blood = round(p["hospital.theatre_blood_units"])
    return (
        Station("scene_decon", (("scene_decon_lanes", 1),)), Station("scene_triage", (("triage_crews", 1),)),
        Station("first_aid", (("first_aid_crews", 1),)), Station("load", (("ambulances", 1),)),
        Station("hospital_decon", (("decon_lanes", 1),)), Station("door_triage", (("door_triage_teams", 1),)),
        Station("resus", (("resus_bays", 1), ("resus_teams", 1)), blood="blood_units"),
        Station("urgent", (("urgent_places", 1), ("oxygen_places", 1))), Station("minor", (("minor_places", 1),)),
        Station("xray", (("xray_rooms", 1),)), Station("ct", (("ct_scanners", 1),)), Station("ct_report", (("ct_reporters", 1),)),
        Station("theatre_lifesaving", (*team, ("blood_units", blood)) if blood else team), Station("theatre_deferred", team),
        Station("icu_ventilated", (("icu_beds", 1), ("ventilators", 1))), Station("icu", (("icu_beds", 1),)),
        Station("ward", (("ward_beds", 1),)), Station("transfer_prepare", (("transfer_teams", 1),)))


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


def _bays(p: Values, order: tuple[str, ...]) -> tuple[Stage, ...]:
    """First bays: the colour's own, or the next kind where the hospital has none."""
    bays = {
        "resus": Stage("resus", "resus", _law(p, "resus"), Purpose.RESUS, ("entry", "skip", "blood"), protect=p["effect.resus_rate"],
                       partial=p["effect.resus_after_rate"], partial_min=p["effect.resus_wears_min"], short=p["effect.blood_short_rate"],
                       cures=AIRWAY | CHEST | COMPRESSIBLE, adds=IN_BAY),
        "urgent": Stage("urgent", "urgent", _law(p, "urgent"), Purpose.URGENT, ("entry", "skip"), protect=p["effect.urgent_rate"],
                        partial=p["effect.urgent_rate"], partial_min=p["effect.urgent_wears_min"], cures=CHEST | COMPRESSIBLE),
        "minor": Stage("minor", "minor", _law(p, "minor"), Purpose.MINOR, ("entry", "skip"), cures=COMPRESSIBLE)}
    own = bays[order[0]]
    return (own, *(replace(bays[b], flags=(*bays[b].flags, "else")) for b in order[1:]))


def _imaging(p: Values, xray: float, ct: float) -> tuple[Stage, ...]:
    """X-ray, CT and its report; a report shares the CT's take draw. Minutes to a report are the hospital's own key (pace)."""
    return (
        Stage("xray", "xray", _law(p, "xray"), Purpose.XRAY, ("skip",), take_purpose=Purpose.TAKE_XRAY, take_to=xray),
        Stage("ct", "ct", _law(p, "ct"), Purpose.CT, ("skip",), take_purpose=Purpose.TAKE_CT, take_to=ct),
        Stage("ct_report", "ct_report", lognormal(1.0, p["ct_report.cv"]), Purpose.CT_REPORT, ("skip",), take_purpose=Purpose.TAKE_CT, take_to=ct))


def _in_house(p: Values, theatre: float, icu: float, ventilated: float, ward: float, icu_needs: int = 0) -> tuple[Stage, ...]:
    """Theatre, intensive care (on red's path for severe injuries and the operated only, whatever the tag), ward."""
    lifelong = ALL_NEEDS & ~CONTAMINATED
    in_icu = ("cure_at_start", "inpatient", "transfer", "skip")
    return (
        Stage("theatre_lifesaving", "theatre_lifesaving", _law(p, "theatre_lifesaving"), Purpose.THEATRE_LIFESAVING,
              ("inpatient", "transfer", "skip", "surgery"), SURGICAL, protect=p["effect.theatre_rate"], cures=lifelong & ~ICU_NEED, adds=ICU_NEED),
        Stage("theatre_deferred", "theatre_deferred", _law(p, "theatre_deferred"), Purpose.THEATRE_DEFERRED, ("inpatient", "skip"),
              ORTHOPAEDIC, take_purpose=Purpose.TAKE_THEATRE_DEFERRED, take_to=theatre, protect=p["effect.theatre_rate"], cures=ORTHOPAEDIC | CRUSH),
        Stage("icu_ventilated", "icu_ventilated", _law(p, "icu"), Purpose.ICU_VENTILATED, in_icu, icu_needs, take_purpose=Purpose.TAKE_ICU,
              take_to=icu * ventilated, protect=p["effect.icu_rate"], cures=lifelong & ~(NON_COMPRESSIBLE | SURGICAL)),
        Stage("icu", "icu", _law(p, "icu"), Purpose.ICU, in_icu, icu_needs, take_purpose=Purpose.TAKE_ICU,
              take_from=icu * ventilated, take_to=icu,
              protect=p["effect.icu_rate"], cures=lifelong & ~(NON_COMPRESSIBLE | SURGICAL)),
        Stage("ward", "ward", _law(p, "ward"), Purpose.WARD, ("cure_at_start", "inpatient", "skip"), take_purpose=Purpose.TAKE_WARD, take_to=ward,
              cures=lifelong))


def standard_pathway(p: Values) -> Pathway:
    """The complete pathway with times, shares and effects of a parameter register."""
    step_down = Stage("step_down", "urgent", fixed(0.0), Purpose.STEP_DOWN, ("skip",), IN_BAY, SEVERE, cures=IN_BAY)
    red = (*_bays(p, ("resus", "urgent", "minor")), step_down, *_imaging(p, p["take.red.xray"], p["take.red.ct"]),
           *_in_house(p, p["take.yellow.theatre"], p["take.red.icu"], p["take.red.ventilated"], p["take.red.ward"], SEVERE | ICU_NEED))
    yellow = (*_bays(p, ("urgent", "minor")), *_imaging(p, p["take.yellow.xray"], p["take.yellow.ct"]),
              *_in_house(p, p["take.yellow.theatre"], p["take.yellow.icu"], p["take.red.ventilated"], p["take.yellow.ward"]))
    green = (*_bays(p, ("minor", "urgent")), *_imaging(p, p["take.green.xray"], 0.0)[:1],
             *_in_house(p, 0.0, 0.0, 0.0, p["take.green.ward"])[-1:])
    move = (Stage("transfer_prepare", "transfer_prepare", _law(p, "transfer_prepare"), Purpose.TRANSFER_PREPARE, ("move",)),)
    return Pathway(KINDS, standard_stations(p), {
        "scene": scene_path(p), "hospital": front_path(p), "red": red, "yellow": yellow, "green": green, "black": red, "transfer": move})
