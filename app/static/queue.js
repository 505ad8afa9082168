// Single keys in the review queue. They work only while the focus is inside the list and not in a
// field, so that they get in nobody's way. Every key presses what stands on the page anyway.

const queue = document.querySelector("[data-queue]");
const keys = document.querySelector("[data-keys]");
const all = document.querySelector("[data-all]");
const PLACE = "queue-place";

const PRESS = {
  j: (entry) => entry.nextElementSibling?.focus(),
  k: (entry) => entry.previousElementSibling?.focus(),
  a: (entry) => entry.querySelector(".approve")?.click(),
  d: decline,
  q: (entry) => entry.querySelector(".ask")?.click(),
  e: (entry) => entry.querySelector(".edit")?.click(),
  x: (entry) => entry.querySelector("input[name=id]")?.click(),
  u: () => document.querySelector(".undo")?.click(),
  "?": () => { keys.open = !keys.open; },
};

if (queue) {
  keys.hidden = false;
  queue.addEventListener("keydown", press);
  queue.addEventListener("submit", remember);
  resume();
}
all?.addEventListener("change", () => {
  for (const box of boxes()) box.checked = all.checked;
});
queue?.addEventListener("change", () => {
  if (all) all.checked = boxes().every((box) => box.checked);
});

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in PRESS)) return;
  if (event.target.closest("textarea, select, input:not([type=checkbox])")) return;
  event.preventDefault();
  PRESS[event.key](event.target.closest(".entry"));
}

function decline(entry) {
  const details = entry.querySelector(".decline");
  if (!details) return;
  details.open = true;
  details.querySelector("textarea").focus();
}

// After a decision the page comes anew, without the entry: the one that took its place is next.
function remember(event) {
  const entry = event.target.closest(".entry");
  if (entry) sessionStorage.setItem(PLACE, [...queue.children].indexOf(entry));
}

function resume() {
  const place = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  if (place === null || location.hash || !document.querySelector("[data-done]")) return;
  queue.children[Math.min(Number(place), queue.children.length - 1)].focus();
}

function boxes() {
  return [...queue.querySelectorAll("input[name=id]")];
}
