// One chart component. It finds its figures by data-chart="chart", draws them with Chart.js, and gives each a keyboard.

import { clock, colour, dayTick, hatch, hourTick, localHour, number, thin } from "./format.js";
import { onTop, underneath } from "./drawing.js";

const HOUR = 3_600_000;
const figures = new Map();

function show(figure, text) {
  const line = figure.querySelector("[data-reading]");
  line.hidden = !text;
  line.textContent = text;
}

export function fail(figure) {
  const note = document.createElement("p");
  note.className = "klein";
  note.setAttribute("role", "status");
  note.textContent = figure.dataset.error;
  figure.querySelector("[data-canvas]").replaceWith(note);
}

function axis(extra) {
  return {
    grid: { color: colour("lijn"), drawTicks: false },
    border: { color: colour("lijn-sterk"), display: Boolean(extra.grid) },
    ...extra,
    ticks: { color: colour("inkt-zacht"), padding: 8, font: { size: 14 }, ...extra.ticks },
  };
}

function dayTicks(scale, language) {
  const days = Math.max(1, Math.ceil((scale.max - scale.min) / (24 * HOUR) / Math.max(2, Math.floor(scale.width / 90))));
  const ticks = [];
  for (let at = scale.min; at <= scale.max; at += days * 24 * HOUR) ticks.push({ value: at, label: dayTick(at, language) });
  scale.ticks = ticks;
}

function hourTicks(scale, language) {
  const hours = (scale.max - scale.min) / HOUR;
  if (hours > 72) {
    dayTicks(scale, language);
    return;
  }
  const every = [1, 2, 3, 4, 6, 12, 24].find((step) => (scale.width / hours) * step > 56) ?? 24;
  const ticks = [];
  for (let at = Math.ceil(scale.min / HOUR) * HOUR; at <= scale.max; at += HOUR) {
    if (localHour(at).hour % every === 0) ticks.push({ value: at });
  }
  scale.ticks = ticks.map((tick) => ({ ...tick, label: hourTick(tick.value, language) }));
}

// A step holds until the next one: its end is a point too, before a gap and after the last.
function steps(content, y) {
  const width = content.x[1] - content.x[0];
  const x = [], values = [];
  for (const [i, at] of content.x.entries()) {
    x.push(at);
    values.push(y[i]);
    const last = i === content.x.length - 1;
    if (y[i] !== null && (last || y[i + 1] === null)) {
      x.push(at + width - (last ? 0 : 1));
      values.push(y[i]);
    }
  }
  return { x, values };
}

function lineConfig(content, language, width) {
  const columns = Math.max(300, Math.round(width));
  const drawn = content.stepped ? steps(content, content.y) : { x: content.x, values: content.y };
  const points = thin(drawn.x, drawn.values, columns);
  const datasets = [];
  const base = { parsing: false, normalized: true, pointRadius: 0, pointHitRadius: 8, borderJoinStyle: "round", spanGaps: false };
  if (content.before) {
    datasets.push({ ...base, role: "before", data: thin(content.x, content.before, columns),
      borderColor: colour("reeks-6"), borderWidth: 1.5, borderDash: [3, 3], stepped: content.stepped ? "before" : false });
  }
  datasets.push({ ...base, role: "measured", data: points, borderColor: colour("reeks-1"), borderWidth: 2.5,
    stepped: content.stepped ? "before" : false,
    fill: content.fill ? "origin" : false, backgroundColor: colour("reeks-1-zacht") });
  const values = content.y.filter((value) => value !== null);
  const top = Math.max(content.quantity === "co2" ? 1300 : 0, ...(values.length < 5000 ? values : [values.reduce((a, b) => Math.max(a, b), 0)])) * 1.08;
  return {
    type: "line",
    data: { datasets },
    scales: {
      x: axis({ type: "linear", min: content.view[0], max: content.view[1], grid: { display: false },
        afterBuildTicks: (scale) => hourTicks(scale, language),
        ticks: { callback: (value, at, ticks) => ticks[at].label ?? hourTick(value, language), autoSkip: false, maxRotation: 0 } }),
      y: axis({ min: content.low, max: content.quantity === "co2" ? Math.ceil(top / 100) * 100 : undefined,
        suggestedMax: top,
        afterBuildTicks: content.quantity === "co2" ? (scale) => {
          const more = Array.from({ length: 30 }, (_, i) => 1600 + i * (top > 3000 ? 1600 : 400)).filter((value) => value <= scale.max);
          scale.ticks = [400, 900, 1200, ...more].map((value) => ({ value }));
        } : undefined,
        ticks: { callback: (value) => number(value, value % 1 ? 1 : 0, language), maxTicksLimit: 6, autoSkip: content.quantity !== "co2" } }),
    },
  };
}

function barConfig(content, language, context) {
  const narrow = context.canvas.parentElement.clientWidth < 480;
  const datasets = [];
  const bar = { borderRadius: 3, borderSkipped: "bottom", categoryPercentage: 0.86, barPercentage: 0.94 };
  if (content.before) {
    datasets.push({ ...bar, role: "before", stack: "before", data: content.before, backgroundColor: colour("reeks-vorige"),
      borderColor: colour("reeks-6"), borderWidth: 1.25 });
  }
  datasets.push({ ...bar, role: "measured", stack: "now", data: content.y, backgroundColor: colour("reeks-1"),
    borderRadius: content.y.map((_, i) => (content.estimated[i] ? 0 : 3)) });
  if (content.estimated.some((value) => value)) {
    datasets.push({ ...bar, role: "estimated", stack: "now", data: content.estimated, borderColor: colour("reeks-1"), borderWidth: 1.5,
      backgroundColor: hatch(context, colour("reeks-1"), colour("papier")) });
  }
  return {
    type: "bar",
    data: { labels: content.labels.map(([first, second]) => (second && !narrow ? [first, second] : first)), datasets },
    scales: {
      x: axis({ stacked: true, grid: { display: false }, ticks: { color: colour("inkt"), autoSkip: content.labels.length > 12, maxRotation: 0,
        font: { size: narrow || content.labels.length > 12 ? 13 : 14 } } }),
      y: axis({ stacked: true, beginAtZero: true, grace: "8%", ticks: { maxTicksLimit: 5, callback: (value) => number(value, value % 1 ? 1 : 0, language) } }),
    },
  };
}

function reading(content, i, language) {
  const unit = content.unit;
  const shown = (value) => (value === null || value === undefined ? null : `${number(value, unit === "ppm" ? 0 : undefined, language)} ${unit}`);
  if (content.kind === "line") {
    return `${clock(content.x[i], language)}: ${shown(content.y[i]) ?? content.empty}`;
  }
  const total = content.y[i] === null ? null : content.y[i] + (content.estimated[i] ?? 0);
  const parts = [`${content.names[i]}: ${shown(total) ?? content.words.gap}`];
  if (content.estimated[i]) parts.push(`${shown(content.estimated[i])} ${content.words.estimated}`);
  if (content.before && content.before[i] !== null) parts.push(`${content.words.before}: ${shown(content.before[i])}`);
  if (content.deeper[i]) parts.push(content.words.deeper);
  return parts.join(", ");
}

function keyboard(figure, canvas, chart, content, state, language) {
  const stand = (i) => {
    state.focused = i;
    show(figure, i === null ? "" : reading(content, i, language));
    chart.draw();
  };
  const inView = (i) => content.kind === "bars" || (content.x[i] >= content.view[0] && content.x[i] < content.view[1]);
  const places = () => content.x.map((_, i) => i).filter(inView);
  canvas.addEventListener("keydown", (event) => {
    const all = places();
    const at = all.indexOf(state.focused);
    const step = content.kind === "line" && event.shiftKey ? 6 : 1;
    const to = { ArrowRight: Math.min(at + step, all.length - 1), ArrowLeft: at < 0 ? all.length - 1 : Math.max(at - step, 0), Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      stand(all[to]);
    } else if (event.key === "Enter" && state.focused !== null && content.deeper?.[state.focused]) {
      window.location.assign(content.deeper[state.focused]);
    } else if (event.key === "Escape") {
      stand(null);
    }
  });
  canvas.addEventListener("blur", () => stand(null));
  canvas.addEventListener("click", (event) => {
    if (!content.deeper) return;
    const place = chart.scales.x.getValueForPixel(event.offsetX);
    const url = content.deeper[Math.round(place)];
    if (url) window.location.assign(url);
  });
  if (content.deeper) {
    canvas.addEventListener("mousemove", (event) => {
      canvas.style.cursor = content.deeper[Math.round(chart.scales.x.getValueForPixel(event.offsetX))] ? "pointer" : "";
    });
  }
}

function tooltip(content, language) {
  return {
    displayColors: false,
    callbacks: {
      title: () => "",
      label: (item) => reading(content, content.kind === "bars" ? item.dataIndex : content.x.indexOf(item.raw.x), language),
    },
    bodyFont: { size: 14 },
    padding: 10,
  };
}

export function build(figure, content) {
  const Chart = window.Chart;
  const holder = figure.querySelector("[data-canvas]");
  const canvas = holder.querySelector("canvas");
  const language = figure.dataset.language;
  holder.hidden = false;
  const context = canvas.getContext("2d");
  const state = { focused: null, x: content.x, y: content.y };
  const parts = content.kind === "bars" ? barConfig(content, language, context) : lineConfig(content, language, holder.clientWidth);
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  const chart = new Chart(context, {
    type: parts.type,
    data: parts.data,
    plugins: [underneath(content), onTop(content, language, state)],
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      events: ["mousemove", "mouseout", "touchstart", "touchmove"],
      interaction: { mode: content.kind === "bars" ? "index" : "nearest", axis: "x", intersect: false },
      layout: { padding: { top: content.kind === "line" ? 22 : 8, right: 4 } },
      scales: parts.scales,
      plugins: { legend: { display: false }, decimation: { enabled: false }, tooltip: { ...tooltip(content, language), filter: (item, i) => i === 0 } },
    },
  });
  return { chart, canvas, content, state, language };
}

async function start(figure) {
  try {
    if (!window.Chart) throw new Error("Chart.js did not load");
    const response = await fetch(figure.dataset.source, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`the chart's data answered ${response.status}`);
    const content = await response.json();
    if (!content.x?.length) {
      figure.dataset.drawn = "empty";
      return;
    }
    const made = build(figure, content);
    keyboard(figure, made.canvas, made.chart, made.content, made.state, made.language);
    figures.set(figure, made);
    figure.dataset.drawn = "yes";
  } catch (problem) {
    console.warn(problem);
    fail(figure);
  }
}

function redraw() {
  for (const [figure, made] of figures) {
    const parts = made.content.kind === "bars"
      ? barConfig(made.content, made.language, made.canvas.getContext("2d"))
      : lineConfig(made.content, made.language, made.canvas.clientWidth);
    Object.assign(made.chart.data, parts.data);
    made.chart.options.scales = parts.scales;
    made.chart.update("none");
    figure.dataset.drawn = "yes";
  }
}

// A new reading on an open page: it joins its bucket of five minutes.
document.addEventListener("schoolklimaat:reading", (event) => {
  const { at, co2 } = event.detail;
  for (const { content } of figures.values()) {
    if (content.quantity !== "co2" || !content.now || co2 === null || at === null) continue;
    const place = content.x.findLastIndex((start) => start <= at);
    if (place >= 0) content.y[place] = co2;
  }
  redraw();
});

window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
if (document.fonts?.ready) document.fonts.ready.then(redraw);
for (const figure of document.querySelectorAll('figure[data-chart="chart"]')) start(figure);

