"""An assessor's tablet: saves by itself, survives a lost network and a reload, and hides what must stay hidden."""

from __future__ import annotations

import io
import json
import re

import pytest
from playwright.sync_api import expect

LIST = "/yangzhou/assessments/"
SAVED, OFFLINE = "[data-sync][data-state=online]", "[data-sync][data-state=offline]"
OPERATIONS = re.compile(r"/operations/$")


@pytest.fixture
def question(site, open_as):
    """`question(page, "TRI-7")` opens an item of the visit that is under way."""

    def go(page, item: str, **words: str):
        page.goto(site.address + LIST)
        page.click("#running tbody a")
        page.wait_for_url("**/assessments/*/")
        query = "&".join(f"{name}={value}" for name, value in words.items())
        page.goto(f"{page.url}items/{item}/?{query}")
        return page

    return go


def kept_by_server(page) -> list:
    """One's own answers on this question, as the server has them."""
    found = re.search(r'data-history="([^"]*)"', page.request.get(page.url).text())
    return [one["level"] for one in json.loads(found.group(1).replace("&quot;", '"'))]


def chosen(page) -> str | None:
    return page.evaluate("document.querySelector('[name=level]:checked')?.value ?? null")


def test_keys_choose_a_level_it_is_saved_and_undo_gives_the_earlier_one_back(question, open_as):
    page = question(open_as("lead", size="tablet"), "TRI-7", part="ginkgo-east")
    page.keyboard.press("1")
    assert chosen(page) is None, "a key acts only while the levels have the focus"
    page.focus("[name=level][value='0']")
    page.keyboard.press("1")
    page.keyboard.press("2")
    page.wait_for_selector(SAVED)
    assert kept_by_server(page)[-2:] == [1, 2]
    page.click("[data-undo]")
    assert chosen(page) == "1"
    page.wait_for_selector(SAVED)
    page.reload()
    assert chosen(page) == "1"
    assert kept_by_server(page)[-1] == 1


def test_nothing_is_lost_when_the_network_fails_and_the_page_is_loaded_again(question, open_as):
    page = question(open_as("assessor", size="tablet"), "SUR-3")
    page.route(OPERATIONS, lambda route: route.abort())
    page.check("[name=level][value='1']", force=True)
    page.wait_for_selector(OFFLINE)
    page.reload()
    assert chosen(page) == "1", "the answer that waits on this device is shown again"
    assert kept_by_server(page) == []
    page.unroute(OPERATIONS)
    page.reload()
    page.wait_for_selector(SAVED)
    assert kept_by_server(page) == [1]


def test_an_answer_sent_twice_counts_once(question, open_as):
    page = question(open_as("assessor"), "SUR-4")
    page.route(OPERATIONS, lambda route: (route.fetch(), route.abort()))
    page.check("[name=level][value='2']", force=True)
    page.wait_for_selector(OFFLINE)
    page.unroute(OPERATIONS)
    page.reload()
    page.wait_for_selector(SAVED)
    assert kept_by_server(page) == [2]


def test_the_others_answer_is_not_in_the_page_until_ones_own_is_in(question, open_as):
    lead = question(open_as("lead"), "SUR-5")
    lead.check("[name=level][value='0']", force=True)
    lead.wait_for_selector(SAVED)
    page = question(open_as("assessor"), "SUR-5")
    assert "Dana Peretz has answered; the answer is shown once yours is in." in page.content()
    assert "Dana Peretz: " not in page.content()
    page.check("[name=level][value='2']", force=True)
    page.wait_for_selector(SAVED)
    page.reload()
    assert "Dana Peretz: 0 Not in place" in page.content()


def test_a_half_written_remark_survives_the_switch_of_language(question, open_as):
    page = question(open_as("lead", language="he", size="tablet"), "SUR-6", second="zh-hans")
    page.click("[data-note] >> xpath=ancestor::details/summary")
    page.fill("[data-note] textarea", "הציוד נעול במחסן")
    page.click(".bar-langs button[value=zh-hans]")
    page.wait_for_selector("html[lang=zh-Hans]")
    expect(page.locator("[data-note] textarea")).to_have_value("הציוד נעול במחסן")
    page.select_option("[data-note] select", "he")
    page.click("[data-note] button:not([data-put]):not([data-drop])")
    page.wait_for_selector(SAVED)
    page.reload()
    line = page.locator("[data-lines=note] li").last
    assert "הציוד נעול במחסן" in line.inner_text()
    assert line.locator("[lang=he][dir=rtl]").count() == 1


def striped(width: int, height: int):
    """A picture of stripes, as fine as writing on a label."""
    from PIL import Image

    picture = Image.new("L", (width, height), 255)
    for x in range(0, width, 8):
        picture.paste(0, (x, 0, x + 4, height))
    return picture.convert("RGB")


def edges(picture) -> int:
    """How far neighbouring columns differ along the middle row, at most."""
    row = [picture.getpixel((x, picture.height // 2)) for x in range(picture.width)]
    return max(abs(a - b) for a, b in zip(row, row[4:], strict=False))


def make_unreadable_and_point(page) -> None:
    """By hand a frame that is made unreadable and an arrow; by keys a cut that is taken back."""
    canvas = page.locator("[data-photo] canvas")
    box = canvas.bounding_box()

    def draw(start, end):
        for act, (x, y) in ((page.mouse.move, start), (page.mouse.move, end)):
            act(box["x"] + x * box["width"], box["y"] + y * box["height"])
            page.mouse.down() if (x, y) == start else page.mouse.up()

    draw((0.1, 0.1), (0.5, 0.5))
    page.check("[name=photo-tool][value=crop]")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Enter")
    assert canvas.get_attribute("width") == "213"
    page.click("[data-photo-undo]")
    assert canvas.get_attribute("width") == "640"
    page.check("[name=photo-tool][value=arrow]")
    draw((0.6, 0.2), (0.9, 0.4))


def test_a_measurement_and_a_photograph_are_evidence_of_the_item(question, open_as, tmp_path):
    from PIL import Image

    page = question(open_as("lead", size="phone"), "TRI-6", part="ginkgo-east")
    page.click("[data-measure] >> xpath=ancestor::details/summary")
    page.fill("[data-measure] [name=value]", "17.5")
    page.check("[data-measure] [name=condition][value=night]", force=True)
    page.click("[data-measure] button:not([data-watch])")
    picture = tmp_path / "corridor.jpg"
    striped(640, 480).save(picture, exif=Image.Exif())
    page.click("[data-attach] >> xpath=ancestor::details/summary")
    page.set_input_files("[data-attach] [name=file]", picture)
    make_unreadable_and_point(page)
    page.click("[data-photo-keep]")
    page.wait_for_selector("[data-lines=files] li")
    page.wait_for_selector(SAVED)
    page.reload()
    assert "17.5 min · timed test · at night" in page.inner_text("[data-lines=measure]")
    answer = page.request.get(page.evaluate("document.querySelector('[data-lines=files] img').src"))
    assert (answer.status, answer.headers["x-content-type-options"]) == (200, "nosniff")
    with Image.open(io.BytesIO(answer.body())) as kept:
        grey = kept.convert("L")
        assert kept.size == (640, 480)
    assert edges(grey.crop((70, 60, 310, 230))) < 20, "no stripe is left where it was made unreadable"
    assert edges(grey.crop((400, 300, 600, 460))) > 100, "what is beside it stays as sharp as it was"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_not_applicable_waits_for_its_reason(question, open_as):
    page = question(open_as("lead"), "SUR-2", part="ginkgo-west")
    before = kept_by_server(page)
    page.focus("[name=level][value='0']")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "reason"
    page.fill("#reason", "Children are taken to another hospital.")
    page.press("#reason", "Tab")
    page.wait_for_selector(SAVED)
    assert kept_by_server(page) == [*before, "na"]


def test_a_photograph_taken_without_network_waits_and_is_attached_later(question, open_as, tmp_path):
    from PIL import Image

    page = question(open_as("assessor", size="tablet"), "ACT-5", part="ginkgo-west")
    picture = tmp_path / "board.jpg"
    Image.new("RGB", (320, 240), (90, 100, 110)).save(picture)
    page.click("[data-attach] >> xpath=ancestor::details/summary")
    page.context.set_offline(True)
    page.set_input_files("[data-attach] [name=file]", picture)
    page.click("[data-photo-keep]")
    page.wait_for_selector(OFFLINE)
    assert page.inner_text(f"{OFFLINE} [data-when=offline] [data-count]") == "1"
    page.context.set_offline(False)
    page.wait_for_selector("[data-lines=files] li")
    page.wait_for_selector(SAVED)
    page.reload()
    assert "board.jpg" in page.inner_text("[data-lines=files]")


def test_what_the_server_refuses_is_said_and_kept_until_the_assessor_deletes_it(question, open_as):
    page = question(open_as("assessor", size="tablet"), "ACT-7", part="ginkgo-west")

    def refuse(route):
        said = route.request.post_data_json["operations"]
        results = [{"id": one["id"], "kept": False, "error": "The visit was locked meanwhile."} for one in said]
        route.fulfill(json={"results": results})

    page.route(OPERATIONS, refuse)
    page.focus("[name=level][value='0']")
    page.keyboard.press("2" if chosen(page) != "2" else "1")
    page.wait_for_selector("[data-refused]:visible")
    assert re.search(r"ACT-7 Answer [12]\nThe visit was locked meanwhile.", page.inner_text("[data-refused]"))
    page.reload()
    page.wait_for_selector("[data-refused]:visible")
    page.click("[data-discard]")
    page.wait_for_selector(SAVED)
    assert page.locator("[data-refused]").is_hidden()


def test_the_stopwatch_runs_through_a_reload_and_fills_in_the_minutes(question, open_as):
    page = question(open_as("lead", size="tablet"), "TRI-6", part="ginkgo-west")
    page.click("[data-measure] >> xpath=ancestor::details/summary")
    page.click("[data-watch]")
    page.evaluate(
        """() => {
            const key = Object.keys(localStorage).find((name) => name.startsWith("beiji.watch."));
            localStorage.setItem(key, String(Date.now() - 13.5 * 60_000));
        }"""
    )
    page.reload()
    page.wait_for_selector("[data-watch] b:has-text('13:3')")
    page.click("[data-watch]")
    assert page.input_value("[data-measure] [name=value]") == "13.5"
