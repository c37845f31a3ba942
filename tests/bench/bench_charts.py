"""Charts: drawing beside Chart.js's own way, a year of quarters over HTTP beside a tiny endpoint, a live poll, page weight.

Ratios of medians, taken by turns in one run. Drawing is timed in Chromium; answers by the CPU of this process.
"""

import gzip
import json
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import servers
from tests.browser import world
from tests.browser.conftest import ARGUMENTS, CHECKOUT, served

ROUNDS = 7
CALLS = 60
DRAW = """async ({rounds}) => {
  const { build } = await import('/grafieken/chart.js');
  const { picture } = await import('/grafieken/carpet.js');
  const n = 35040, x = [], y = [];
  for (let i = 0; i < n; i++) { x.push(1767222000000 + i * 900000); y.push(20 + 15 * Math.sin(i / 15) + (i * 7919 % 13)); }
  const holder = document.createElement('figure');
  holder.dataset.language = 'nl';
  holder.innerHTML = '<div data-canvas style="width:900px;height:320px"><canvas></canvas></div>';
  document.body.prepend(holder);
  const content = {kind: 'line', unit: 'kW', x, y, view: [x[0], x[n - 1]], low: 0, limits: [], shaded: [], gaps: [], empty: ''};
  const paint = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const ours = async () => {
    const began = performance.now();
    const made = build(holder, content);
    made.canvas.getContext('2d').getImageData(0, 0, 1, 1);
    const took = performance.now() - began;
    made.chart.destroy();
    await paint();
    return took;
  };
  const theirs = (extra) => async () => {
    const canvas = holder.querySelector('canvas');
    const began = performance.now();
    const made = new Chart(canvas, extra(x, y));
    made.canvas.getContext('2d').getImageData(0, 0, 1, 1);
    const took = performance.now() - began;
    made.destroy();
    await paint();
    return took;
  };
  const plain = theirs((x, y) => ({type: 'line', data: {labels: x, datasets: [{data: y}]}, options: {animation: false, maintainAspectRatio: false, scales: {x: {type: 'linear'}}}}));
  const decimated = theirs((x, y) => ({type: 'line', data: {datasets: [{data: x.map((at, i) => ({x: at, y: y[i]})), pointRadius: 0}]},
    options: {animation: false, parsing: false, normalized: true, maintainAspectRatio: false, scales: {x: {type: 'linear'}}, plugins: {decimation: {enabled: true, algorithm: 'min-max'}}}}));
  const carpetContent = {days: Array.from({length: 365}, (_, i) => String(i)), slots: 96, scale: [0, 50], power: y};
  const carpet = async () => {
    const began = performance.now();
    const tile = picture(carpetContent);
    tile.getContext('2d').getImageData(0, 0, 1, 1);
    return performance.now() - began;
  };
  const times = {ours: [], plain: [], decimated: [], carpet: []};
  for (let round = 0; round < rounds; round++) {
    for (const [name, draw] of Object.entries({ours, plain, decimated, carpet})) times[name].push(await draw());
  }
  return times;
}"""


def said(name: str, ratio: float, goal: str) -> None:
    print(f"{name:58} {ratio:7.2f}×   goal {goal}")


def drawing(url: str, page) -> None:
    page.goto(f"{url}/scholen/demoschool-heide/energie")
    page.wait_for_selector("figure[data-drawn]")
    times = {name: statistics.median(found[1:]) for name, found in page.evaluate(DRAW, {"rounds": ROUNDS + 1}).items()}
    print(json.dumps({name: f"{value:.0f} ms" for name, value in times.items()}))
    said("line of 35,040 points, beside Chart.js defaults", times["ours"] / times["plain"], "≤ 0.30")
    said("the same, beside Chart.js decimation", times["ours"] / times["decimated"], "≤ 0.8")


def cpu_of(call) -> float:
    began = time.process_time()
    for _ in range(CALLS):
        call()
    return (time.process_time() - began) / CALLS


def answers(app) -> None:
    client = app.test_client()
    form = client.get("/aanmelden").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)[1]
    client.post(
        "/aanmelden", data={"email": "leerkracht@demo.example", "password": world.PASSWORD, "csrf_token": token}
    )
    year = "/scholen/demoschool-heide/energie/tapijt.json?periode=jaar&op=2026-01-01"
    live = "/scholen/demoschool-heide/lokalen/lokaal-5b/nu.json"
    tags = {path: client.get(path).headers["ETag"] for path in (year, live)}
    cache = app.extensions["schoolklimaat_short_cache"]

    def uncached() -> None:
        cache._kept.clear()
        client.get(year)

    cases = {
        "tiny": lambda: client.get("/healthz"),
        "uncached": uncached,
        "cached": lambda: client.get(year),
        "same": lambda: client.get(year, headers={"If-None-Match": tags[year]}),
        "live": lambda: client.get(live, headers={"If-None-Match": tags[live]}),
    }
    taken = {name: [] for name in cases}
    for _ in range(5):
        for name, call in cases.items():
            taken[name].append(cpu_of(call))
    cpu = {name: statistics.median(found) for name, found in taken.items()}
    print(json.dumps({name: f"{value * 1000:.2f} ms CPU" for name, value in cpu.items()}))
    said("a year of quarters, uncached, beside a tiny endpoint", cpu["uncached"] / cpu["tiny"], "≤ 8")
    said("the same, cached", cpu["cached"] / cpu["tiny"], "≤ 1.5")
    said("the same, 304", cpu["same"] / cpu["tiny"], "≤ 1.5")
    said("a live poll that is up to date", cpu["live"] / cpu["tiny"], "-")
    print(f"a thousand open pages poll {1000 / 2.8:.0f} times a second: {1000 / 2.8 * cpu['live']:.2f} of one core")


def weight() -> None:
    packed = {
        path.name: len(gzip.compress(path.read_bytes()))
        for path in (CHECKOUT / "schoolklimaat/charts/static").glob("*.js")
    }
    alone = len(gzip.compress((CHECKOUT / "node_modules/chart.js/dist/chart.umd.min.js").read_bytes()))
    said("all scripts of a chart page, gzip, beside chart.js", (alone + sum(packed.values())) / alone, "≤ 1.3")


def main() -> int:
    chromium = servers.find("chromium")
    with tempfile.TemporaryDirectory() as folder:
        app = world.build(world.settings_in(Path(folder)), world.SCHOOL_MORNING, days=2, months=11)
        world.stand_still(app, world.SCHOOL_MORNING)
        with served(app) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{url}/aanmelden")
            page.fill("[name=email]", "leerkracht@demo.example")
            page.fill("[name=password]", world.PASSWORD)
            page.click("main button[type=submit]")
            drawing(url, page)
            browser.close()
        answers(app)
        weight()
    return 0


if __name__ == "__main__":
    sys.exit(main())
