"""Tests of the page in Chromium: what a reader does with it, and what a screen reader finds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tandem_reports import drawing
from tandem_reports.judging.history import History
from tandem_reports.records import saved, stored
from tandem_reports.records.verdict import Verdict
from tests.records import costs, make_record, save, timed, write_run

pytest.importorskip("altair")
pytest.importorskip("playwright", reason="playwright is not installed: pip install playwright")
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt install chromium")

JUDGED = Verdict("m-ov-fp32-b1-cpu", "regressed", "0001", 0.1, 0.08, 0.12, 0.05, 0.009, 0.01).to_dict()
CASES = [
    timed("m-eager-fp32-b1-cpu", 20, 1.0),
    timed("m-ov-fp32-b1-cpu", 10, verdict=JUDGED),
    timed("m-ov-int8-b1-cpu", 4, agreement={"relative_error": 0.05}),
    timed("m-ov-fp32-b8-cpu", 40, 4.0),
    timed("n-ort-fp32-b1-cpu", 5),
    make_record("n-ov-fp32-b1-cpu", status="failed", outcome="Crashed: it died\nby a signal"),
    make_record("n-ov-bf16-b1-cpu", status="skipped", outcome="Unsupported: no bf16"),
]
#: Addresses that need no network.
LOCAL = ("file:", "data:")
CALLS = [0.01 + 0.00001 * (number * 37 % 101) for number in range(700)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    run = write_run(tmp_path_factory.mktemp("run"), *CASES, calls_s=CALLS)
    return drawing.page(run, stored.read(run)).as_uri()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page; errors in it, and requests of it, fail the test."""
    yield from opened(browser, address)


def opened(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    context = browser.new_context(**{"viewport": {"width": 1300, "height": 900}, **options})
    page, found = context.new_page(), list[str]()
    page.on("console", lambda message: found.append(message.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("request", lambda each: None if each.url.startswith(LOCAL) else found.append(each.url))
    page.goto(address)
    yield page
    context.close()
    assert not found


def draw_all(page: Page) -> int:
    """Draw every chart, as for printing, and return their number."""
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    count: int = page.locator("main > section figure.chart").count()
    page.wait_for_function(f"document.querySelectorAll('.drawing svg').length === {count}")
    return count


def names(page: Page) -> list[str]:
    """Cases of the table that are shown, in their order."""
    found: list[str] = page.locator("table.cases tbody tr:visible th").all_inner_texts()
    return found


def test_every_chart_is_drawn(page: Page) -> None:
    assert draw_all(page) >= 10


def test_charts_keep_their_height_while_they_are_drawn(page: Page) -> None:
    heights = "[...document.querySelectorAll('main > section .drawing')].map((each) => each.offsetHeight)"
    before = page.evaluate(heights)
    draw_all(page)
    assert page.evaluate(heights) == before, "else a button moves under the pointer"


def test_every_figure_equals_the_record(page: Page) -> None:
    cells = {
        head.split()[0]: at for at, head in enumerate(page.locator("table.cases thead th").all_inner_texts())
    }
    timed = [record for record in CASES if record.status == "ok"]
    for record in timed:
        row = page.locator(f'tr[id="{record.id}"]').locator("th, td")
        for name, head in (("p50", "p50"), ("speedup", "speedup"), ("throughput", "samples/s")):
            assert float(row.nth(cells[head]).get_attribute("data-value") or "nan") == record.number(name)
    shown = json.loads(page.locator("#data").inner_text())["cases"]
    for record in timed:
        figures = {each["name"]: each["value"] for each in shown[record.id]["figures"]}
        assert figures == {name: each.value for name, each in record.sections["latency"].figures.items()}


def test_the_panel_of_a_case_shows_its_figures(page: Page) -> None:
    page.get_by_role("link", name=CASES[1].id).first.click()
    panel = page.get_by_role("dialog")
    text = panel.inner_text()
    assert CASES[1].id in text
    assert "p50\t10\tms" in text
    assert "speedup\t2\t\t1.9 – 2.1\t2, 2, 2" in text
    page.wait_for_selector("#case-calls svg")
    before = page.evaluate("scrollY")
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    page.wait_for_function("location.hash === ''")  # the browser goes back in its own time
    assert page.evaluate("document.activeElement.textContent") == CASES[1].id, "a reader goes on from there"
    assert page.evaluate("scrollY") == before


def test_going_back_closes_the_panel(page: Page) -> None:
    page.get_by_role("link", name=CASES[1].id).first.click()
    page.go_back()
    assert not page.get_by_role("dialog").is_visible()
    page.go_forward()
    assert page.get_by_role("dialog").is_visible()


def test_a_link_to_a_case_opens_it(browser: Browser, address: str) -> None:
    for page in opened(browser, f"{address}#{CASES[5].id}"):
        assert "by a signal" in page.get_by_role("dialog").inner_text()


def test_the_table_is_sorted_by_numbers(page: Page) -> None:
    page.get_by_role("button", name="speedup").click()
    assert names(page)[0] == CASES[2].id, "the fastest comes first"
    head = page.get_by_role("button", name="p50 ms")
    head.click()
    up = names(page)
    assert up[:5] == [each.id for each in sorted(CASES[:5], key=lambda each: each.number("p50") or 0)]
    assert set(up[5:]) == {CASES[5].id, CASES[6].id}
    head.click()
    assert names(page)[:5] == up[:5][::-1]
    assert page.locator("th[aria-sort=descending]").count() == 1


def test_the_table_is_filtered_by_words(page: Page) -> None:
    page.get_by_label("Show cases with").fill("OV fp32")
    assert names(page) == [each.id for each in CASES if "ov-fp32" in each.id]
    assert page.locator("#shown").inner_text() == f"3 of {len(CASES)}"


def test_the_data_of_a_chart_can_be_saved(page: Page, tmp_path: Path) -> None:
    figure = page.locator("figure.chart", has_text="Slow calls at batch 1").first
    with page.expect_download() as download:
        figure.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "calls.csv")
    lines = (tmp_path / "calls.csv").read_text().splitlines()
    assert lines[0] == '"case","label","runtime","precision","batch","ms","slower"'
    assert len(lines) > 100
    with page.expect_download() as download:
        figure.get_by_role("button", name="SVG").click()
    download.value.save_as(tmp_path / "calls.svg")
    assert "var(" not in (tmp_path / "calls.svg").read_text()


def test_a_pointer_shows_the_numbers_of_a_mark(page: Page) -> None:
    draw_all(page)
    bar = page.locator("#chart-model-1-speedup path[aria-roledescription=bar]").first
    bar.scroll_into_view_if_needed()
    bar.hover()
    page.wait_for_selector("#vg-tooltip-element.visible")
    assert "m-ov" in page.locator("#vg-tooltip-element").inner_text()


def barriers(page: Page, place: str | None = None) -> list[tuple[str, str]]:
    """What axe-core finds: the rule that is broken, and the start of the first element that breaks it."""
    found = Axe().run(page, place).response["violations"]
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1300, 390])
def test_there_are_no_barriers(browser: Browser, address: str, scheme: str, width: int) -> None:
    for page in opened(browser, address, color_scheme=scheme, viewport={"width": width, "height": 800}):
        draw_all(page)
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.goto(f"{address}#{CASES[1].id}")
        page.wait_for_selector("#case-calls svg")
        assert barriers(page, "dialog") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_histories_and_comparisons_have_no_barriers_either(
    browser: Browser, tmp_path: Path, scheme: str
) -> None:
    for number in range(1, 11):
        centre = 1.08 if number > 5 else 1.0
        save(tmp_path, number, [make_record(values=costs(centre, seed=number))])
    trends, two = tmp_path / "trends.html", tmp_path / "two.html"
    drawing.trends_page(History(tmp_path).trends("*"), trends)
    first, last = (saved.read(path) for path in (saved.files(tmp_path)[0], saved.files(tmp_path)[-1]))
    drawing.comparison(first, last, [JUDGED], two)
    for path, shown in ((trends, "0006 +8.0%"), (two, "regressed")):
        for page in opened(browser, path.as_uri(), color_scheme=scheme):
            draw_all(page)
            assert shown in page.locator("main").inner_text()
            assert barriers(page) == []


def test_hostile_names_run_nothing(browser: Browser, tmp_path: Path) -> None:
    word = "<script>alert(1)</script><img src=x onerror=alert(1)>\n%20"
    hostile = timed("m-ov-fp32-b1-cpu", 10, id=f"{word}-ov-fp32-b1-cpu", model=word)
    run = write_run(tmp_path, CASES[0], hostile)
    address = drawing.page(run, stored.read(run)).as_uri()
    for page in opened(browser, address):
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        draw_all(page)
        page.locator("table.cases tbody a").nth(1).click()
        assert "<img src=x" in page.get_by_role("dialog").inner_text()
