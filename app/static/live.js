// Keeps the list of signatories on an open page up to date: a live event names the new revision, and
// the list is then taken from the page as it is now, so that there is one template for both. Where
// a page shows later lines, or some that somebody looked for (`data-still`), nothing is moved under
// the reader's eyes: it says that the list has changed.

const SPREAD = 400; // ms in which the readers of one letter ask for it, not all at once
const CACHED = 1_100; // ms that a cache on the way may be behind the event
const PATIENCE = 15_000; // ms after which a stream without a word is one that a proxy holds back
const PAUSE = 30_000; // ms between two questions where there is no stream, and as much by chance

const section = document.querySelector("[data-live]");
const isStill = section?.hasAttribute("data-still");
let shown = section?.dataset.revision;
let latest, source, silence, waiting, round;

if (section) {
  if (!document.hidden) listen();
  // A browser has six connections to a site over HTTP/1.1: pages that nobody sees leave theirs.
  document.addEventListener("visibilitychange", () => document.hidden ? leave() : listen());
}

// The browser opens the stream again by itself, and says what it heard last.
function listen() {
  if (!("EventSource" in window)) return poll();
  silence = setTimeout(poll, PATIENCE);
  source = new EventSource(section.dataset.live);
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) poll();
  });
  source.addEventListener("signatories", (event) => {
    clearTimeout(silence);
    latest = JSON.parse(event.data).revision;
    if (latest !== shown) isStill ? tell(latest) : soon(Math.random() * SPREAD);
  });
}

function leave() {
  clearTimeout(silence);
  clearTimeout(waiting);
  source?.close();
}

function poll() {
  leave();
  latest = undefined;
  soon(Math.random() * SPREAD);
  silence = setTimeout(listen, PAUSE * (1 + Math.random()));
}

function soon(wait, again = true) {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, wait, again);
}

async function refresh(again) {
  const mine = round = {};
  const page = await pageNow(again).catch(() => null);
  const list = page?.querySelector("[data-live]");
  if (!list || mine !== round) return; // what is shown stays, or something newer is on its way
  const { revision } = list.dataset;
  if (revision !== shown) isStill ? tell(revision) : show(list);
  if (again && latest && latest !== revision) soon(CACHED, false);
}

// Read by the browser itself: a text made into a document by script would need a policy for it.
async function pageNow(again) {
  // The browser's own copy may be of the moment before.
  if (!again) await fetch(section.dataset.source, { cache: "no-cache" });
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.onload = () => resolve(request.status === 200 ? request.response : null);
    request.onerror = reject;
    request.open("GET", section.dataset.source);
    request.send();
  });
}

const newsIn = (part) => part.querySelector("[data-announcement]");

function tell(revision) {
  shown = revision;
  const news = section.querySelector("[data-changed]").content.cloneNode(true);
  newsIn(section).replaceChildren(news);
}

function show(list) {
  const { revision, updated } = list.dataset;
  shown = revision;
  const focused = section.contains(document.activeElement) && document.activeElement;
  for (const now of list.ownerDocument.querySelectorAll("[data-count]")) {
    for (const number of document.querySelectorAll(`[data-count="${now.dataset.count}"]`)) {
      number.textContent = now.textContent;
    }
  }
  const read = lineBeingRead();
  keepLines(list);
  newsIn(list).remove();
  const news = newsIn(section);
  for (const part of [...section.childNodes]) if (part !== news) part.remove();
  section.append(...list.childNodes);
  news.textContent = updated;
  if (focused) focusAgain(focused);
  const line = read && document.getElementById(read.id);
  if (line) scrollBy({ top: topOf(line) - read.top, behavior: "instant" });
}

const topOf = (part) => part.getBoundingClientRect().top;

// The first line on the screen, once the list's beginning has left it: there it stays.
function lineBeingRead() {
  if (topOf(section) > 0) return null;
  const line = [...section.querySelectorAll("[data-id]")].find((line) => topOf(line) >= 0);
  return line && { id: line.id, top: topOf(line) };
}

// Lines that are the same stay as they are, with their pictures; new ones are marked.
function keepLines(list) {
  const known = new Map();
  for (const line of section.querySelectorAll("[data-id]")) {
    line.classList.remove("new");
    if (!line.className) line.removeAttribute("class");
    known.set(line.dataset.id, line);
  }
  for (const line of list.querySelectorAll("[data-id]")) {
    const same = known.get(line.dataset.id);
    if (same?.isEqualNode(line)) line.replaceWith(same);
    else if (!same) line.classList.add("new");
  }
}

// Whoever walks the list with the keyboard stays where they are, or at the list if that line is gone.
function focusAgain({ href }) {
  const same = href && [...section.querySelectorAll("a")].find((link) => link.href === href);
  (same || section).focus({ preventScroll: true });
}
