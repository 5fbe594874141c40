"""Looks: triage at scene and door, the look of first care, rounds; what a new tag changes. One event, one handler; the docstring is the model card's sentence."""
import numpy as np

from .calendar import at_seldom
from .codes import (
    BLACK,
    CLASS_ARRIVAL,
    F_DEFERRED,
    F_ENTRY,
    F_FIFO,
    F_SURGERY,
    GONE,
    GREEN,
    IN_STAGE,
    NEED_CHILD,
    NOTICE,
    P_LOOK,
    P_ROUND,
    P_TRIAGE,
    RED,
    T_COLOUR,
    UNSEEN,
    WAITING,
    YELLOW,
    U,
    inner,
    outlined,
)
from .draws import uniform
from .queues import join_seldom, release_places, unjoin_seldom
from .trace import log


@inner
def urgent_waits(m, s):
    """Does anybody red or yellow wait at this site for resuscitation or a life-saving operation? Where operations have an order, their third lane counts too."""
    for row in (m.par[0].colour_row[0], m.par[0].theatre_row, m.par[0].child_row):
        q = m.queue[U(s * m.par[0].stations + m.row[U(row)].station)]
        ordered = m.par[0].surgery_order != 0 and (m.row[U(row)].traits & F_SURGERY) != 0
        if q.head[0] >= 0 or q.head[1] >= 0 or (ordered and q.head[2] >= 0):
            return True
    return False


@inner
def seen_colour(m, i):
    """A look in the hospital: clinical truth, with the look's error. Red: a severe injury or signs that have become red or worse; black stays black where the city
    lets wait, unless nobody red or yellow waits for resuscitation or theatre; others are what their injury is, whatever the tag said."""
    c = m.body[U(i)]
    p = m.par[0]
    group = np.int64(m.template[U(c.template)].group)
    colour = group
    if group == BLACK:
        colour = np.int64(BLACK if p.expectant != 0 and c.truth == BLACK and urgent_waits(m, np.int64(c.site)) else RED)
    elif c.crossing > 0 and (c.truth == RED or c.truth == BLACK):
        colour = np.int64(RED)
    u = uniform(c.key, P_LOOK, c.looks)
    c.looks += 1
    if colour == RED:
        if u < p.look_undertriage:
            colour = np.int64(YELLOW)
    elif colour != BLACK and u < p.look_overtriage:
        colour = np.int64(RED)
    log(m, T_COLOUR, i, c.site, -1, colour)
    return colour


@inner
def lane_in(m, i, r):
    """The lane in which casualty i queues for a row: that of his colour; life-saving operations by what the injury is, as far as the register says so."""
    c = m.body[U(i)]
    p = m.par[0]
    traits = m.row[U(r)].traits
    if (traits & F_DEFERRED) != 0:
        return np.int64(BLACK)
    if (traits & F_FIFO) != 0 or c.colour == UNSEEN:
        return np.int64(RED)
    if (traits & F_SURGERY) == 0 or p.surgery_order == 0 or c.colour == BLACK:
        return np.int64(c.colour)
    needs = m.template[U(c.template)].needs
    if (needs & p.surgery_first) != 0:
        return np.int64(RED)
    if (needs & p.surgery_bleeding) != 0:
        return np.int64(RED if c.colour == RED else YELLOW)
    return np.int64(GREEN)


@inner
def own_row(m, i, r):
    """Of two rows that stand one behind the other, for adults and for children, the casualty's own; r is the first of them, or any other row."""
    return r + 1 if (m.row[U(r)].needs_none & m.body[U(i)].needs & NEED_CHILD) != 0 else r


@inner
def look(m, i):
    """The look is over: of another colour than the path's he leaves for that colour's path, whatever his tag was; who goes down gives up his place at once."""
    c = m.body[U(i)]
    path = np.int64(m.row[U(c.row)].path)
    colour = seen_colour(m, i)
    c.colour = colour
    begins = np.int64(m.par[0].colour_row[U(colour)])
    if path < 0 or (begins == m.par[0].colour_row[U(path)] and not (colour == BLACK and m.par[0].expectant != 0)):
        c.row += 1
        return
    if colour > path:
        release_places(m, i)
    c.row = begins


@inner
def observe(m, i, s):
    """Triage writes a colour: the truth with the site's observer error."""
    c = m.body[U(i)]
    occurrence = np.int64(0) if s < m.par[0].scenes else np.int64(1) + c.moved
    u = uniform(c.key, P_TRIAGE, occurrence)
    colour = np.int64(c.truth)
    if colour == RED:
        if u < m.site[U(s)].undertriage:
            colour = YELLOW
    elif (colour in (YELLOW, GREEN)) and u < m.site[U(s)].overtriage:
        colour = RED
    c.colour = colour
    log(m, T_COLOUR, i, s, -1, colour)


@inner
def worse(m, i):
    """Do his signs ask for a more urgent tag, or for none, than he wears?"""
    c = m.body[U(i)]
    return c.truth != c.colour and (c.truth == BLACK or c.truth < c.colour)


@inner
def relabel(m, i):
    """A visible worsening is seen at once where somebody is with him, else at the next round."""
    c = m.body[U(i)]
    if c.phase == GONE or c.colour == UNSEEN or not worse(m, i):
        return
    rounds = m.par[0].round_min
    if rounds > 0.0 and c.phase != IN_STAGE:
        at_seldom(m, m.control[0].now + rounds * uniform(c.key, P_ROUND, c.crossing), CLASS_ARRIVAL, NOTICE, i, np.int64(0))
    else:
        m.control[0].retag = i
        m.control[0].retag_to = c.truth


@outlined
def on_notice(m, i):
    """NOTICE: the round comes to a casualty who has become worse: the tag follows."""
    c = m.body[U(i)]
    if c.dead == 0 and c.phase != GONE and worse(m, i):
        m.control[0].retag = i
        m.control[0].retag_to = c.truth


@inner
def queue_of(m, i):
    """The station in whose queue casualty i stands: of his row, or for what is missing where fewer care for him."""
    c = m.body[U(i)]
    station = np.int64(m.row[U(c.row)].station)
    return np.int64(m.station[U(station)].up) if c.up != 0 else station


@outlined
def on_first(m, i):
    """FIRST: a decision: who waits stands first in his queue from now on, behind others who were put first, whatever his colour."""
    c = m.body[U(i)]
    s, station = np.int64(c.site), np.int64(m.row[U(c.row)].station)
    unjoin_seldom(m, i, s, station)
    c.senior = 0
    join_seldom(m, i, s, station, RED)


@inner
def tag(m, i, colour):
    """A new colour; who waits goes to his new lane, at a first bay to his new colour's path, as senior as before; so does who is cared for by fewer."""
    c = m.body[U(i)]
    p = m.par[0]
    c.colour = colour
    log(m, T_COLOUR, i, c.site, -1, c.colour)
    w = m.row[U(c.row)]
    s, station = np.int64(c.site), np.int64(w.station)
    if (w.traits & (F_FIFO | F_DEFERRED)) != 0 or (c.phase != WAITING and c.up == 0):
        return
    queue = queue_of(m, i)
    unjoin_seldom(m, i, s, queue)
    if c.up != 0:
        join_seldom(m, i, s, queue, colour)
        return
    c.rejoin = station
    if (w.traits & F_ENTRY) != 0 and s >= p.scenes:
        c.row = p.colour_row[U(c.colour)]
    else:
        c.direct = 1
    m.control[0].go = i
