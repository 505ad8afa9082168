// Says how long a letter can still be signed, and when that is where the reader is.

// Dates in English pages are written day first, as the server writes them.
const language = document.documentElement.lang.replace(/^en$/, "en-GB");
const span = new Intl.RelativeTimeFormat(language, { numeric: "always" });
// A browser without the language's words writes "2026 M12 17" and "+21 d"; the server's sentence
// above says it in the language.
const isKnown = !/^M\d+$/.test(new Intl.DateTimeFormat(language, { month: "long" }).format());
const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

for (const note of document.querySelectorAll("[data-deadline]")) {
  say(note);
  setInterval(say, MINUTE / 2, note);
}

function say(note) {
  const { deadline, closes, closed, local } = note.dataset;
  const left = new Date(deadline) - Date.now();
  if (left > 0 && !isKnown) return;
  const sentences = left > 0 ? [closes.replace("{when}", inWords(left))] : [closed];
  if (left > 0 && local && !isOwnClock(deadline)) sentences.push(local.replace("{moment}", here(deadline)));
  const text = sentences.join(" ");
  if (note.textContent !== text) note.textContent = text;
}

function inWords(left) {
  if (left >= 2 * DAY) return span.format(Math.floor(left / DAY), "day");
  if (left >= 2 * HOUR) return span.format(Math.floor(left / HOUR), "hour");
  return span.format(Math.max(1, Math.floor(left / MINUTE)), "minute");
}

function isOwnClock(deadline) {
  const offset = /([+-])(\d\d):(\d\d)$/.exec(deadline) ?? [null, "+", "0", "0"];
  const minutes = Number(`${offset[1]}1`) * (Number(offset[2]) * 60 + Number(offset[3]));
  return minutes === -new Date(deadline).getTimezoneOffset();
}

function here(deadline) {
  const day = { day: "numeric", month: "long", year: "numeric" };
  const clock = { hour: "numeric", minute: "2-digit", timeZoneName: "short" };
  return new Intl.DateTimeFormat(language, { ...day, ...clock }).format(new Date(deadline));
}
