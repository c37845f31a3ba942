// What Chart.js does not draw: shaded hours, limits, gaps, the part above a limit, the dot "now", the point one stands on.

import { clock, colour, font, hatch, number } from "./format.js";

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

export function underneath(content) {
  return {
    id: "underneath",
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea: area, scales } = chart;
      if (content.kind !== "line") return;
      ctx.save();
      ctx.font = font(13);
      ctx.textAlign = "center";
      ctx.textBaseline = "bottom";
      for (const part of content.shaded ?? []) {
        const left = clamp(scales.x.getPixelForValue(part.from), area.left, area.right);
        const right = clamp(scales.x.getPixelForValue(part.to), area.left, area.right);
        ctx.fillStyle = colour("zand-diep");
        ctx.fillRect(left, area.top, right - left, area.bottom - area.top);
        ctx.fillStyle = colour("inkt-zacht");
        if (right - left > ctx.measureText(part.label).width) ctx.fillText(part.label, (left + right) / 2, area.top - 4);
      }
      for (const [from, to] of content.gaps ?? []) {
        const left = clamp(scales.x.getPixelForValue(from), area.left, area.right);
        const right = clamp(scales.x.getPixelForValue(to), area.left, area.right);
        ctx.fillStyle = hatch(ctx, colour("lijn-sterk"), colour("papier"), 1.5, 6);
        ctx.fillRect(left, area.top, right - left, area.bottom - area.top);
        if (right - left > 90) {
          const middle = (left + right) / 2, half = ctx.measureText(content.empty).width / 2 + 6;
          ctx.fillStyle = colour("papier");
          ctx.fillRect(middle - half, area.top + 4, half * 2, 20);
          ctx.fillStyle = colour("inkt");
          ctx.fillText(content.empty, middle, area.top + 21);
        }
      }
      for (const [at, limit] of (content.limits ?? []).entries()) {
        if (limit.kind === "basis") continue;
        const above = content.limits[at + 1];
        fillAbove(chart, limit.value, above ? above.value : Infinity, colour(limit.kind === "guide" ? "zon" : "steen"));
      }
      ctx.restore();
    },
  };
}

function fillAbove(chart, low, high, fill) {
  const { chartArea: area, scales } = chart;
  const top = high === Infinity ? area.top : scales.y.getPixelForValue(high);
  fillUnder(chart, [area.left, top, area.right, scales.y.getPixelForValue(low)], fill, 0.28);
}

// Fill what lies under the curve, inside a box [left, top, right, bottom].
function fillUnder(chart, [left, top, right, bottom], fill, opacity) {
  const { ctx, chartArea: area } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, right - left, bottom - top);
  ctx.clip();
  ctx.globalAlpha = opacity;
  ctx.fillStyle = fill;
  let begin = null, last = null;
  const close = () => {
    if (begin === null) return;
    ctx.lineTo(last, area.bottom);
    ctx.lineTo(begin, area.bottom);
    ctx.fill();
    begin = null;
  };
  const stepped = chart.data.datasets.at(-1).stepped;
  let height = null;
  for (const point of chart.getDatasetMeta(chart.data.datasets.length - 1).data) {
    if (point.skip) { close(); continue; }
    if (begin === null) { ctx.beginPath(); ctx.moveTo(point.x, area.bottom); begin = point.x; }
    else if (stepped) ctx.lineTo(point.x, height);
    ctx.lineTo(point.x, point.y);
    last = point.x;
    height = point.y;
  }
  close();
  ctx.restore();
}

export function onTop(content, language, state) {
  return {
    id: "onTop",
    afterDatasetsDraw(chart) {
      const { ctx, chartArea: area, scales } = chart;
      ctx.save();
      const stripes = content.guessed?.length ? hatch(ctx, colour("reeks-1"), colour("papier")) : null;
      for (const [from, to] of content.guessed ?? []) {
        fillUnder(chart, [scales.x.getPixelForValue(from), area.top, scales.x.getPixelForValue(to), area.bottom], stripes, 1);
      }
      for (const limit of content.limits ?? []) {
        const y = scales.y.getPixelForValue(limit.value);
        ctx.beginPath();
        ctx.lineWidth = 2;
        ctx.lineCap = limit.kind === "guide" ? "butt" : "round";
        ctx.setLineDash(limit.kind === "air-now" ? [2.5, 4] : [7, 5]);
        ctx.strokeStyle = colour({ guide: "zon-lijn", "air-now": "steen", basis: "reeks-2" }[limit.kind]);
        ctx.moveTo(area.left, y);
        ctx.lineTo(area.right, y);
        ctx.stroke();
      }
      ctx.setLineDash([]);
      if (content.kind === "bars") barLabels(chart, content, language);
      if (content.mark_peak && !content.now) peak(chart, content, language);
      if (content.now) dotNow(chart, content, language);
      if (state.focused !== null) ring(chart, state);
      ctx.restore();
    },
  };
}

function halo(ctx, text, x, y) {
  ctx.lineJoin = "round";
  ctx.lineWidth = 4;
  ctx.strokeStyle = colour("papier");
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour("inkt");
  ctx.fillText(text, x, y);
}

function dotNow(chart, content, language) {
  const { ctx, chartArea: area } = chart;
  const points = chart.getDatasetMeta(chart.data.datasets.length - 1).data;
  const point = points.findLast((each) => !each.skip);
  if (!point || point.x < area.left || point.x > area.right) return;
  const value = chart.data.datasets.at(-1).data[points.lastIndexOf(point)].y;
  dot(ctx, point.x, point.y);
  const shown = content.unit === "ppm" ? Math.round(value / 10) * 10 : value;
  const text = `${content.now_word} ${number(shown, content.unit === "ppm" ? 0 : undefined, language)}`;
  ctx.font = font(14, 700);
  ctx.textBaseline = "middle";
  const left = point.x + 12 + ctx.measureText(text).width > area.right;
  ctx.textAlign = left ? "right" : "left";
  halo(ctx, text, point.x + (left ? -12 : 12), Math.max(point.y - 6, area.top + 8));
}

function dot(ctx, x, y) {
  ctx.beginPath();
  ctx.arc(x, y, 7, 0, Math.PI * 2);
  ctx.fillStyle = colour("reeks-1");
  ctx.fill();
  ctx.lineWidth = 3;
  ctx.strokeStyle = colour("papier");
  ctx.stroke();
}

function peak(chart, content, language) {
  const { ctx, chartArea: area, scales } = chart;
  const top = Math.max(...content.y.filter((value) => value !== null));
  const place = content.y.indexOf(top);
  if (place < 0) return;
  const x = scales.x.getPixelForValue(content.x[place]), y = scales.y.getPixelForValue(top);
  dot(ctx, x, y);
  const text = `${number(top, 1, language)} ${content.unit}, ${clock(content.x[place], language)}`;
  ctx.font = font(14, 700);
  ctx.textBaseline = "bottom";
  ctx.textAlign = "center";
  const half = ctx.measureText(text).width / 2;
  halo(ctx, text, clamp(x, area.left + half, area.right - half), Math.max(y - 10, area.top + 16));
}

function barLabels(chart, content, language) {
  const { ctx } = chart;
  const main = chart.data.datasets.findIndex((each) => each.role === "measured");
  const guessed = chart.data.datasets.findIndex((each) => each.role === "estimated");
  const bars = chart.getDatasetMeta(main).data;
  if (!bars.length || bars[0].width < 20) return;
  ctx.font = font(13, 700);
  ctx.textAlign = "center";
  ctx.textBaseline = "bottom";
  for (const [i, bar] of bars.entries()) {
    if (content.y[i] === null) continue;
    const top = guessed >= 0 && content.estimated[i] ? chart.getDatasetMeta(guessed).data[i].y : bar.y;
    const text = number(content.y[i] + (content.estimated[i] ?? 0), undefined, language);
    const half = ctx.measureText(text).width / 2;
    halo(ctx, text, clamp(bar.x, chart.chartArea.left + half, chart.chartArea.right - half), top - 3);
  }
}

function ring(chart, state) {
  const { ctx, chartArea: area, scales } = chart;
  ctx.strokeStyle = colour("heide");
  ctx.lineWidth = 3;
  if (chart.config.type === "bar") {
    const width = scales.x.width / chart.data.labels.length;
    ctx.strokeRect(scales.x.getPixelForValue(state.focused) - width / 2 + 2, area.top, width - 4, area.bottom - area.top);
    return;
  }
  const x = scales.x.getPixelForValue(state.x[state.focused]);
  const y = state.y[state.focused];
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(x, area.top);
  ctx.lineTo(x, area.bottom);
  ctx.stroke();
  if (y === null) return;
  ctx.lineWidth = 3;
  ctx.beginPath();
  ctx.arc(x, scales.y.getPixelForValue(y), 8, 0, Math.PI * 2);
  ctx.stroke();
}
