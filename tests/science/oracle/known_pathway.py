"""The pathway that the twin knows: stages of before stepping aside, looks, people by profession and open needs.

twin: pending. Until the twin is extended from structure.md, kernel and twin are compared on these rows and with the register's switches of the mechanisms that
only the kernel knows set to the earlier rule (`EARLIER`). Whoever extends the twin takes rows and switches away here, one by one, until this file is gone.
"""
import dataclasses

from beiji.science.capacity import scalar
from beiji.science.draws import Law, Purpose, fixed, lognormal
from beiji.science.parameters import register
from beiji.science.pathway import (
    AIRWAY,
    ALL_NEEDS,
    CHEST,
    COMPRESSIBLE,
    CONSUMABLE,
    CONTAMINATED,
    CRUSH,
    ICU_NEED,
    IN_BAY,
    NON_COMPRESSIBLE,
    ORTHOPAEDIC,
    PLACE,
    SERVICE,
    SEVERE,
    SURGICAL,
    Kind,
    Pathway,
    Stage,
    Station,
    Values,
)

EARLIER = {"rule.open_needs": 0.0, "rule.seniority": 0.0, "transfer.reserve": 0.0, "transfer.most_moves": 1.0, "retriage.round_min": 0.0, "hospital.ordinary_share": 0.0}


def known(town, incident):
    """The incident on the rows and rules that both programs know. Minutes that keys give become the rows' own, as an own pathway has no pace."""
    if incident.pathway is not None:
        return dataclasses.replace(incident, parameters={**EARLIER, **incident.parameters})
    p = register().with_values(incident.parameters)
    load = lognormal(scalar(town.values(incident.night), "city.load_min", p["city.load_min"]), p["load.cv"])
    report, decon = lognormal(p["hospital.ct_report_min"], p["ct_report.cv"]), lognormal(p["hospital.decon_min"], p["hospital_decon.cv"])
    pathway = standard_pathway(p).with_durations({"load": load, "ct_report": report, "hospital_decon": decon})
    return dataclasses.replace(incident, pathway=pathway, parameters={**EARLIER, **incident.parameters})


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
    return (own, *(dataclasses.replace(bays[b], flags=(*bays[b].flags, "else")) for b in order[1:]))


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
