// Single keys in the review queue. They work only while the focus is inside the list and not in a
// field, so that they get in nobody's way.

const queue = document.querySelector("[data-queue]");
const KEYS = { j: (entry) => entry.nextElementSibling, k: (entry) => entry.previousElementSibling };

if (queue) {
  document.querySelector("[data-keys]").hidden = false;
  queue.addEventListener("keydown", press);
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) return;
  const entry = event.target.closest(".entry");
  if (event.key in KEYS) KEYS[event.key](entry)?.focus();
  else if (event.key === "a") entry.querySelector(".approve")?.focus();
  else if (event.key === "d") decline(entry);
  else return;
  event.preventDefault();
}

function decline(entry) {
  const details = entry.querySelector(".decline");
  if (!details) return;
  details.open = true;
  details.querySelector("textarea").focus();
}
