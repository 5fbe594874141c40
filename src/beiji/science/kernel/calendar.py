"""The event list: buckets of unordered lists, today's bucket a 4-ary heap ordered by (time, class, sequence)."""
import numpy as np

from .codes import FAULT_EVENTS, U, inner, outlined, plain

CLASS_SHIFT = np.int64(48)


@inner
def before(event, a, b):
    """Does event a come before event b?"""
    return event[U(a)].at < event[U(b)].at or (event[U(a)].at == event[U(b)].at and event[U(a)].key < event[U(b)].key)


@inner
def push_today(event, heap, control, e):
    """Sift event e up from the heap's end."""
    c = control[0]
    k = np.int64(c.heap)
    c.heap += 1
    while k > 0:
        up = (k - 1) >> 2
        if not before(event, e, heap[U(up)]):
            break
        heap[U(k)] = heap[U(up)]
        k = up
    heap[U(k)] = e


@inner
def pop_today(event, heap, control):
    """Take the first event of the heap away; the caller knows that there is one."""
    c = control[0]
    c.heap -= 1
    n = np.int64(c.heap)
    last = np.int64(heap[U(n)])
    k = np.int64(0)
    while True:
        child = 4 * k + 1
        if child >= n:
            break
        best = child
        for j in range(child + 1, min(child + 4, n)):
            if before(event, heap[U(j)], heap[U(best)]):
                best = j
        if not before(event, heap[U(best)], last):
            break
        heap[U(k)] = heap[U(best)]
        k = best
    heap[U(k)] = last


@inner
def schedule(par, event, heap, calendar, control, when, klass, kind, who, aux):
    """Schedule an event; returns its key, or -1 when it lies beyond the horizon and is not kept."""
    c = control[0]
    if not when <= par[0].horizon:
        return np.int64(-1)
    e = np.int64(c.free)
    if e >= 0:
        c.free = event[U(e)].next
    else:
        e = np.int64(c.events)
        if e >= len(event):
            c.fault = FAULT_EVENTS
            return np.int64(-1)
        c.events += 1
    key = (klass << CLASS_SHIFT) | c.sequence
    c.sequence += 1
    v = event[U(e)]
    v.at = when
    v.key = key
    v.kind = kind
    v.who = who
    v.aux = aux
    day = np.int64(when * par[0].buckets_per_min)
    if day <= c.day:
        push_today(event, heap, control, e)
    else:
        v.next = calendar[U(day)]
        calendar[U(day)] = e
    return key


schedule_by_call = outlined(plain(schedule))


@inner
def at(m, when, klass, kind, who, aux):
    """Schedule an event: minute, class, kind, whom it concerns."""
    return schedule(m.par, m.event, m.heap, m.calendar, m.control, when, klass, kind, who, aux)


@inner
def at_seldom(m, when, klass, kind, who, aux):
    """The same where it happens seldom: by a real call, so that the machine code stays small."""
    return schedule_by_call(m.par, m.event, m.heap, m.calendar, m.control, when, klass, kind, who, aux)


@inner
def next_event(m):
    """Position of the next event, or -1: turns the calendar to its day, but leaves the event in the heap."""
    c = m.control[0]
    while c.heap == 0:
        if c.day + 1 >= len(m.calendar):
            return np.int64(-1)
        c.day += 1
        e = np.int64(m.calendar[U(c.day)])
        m.calendar[U(c.day)] = -1
        while e >= 0:
            following = np.int64(m.event[U(e)].next)
            push_today(m.event, m.heap, m.control, e)
            e = following
    return np.int64(m.heap[0])


@inner
def recycle(m, e):
    """Give an event's row back."""
    m.event[U(e)].next = m.control[0].free
    m.control[0].free = e
