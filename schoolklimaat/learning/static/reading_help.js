// Reading aloud with the browser's own voice, and wider letters for who reads better with them.

const SPACING = "schoolklimaat-ruim";

export function startReading(root) {
  const button = root.querySelector("[data-read]");
  if (!button || !("speechSynthesis" in window)) return;
  const word = button.querySelector("[data-read-word]");
  const idle = word.textContent;
  button.hidden = false;
  const stop = () => {
    window.speechSynthesis.cancel();
    word.textContent = idle;
  };
  button.addEventListener("click", () => {
    if (window.speechSynthesis.speaking) {
      stop();
      return;
    }
    const parts = [root.querySelector("h1"), ...root.querySelectorAll("[data-readable] .lestekst, [data-readable] .samenvatting, .vraagtekst, .vraag legend, .keuze > span")];
    for (const part of parts) {
      const said = new SpeechSynthesisUtterance(part.innerText);
      said.lang = document.documentElement.lang;
      said.rate = 0.95;
      if (part === parts.at(-1)) said.onend = stop;
      window.speechSynthesis.speak(said);
    }
    word.textContent = word.dataset.stop;
  });
  window.addEventListener("pagehide", stop);
}

export function startSpacing() {
  const button = document.querySelector("[data-spacing]");
  if (!button) return;
  const show = (wide) => {
    document.body.classList.toggle("ruime-letters", wide);
    button.setAttribute("aria-pressed", String(wide));
  };
  button.hidden = false;
  show(localStorage.getItem(SPACING) === "ja");
  button.addEventListener("click", () => {
    const wide = !document.body.classList.contains("ruime-letters");
    localStorage.setItem(SPACING, wide ? "ja" : "nee");
    show(wide);
  });
}
