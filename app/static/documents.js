// Follows the making of documents: asks for their states until none is on its way.

const lists = [...document.querySelectorAll("[data-documents]")];
const PAUSE = 1500;

if (pending()) {
  document.querySelector("[data-look-again]").hidden = true;
  setTimeout(look, PAUSE);
}

function pending() {
  return document.querySelector('[data-state="waiting"], [data-state="making"]');
}

async function look() {
  const answer = await fetch(lists[0].dataset.documents, { headers: { accept: "application/json" } });
  if (!answer.ok || answer.redirected) return;
  const states = await answer.json();
  for (const line of document.querySelectorAll("[data-document]")) show(line, states[line.dataset.document]);
  if (pending()) setTimeout(look, PAUSE);
}

function show(line, facts) {
  if (!facts || facts.state === line.dataset.state) return;
  line.dataset.state = facts.state;
  line.querySelector(".document-state").textContent = facts.sentence;
}
