"""The colours, recomputed: contrast of every pair that is used, and what colour-blind readers and grey paper keep apart."""

from __future__ import annotations

import itertools

import pytest

from beiji.ui.figures import token_values

THEMES = ("light", "dark")
GROUNDS = ("paper", "surface", "sunken")

#: Machado, Oliveira, Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
#: table 1, severity 1.0; applied to linear RGB.
MACHADO = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def linear(colour: str) -> tuple[float, float, float]:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def seen(colour: str, eye: str) -> tuple[float, float, float]:
    """Linear RGB as a colour-blind eye gets it; `grey` is a black-and-white printer."""
    rgb = linear(colour)
    if eye == "grey":
        return (luminance(colour),) * 3
    return tuple(min(1, max(0, sum(f * c for f, c in zip(row, rgb, strict=True)))) for row in MACHADO[eye])  # type: ignore[return-value]


def oklab(rgb: tuple[float, float, float]) -> tuple[float, float, float]:
    red, green, blue = rgb
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def difference(one: str, other: str, eye: str) -> float:
    """OKLab distance × 100 as the eye sees the two."""
    a, b = oklab(seen(one, eye)), oklab(seen(other, eye))
    return 100 * sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5


def test_arithmetic_agrees_with_published_values():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # WebAIM's well-known near miss


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize(
    "text", ["ink", "ink-2", "ink-3", "unknown", "accent", "visited", "good", "warn", "bad", "exercise"]
)
def test_text_reads_on_every_ground(theme, ground, text):
    values = token_values(theme)
    assert contrast(values[text], values[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", ["good", "warn", "bad", "unknown", "exercise", "accent"])
def test_chips_and_messages_read(theme, kind):
    values = token_values(theme)
    assert contrast(values[kind], values[f"{kind}-soft"]) >= 4.5
    assert contrast(values["ink"], values[f"{kind}-soft"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "fill",
    [
        "accent",
        "exercise",
        "l0",
        "l1",
        "l2",
        "l3",
        "triage-1",
        "triage-2",
        "triage-3",
        "triage-0",
        "triage-expectant",
        "alarm-high",
        "alarm-medium",
        "alarm-low",
    ],
)
def test_words_on_a_fill_read(theme, fill):
    values = token_values(theme)
    assert contrast(values[f"{fill}-on"], values[fill]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("mark", ["line-strong", "series-0", "series-1", "series-2", "series-3"])
def test_inputs_and_lines_of_figures_show(theme, ground, mark):
    values = token_values(theme)
    assert contrast(values[mark], values[ground]) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "fill", [*GROUNDS, "accent", "bad", "l0", "l1", "l2", "l3", "triage-1", "triage-2", "triage-0"]
)
def test_focus_shows_on_every_fill(theme, fill):
    values = token_values(theme)
    assert max(contrast(values["focus"], values[fill]), contrast(values["focus-gap"], values[fill])) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eye", [*MACHADO, "grey"])
def test_neighbouring_levels_stay_apart(theme, eye):
    values = token_values(theme)
    for one, other in itertools.pairwise(("l0", "l1", "l2", "l3")):
        assert difference(values[one], values[other], eye) >= 12, (one, other)


def test_triage_red_and_green_differ_for_deutans():
    values = token_values()
    assert difference(values["triage-1"], values["triage-3"], "deutan") >= 15
    assert difference("#c8102e", "#1b7a3d", "deutan") < 8  # two colours of equal lightness would not do


def test_both_themes_name_every_colour():
    assert set(token_values("light")) == set(token_values("dark"))
    assert len(token_values()) > 50
