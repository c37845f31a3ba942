// The editor of own lessons: blocks at the cursor, line numbers, a preview and saving while you type.
// Without this script the buttons "Bewaar" and "Bekijk" do the same.

// The first | of a block is where its id goes.
const BLOCKS = {
  stap: "{#| .lezen duur=10}\n## Titel van de stap\n\nTekst.\n",
  een: "{#| pogingen=2}\nWelk antwoord past?\n\n- [( )] eerste\n  > Kijk nog eens naar de grafiek.\n- [(X)] tweede\n- [[?]] Een tip.\n\n***\nZo zit het.\n***\n",
  veel: "{#|}\nWat past? (meer dan één antwoord)\n\n- [[X]] eerste\n- [[ ]] tweede\n- [[X]] derde\n",
  lijst: "{#|}\nDe waarde was gisteren\n\n[[ te laag | (goed) | te hoog ]]\n",
  getal: "{#|}\nHoe warm was het?\n\n[[# 21 ± 0,5 °C]]\n",
  woord: "{#|}\nWat doe je als de meter rood wordt?\n\n[[verluchten; ramen open]]\n",
  open: "{#|}\nLeg uit in je eigen woorden.\n\n[[___ ___ ___]]\n",
  mening: "{#|}\nWat vind jij?\n\n- [(1)] te koud\n- [(2)] net goed\n- [(3)] te warm\n",
  volgorde: "```volgorde\nid: |\nvraag: Zet in de juiste volgorde.\njuist: [eerst, daarna, ten slotte]\n```\n",
  grafiek: "```grafiek\nmeting: co2\nruimte: eigen-klas\nperiode: vorige-week\nvergelijk: geen\nvorm: lijn\ngrenzen: ja\n```\n",
  meting: "```meting\nid: |\nvraag: Hoe warm is het nu in onze klas?\ngrootheid: temperatuur\neenheid: °C\nbereik: -5..45\nverwacht: 17..26\nherhaal: 3\nruimte: kiezen\ndeel: klas\n```\n",
  voorstel: "```voorstel\nid: |\nvraag: Wat kan onze school doen?\nthema: klimaat\nvelden: [titel, wat, waarom, wie]\ngroepje: ja\n```\n",
  leerkracht: "::: leerkracht\nAlleen de leerkracht leest dit.\n:::\n",
  niveau: "::: niveau verdieping\nVoor wie meer wil.\n:::\n",
  tip: "> [!TIP]\n> Goed om te weten.\n",
};
const PREFIX = { stap: "stap", volgorde: "q-volgorde", meting: "m-meting", voorstel: "v-voorstel" };
const PREVIEW_AFTER = 600;
const SAVE_AFTER = 4000;

const form = document.querySelector("[data-author]");
const text = form.elements.tekst;
const words = JSON.parse(form.dataset.words);
const state = form.querySelector("[data-state]");
const gutter = form.querySelector("[data-lines]");
const shown = form.querySelector("[data-shown]");
let kept = text.value;
let saving = false;
let stopped = false;
let lastAsked = 0;
let faulty = new Set();
const timers = {};

const later = (name, wait, job) => {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(job, wait);
};

function numberLines() {
  const count = text.value.split("\n").length;
  if (gutter.childElementCount !== count || gutter.dataset.faulty !== [...faulty].join()) {
    gutter.dataset.faulty = [...faulty].join();
    gutter.replaceChildren(...Array.from({ length: count }, (_unused, at) => {
      const line = document.createElement("div");
      line.textContent = at + 1;
      if (faulty.has(at + 1)) line.className = "fout";
      return line;
    }));
  }
  gutter.scrollTop = text.scrollTop;
}

function freeId(prefix) {
  let number = 1;
  while (new RegExp(`(#|id:\\s*)${prefix}-${number}(?![\\w-])`).test(text.value)) number += 1;
  return `${prefix}-${number}`;
}

function insert(block) {
  // A block stands on lines of its own, with empty lines around it.
  const start = text.selectionStart;
  const lineEnd = text.value.indexOf("\n", start);
  const place = lineEnd < 0 ? text.value.length : lineEnd;
  const before = text.value.slice(0, place).replace(/\s*$/, "");
  const after = text.value.slice(place).replace(/^\n*/, "");
  text.setRangeText(`\n\n${block}\n`, before.length, text.value.length - after.length, "end");
  text.focus();
  changed();
}

function toLine(number) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[number - 1] ?? "").length);
  text.scrollTop = Math.max(0, (number - 4) * parseFloat(getComputedStyle(text).lineHeight));
  text.scrollIntoView({ block: "nearest" });
}

async function preview() {
  const asked = ++lastAsked;
  const body = new FormData(form);
  body.set("stukje", "1");
  try {
    const answer = await fetch(form.dataset.preview, { method: "POST", body });
    if (!answer.ok || asked !== lastAsked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const sound = Number(page.querySelector("[data-errors]").dataset.errors) === 0;
    faulty = new Set([...page.querySelectorAll(".ernstig [data-line]")].map((link) => Number(link.dataset.line)));
    // While something is wrong the last good picture stays, with the new list of faults above it.
    const old = shown.querySelector(".voorbeeld");
    const fresh = page.querySelector(".voorbeeld");
    shown.replaceChildren(page.querySelector(".foutenlijst"), !sound && old ? old : fresh);
    numberLines();
  } catch {
    // No network: the preview stays as it is, and saving says so.
  }
}

async function save() {
  if (saving || stopped || text.value === kept || !state) return;
  saving = true;
  const sent = text.value;
  state.textContent = words.saving;
  const body = new FormData(form);
  body.set("vanzelf", "1");
  try {
    const answer = await fetch(form.dataset.save, { method: "POST", body, headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (answer.status === 409) {
      const link = document.createElement("a");
      link.href = told.conflict;
      link.textContent = words.compare;
      state.replaceChildren(`${words.conflict} `, link);
      kept = sent;
    } else if (answer.ok) {
      kept = sent;
      form.elements.revisie.value = told.revision;
      state.textContent = words.saved.replace("{time}", new Date().toLocaleTimeString("nl-BE", { hour: "2-digit", minute: "2-digit" }));
    } else {
      state.textContent = told.fault ?? told.advice ?? words.failed;
    }
  } catch {
    state.textContent = words.failed;
  }
  saving = false;
  if (text.value !== kept) later("save", SAVE_AFTER, save);
}

function changed() {
  numberLines();
  later("preview", PREVIEW_AFTER, preview);
  later("save", SAVE_AFTER, save);
}

form.querySelector("[data-blocks]").hidden = text.readOnly;
form.querySelector("[data-look]").hidden = true;
form.addEventListener("click", (click) => {
  const button = click.target.closest("[data-block]");
  const line = click.target.closest("[data-line]");
  if (button) {
    const name = button.dataset.block;
    insert(BLOCKS[name].replace("|", freeId(PREFIX[name] ?? "q-vraag")));
  }
  if (line) {
    click.preventDefault();
    toLine(Number(line.dataset.line));
  }
});
for (const button of document.querySelectorAll("[data-insert]")) {
  button.hidden = false;
  button.addEventListener("click", () => insert(`${button.dataset.insert}\n`));
}
for (const other of document.querySelectorAll("main form:not([data-author])")) {
  // What was typed is saved before another form leaves the page.
  other.addEventListener("submit", async (leaving) => {
    if (text.value === kept || text.readOnly) return;
    leaving.preventDefault();
    await save();
    if (text.value === kept) other.submit();
  });
}
form.addEventListener("change", (change) => {
  if (change.target.name === "voor") {
    shown.querySelector(".voorbeeld")?.remove();
    preview();
  }
});
form.addEventListener("submit", () => {
  stopped = true;
});
addEventListener("pageshow", () => {
  stopped = false;
});
addEventListener("beforeunload", (leaving) => {
  if (!stopped && text.value !== kept) leaving.preventDefault();
});
text.addEventListener("input", changed);
text.addEventListener("scroll", () => {
  gutter.scrollTop = text.scrollTop;
});
numberLines();
