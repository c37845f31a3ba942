// How figures, moments and colours look; shared by every drawing.

const ZONE = "Europe/Brussels";
const THIN = "\u202f";
const hourParts = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export function number(value, decimals, language) {
  if (value === null || value === undefined) return "–";
  const digits = decimals ?? (value === 0 ? 0 : Math.abs(value) < 1 ? 2 : Math.abs(value) < 20 ? 1 : 0);
  let [whole, rest] = Math.abs(value).toFixed(digits).split(".");
  whole = whole.replace(/\B(?=(\d{3})+$)/g, language === "en" ? "," : THIN);
  const text = rest ? whole + (language === "en" ? "." : ",") + rest : whole;
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

export function localHour(ms) {
  const [hour, minute] = hourParts.format(ms).split(":").map(Number);
  return { hour, minute };
}

export function clock(ms, language) {
  const { hour, minute } = localHour(ms);
  const two = String(minute).padStart(2, "0");
  return language === "en" ? `${String(hour).padStart(2, "0")}:${two}` : `${hour}.${two}\u00a0uur`;
}

export function hourTick(ms, language) {
  const { hour } = localHour(ms);
  return language === "en" ? `${String(hour).padStart(2, "0")}:00` : `${hour}\u00a0u`;
}

export function dayTick(ms, language) {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "nl-BE", { timeZone: ZONE, day: "numeric", month: "short" }).format(ms);
}

export function dayName(iso, language) {
  // Noon, so that no zone moves the day.
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "nl-BE", { weekday: "long", day: "numeric", month: "long" })
    .format(new Date(`${iso}T12:00:00`));
}

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function font(size = 14, weight = 400) {
  return `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
}

// Diagonal stripes, for what is estimated and for what is missing.
export function hatch(context, line, paper, width = 3, step = 7) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = step;
  const brush = tile.getContext("2d");
  brush.fillStyle = paper;
  brush.fillRect(0, 0, step, step);
  brush.strokeStyle = line;
  brush.lineWidth = width / Math.SQRT2;
  brush.beginPath();
  for (const shift of [-step, 0, step]) {
    brush.moveTo(shift - 1, step + 1);
    brush.lineTo(shift + step + 1, -1);
  }
  brush.stroke();
  return context.createPattern(tile, "repeat");
}

// Keep the lowest and the highest of each column of pixels, and its gap: the drawing is the same, the work a fraction.
export function thin(x, y, columns) {
  if (x.length <= columns * 3) return x.map((at, i) => ({ x: at, y: y[i] }));
  const points = [];
  const per = x.length / columns;
  for (let column = 0; column < columns; column += 1) {
    const from = Math.floor(column * per), to = Math.floor((column + 1) * per);
    let low = -1, high = -1, gap = -1, least = Infinity, most = -Infinity;
    for (let i = from; i < to; i += 1) {
      const value = y[i];
      if (value === null || value === undefined) { if (gap < 0) gap = i; continue; }
      if (value < least) { least = value; low = i; }
      if (value > most) { most = value; high = i; }
    }
    let before = -1;
    for (const i of [low, high, gap].sort((a, b) => a - b)) {
      if (i > before) points.push({ x: x[i], y: y[i] });
      before = Math.max(before, i);
    }
  }
  return points;
}
