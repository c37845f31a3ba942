// The carpet: a year of quarters, days across, midnight at the top. One ImageData of days × 96, stretched over a canvas.

import { colour, dayName, font, hatch, number } from "./format.js";
import { fail } from "./chart.js";

const STEPS = 8;
const LEFT = 40, BOTTOM = 26, TOP = 8;

function rgb(name) {
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  probe.fillStyle = colour(name);
  probe.fillRect(0, 0, 1, 1);
  return probe.getImageData(0, 0, 1, 1).data;
}

// The picture itself; exported so that a bench can time it.
export function picture(content) {
  const days = content.days.length, slots = content.slots;
  const tile = document.createElement("canvas");
  tile.width = days;
  tile.height = slots;
  const brush = tile.getContext("2d");
  const image = brush.createImageData(days, slots);
  const pixels = new Uint32Array(image.data.buffer);
  const palette = Array.from({ length: STEPS }, (_, step) => {
    const [red, green, blue] = rgb(`schaal-${step}`);
    return (255 << 24) | (blue << 16) | (green << 8) | red;
  });
  const [low, high] = content.scale;
  const factor = STEPS / (high - low);
  const power = content.power;
  for (let day = 0, at = 0; day < days; day += 1) {
    for (let slot = 0; slot < slots; slot += 1, at += 1) {
      const value = power[at];
      if (value === null) continue;
      const step = Math.min(STEPS - 1, Math.max(0, Math.floor((value - low) * factor)));
      pixels[slot * days + day] = palette[step];
    }
  }
  brush.putImageData(image, 0, 0);
  return tile;
}

function legend(figure, content, language) {
  const list = document.createElement("ul");
  list.className = "sleutel";
  const bars = Array.from({ length: STEPS }, (_, step) => `<i class="b${step}"></i>`).join("");
  const [low, high] = content.scale.map((value) => number(value, undefined, language));
  list.innerHTML = `<li><span class="nw">${low}</span><span class="trap" aria-hidden="true">${bars}</span><span class="nw">${high} kW</span></li>`
    + `<li><svg viewBox="0 0 22 14" aria-hidden="true"><rect fill="url(#gat)" x="1" y="1" width="20" height="12" stroke="currentColor"/></svg><span></span></li>`;
  list.lastElementChild.lastElementChild.textContent = content.words.gap;
  figure.querySelector("figcaption").after(list);
}

function draw(canvas, content, tile, focus, language) {
  const holder = canvas.parentElement;
  const ratio = window.devicePixelRatio || 1;
  const width = holder.clientWidth, height = holder.clientHeight;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const ctx = canvas.getContext("2d");
  ctx.scale(ratio, ratio);
  const area = { left: LEFT, top: TOP, width: width - LEFT - 2, height: height - TOP - BOTTOM };
  const passed = content.days.findIndex((day) => Date.parse(`${day}T00:00:00+01:00`) > content.until);
  const shown = passed < 0 ? 1 : passed / content.days.length;
  ctx.fillStyle = hatch(ctx, colour("lijn-sterk"), colour("papier"), 1.5, 5);
  ctx.fillRect(area.left, area.top, area.width * shown, area.height);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(tile, area.left, area.top, area.width, area.height);
  ctx.font = font(13);
  ctx.fillStyle = colour("inkt-zacht");
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  for (const hour of [0, 6, 12, 18, 24]) {
    const y = area.top + (hour / 24) * area.height;
    ctx.fillText(language === "en" ? `${hour}:00` : `${hour} u`, LEFT - 6, Math.min(Math.max(y, area.top + 6), area.top + area.height - 4));
  }
  ctx.textAlign = "left";
  ctx.textBaseline = "top";
  const names = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "nl-BE", { month: "short" });
  const every = area.width < 520 ? 2 : 1;
  content.days.forEach((day, i) => {
    if (!day.endsWith("-01")) return;
    const x = area.left + (i / content.days.length) * area.width;
    ctx.fillRect(x, area.top + area.height, 1, 6);
    if ((Number(day.slice(5, 7)) - 1) % every === 0) ctx.fillText(names.format(new Date(`${day}T12:00:00`)).replace(".", ""), x + 3, area.top + area.height + 8);
  });
  if (focus) {
    const cell = area.width / content.days.length;
    ctx.strokeStyle = colour("heide");
    ctx.lineWidth = 2;
    ctx.strokeRect(area.left + focus.day * cell - 1, area.top, cell + 2, area.height);
    ctx.strokeStyle = colour("inkt");
    ctx.strokeRect(area.left + focus.day * cell - 3, area.top + (focus.slot / content.slots) * area.height - 3, cell + 6, area.height / content.slots + 6);
  }
  return area;
}

function reading(content, focus, language) {
  const value = content.power[focus.day * content.slots + focus.slot];
  const [hour, minute] = [Math.floor(focus.slot / 4), (focus.slot % 4) * 15];
  const at = language === "en" ? `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}` : `${hour}.${String(minute).padStart(2, "0")} uur`;
  const shown = value === null ? content.words.gap : `${number(value, undefined, language)} kW`;
  return `${dayName(content.days[focus.day], language)}, ${at}: ${shown}. ${content.words.deeper}`;
}

async function start(figure) {
  try {
    const response = await fetch(figure.dataset.source, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`the carpet's data answered ${response.status}`);
    const content = await response.json();
    if (!content.days?.length) {
      figure.dataset.drawn = "empty";
      return;
    }
    const language = figure.dataset.language;
    const holder = figure.querySelector("[data-canvas]");
    const canvas = holder.querySelector("canvas");
    holder.hidden = false;
    legend(figure, content, language);
    let tile = picture(content), focus = null;
    let area = draw(canvas, content, tile, focus, language);
    const line = figure.querySelector("[data-reading]");
    const again = () => { area = draw(canvas, content, tile, focus, language); };
    const stand = (to) => {
      focus = to;
      line.hidden = !to;
      line.textContent = to ? reading(content, to, language) : "";
      again();
    };
    const under = (event) => {
      const day = Math.floor(((event.offsetX - area.left) / area.width) * content.days.length);
      const slot = Math.floor(((event.offsetY - area.top) / area.height) * content.slots);
      return day >= 0 && day < content.days.length && slot >= 0 && slot < content.slots ? { day, slot } : null;
    };
    const open = (day) => window.location.assign(content.deeper.replace("__DAG__", content.days[day]));
    canvas.addEventListener("keydown", (event) => {
      const at = focus ?? { day: 0, slot: 48 };
      const much = event.shiftKey ? 7 : 1;
      const moves = {
        ArrowRight: { day: at.day + much, slot: at.slot }, ArrowLeft: { day: at.day - much, slot: at.slot },
        ArrowDown: { day: at.day, slot: at.slot + 1 }, ArrowUp: { day: at.day, slot: at.slot - 1 },
        Home: { day: 0, slot: at.slot }, End: { day: content.days.length - 1, slot: at.slot },
      };
      if (moves[event.key]) {
        event.preventDefault();
        const { day, slot } = focus ? moves[event.key] : at;
        stand({ day: Math.min(Math.max(day, 0), content.days.length - 1), slot: Math.min(Math.max(slot, 0), content.slots - 1) });
      } else if (event.key === "Enter" && focus) {
        open(focus.day);
      } else if (event.key === "Escape") {
        stand(null);
      }
    });
    canvas.addEventListener("blur", () => stand(null));
    canvas.addEventListener("mousemove", (event) => stand(under(event)));
    canvas.addEventListener("mouseleave", () => stand(null));
    canvas.addEventListener("click", (event) => { const to = under(event); if (to) open(to.day); });
    new ResizeObserver(again).observe(holder);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { tile = picture(content); again(); });
    figure.dataset.drawn = "yes";
  } catch (problem) {
    console.warn(problem);
    fail(figure);
  }
}

for (const figure of document.querySelectorAll('figure[data-chart="carpet"]')) start(figure);
