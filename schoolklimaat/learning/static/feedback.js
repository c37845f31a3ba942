// Reading open answers with the keyboard: Alt + digit writes one of the own sentences, Ctrl + Enter keeps everything.

const form = document.querySelector("[data-feedback]");
const sentences = [...document.querySelectorAll("[data-sentence]")].map((each) => each.dataset.sentence);
let last = null;
let kept = false;

function write(sentence) {
  const field = last ?? form.querySelector("textarea");
  field.value = field.value.trim() ? `${field.value.trimEnd()} ${sentence}` : sentence;
  field.focus();
}

if (form) {
  form.addEventListener("focusin", (event) => {
    if (event.target.matches("textarea")) last = event.target;
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[value=bewaar]"));
    }
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    if (event.altKey && digit && sentences[digit[1] - 1] !== undefined) {
      event.preventDefault();
      write(sentences[digit[1] - 1]);
    }
  });
  form.addEventListener("submit", () => {
    kept = true;
  });
  window.addEventListener("beforeunload", (event) => {
    const typed = [...form.querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue);
    if (typed && !kept) event.preventDefault();
  });
}
