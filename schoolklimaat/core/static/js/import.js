// Shows how far an import is, and loads the page again when the worker is done with this step.
const box = document.querySelector("[data-import-progress]");
const bar = box?.querySelector("progress");

async function ask() {
  try {
    const answer = await fetch(box.dataset.importProgress, { headers: { Accept: "application/json" } });
    const { state, progress } = await answer.json();
    bar.value = progress;
    if (state !== "reading" && state !== "writing") {
      location.reload();
      return;
    }
  } catch {
    // The network is away for a moment: ask again.
  }
  setTimeout(ask, 500);
}

if (box) setTimeout(ask, 300);
