// Follows a message on its way: asks for its figures until all its mails have left.

const progress = document.querySelector("[data-progress]");
const PAUSE = 2000;

if (progress?.dataset.status === "sending") {
  progress.querySelector("[data-look-again]").hidden = true;
  setTimeout(look, PAUSE);
}

async function look() {
  const answer = await fetch(progress.dataset.progress, { headers: { accept: "application/json" } });
  if (!answer.ok || answer.redirected) return;
  const { status, sentence, figures } = await answer.json();
  if (status !== "sending") {
    location.reload();
    return;
  }
  progress.querySelector("[data-sentence]").textContent = sentence;
  for (const shown of progress.querySelectorAll("[data-figure]")) {
    shown.textContent = figures[shown.dataset.figure];
  }
  setTimeout(look, PAUSE);
}
