// Keeps the list of signatories on an open letter page up to date: a live event names the new
// revision, and the list is then rebuilt from signatories.json. The rows are those of
// templates/macros/signatories.html.

const section = document.querySelector("[data-live]");
const language = document.documentElement.lang;
const regions = new Intl.DisplayNames([language, "en"], { type: "region" });
let shown = section?.dataset.revision;

if (section && "EventSource" in window) {
  const source = new EventSource(section.dataset.live);
  source.addEventListener("signatories", (event) => {
    const { revision } = JSON.parse(event.data);
    // Readers of one letter spread out their requests instead of asking in the same instant.
    if (revision !== shown) setTimeout(refresh, Math.random() * 400, revision);
  });
}

async function refresh(revision, again = true) {
  const answer = await fetch(section.dataset.source, { cache: "no-cache" }).catch(() => null);
  if (!answer?.ok) return;
  const list = await answer.json();
  // A cache on the way may be one second behind the event.
  if (again && list.revision !== revision) setTimeout(refresh, 1100, revision, false);
  else if (list.revision !== shown) show(list);
}

function show({ count, revision, signatories }) {
  shown = revision;
  const first = signatories.slice(0, Number(section.dataset.limit));
  const known = new Set([...section.querySelectorAll("[data-id]")].map((row) => row.dataset.id));
  const focused = section.contains(document.activeElement) && document.activeElement.closest("[data-id]");
  for (const group of section.querySelectorAll("[data-kind]")) {
    const listed = first.filter(({ kind }) => kind === group.dataset.kind);
    for (const part of group.querySelectorAll("ol, h4")) part.remove();
    group.append(...lists(listed, section.querySelector("h2")));
    for (const line of group.querySelectorAll("li")) line.classList.toggle("new", !known.has(line.dataset.id));
    group.hidden = !listed.length;
  }
  if (focused) focusAgain(focused.dataset.id);
  for (const number of document.querySelectorAll("[data-count]")) {
    number.textContent = count[number.dataset.count].toLocaleString(language);
  }
  section.querySelector(".empty-list")?.remove();
  const total = count.total.toLocaleString(language);
  const announcement = section.querySelector("[data-announcement]");
  announcement.textContent = section.dataset.updated.replace("{count}", total);
}

// Whoever walks the list with the keyboard stays where they are, or at the list if that line is gone.
function focusAgain(id) {
  const link = section.querySelector(`[data-id="${CSS.escape(id)}"] a`);
  (link ?? section).focus({ preventScroll: true });
}

// One list, or one under each group's heading, which is in the letter's language as `title` is.
function lists(signatories, { lang, dir }) {
  const parts = [];
  let heading;
  for (const signatory of signatories) {
    const group = signatory.group ?? "";
    if (group !== heading) {
      if (group) parts.push(headed(group, lang, dir));
      parts.push(element("ol", "", "signatories"));
      heading = group;
    }
    parts.at(-1).append(row(signatory));
  }
  return parts;
}

function headed(group, lang, dir) {
  const heading = element("h4");
  heading.append(Object.assign(element("bdi", group), { lang, dir }));
  return heading;
}

function row(signatory) {
  const line = element("li");
  line.id = `s-${signatory.id}`;
  line.dataset.id = signatory.id;
  if (signatory.logo) {
    line.append(Object.assign(element("img"), { src: signatory.logo, alt: "", loading: "lazy" }));
  }
  const isOrganisation = signatory.kind === "organisation";
  const words = element("div");
  const name = isOrganisation ? signatory.organisation : signatory.name;
  words.append(linked(name, signatory.website), " ");
  if (signatory.reported) words.append(element("span", section.dataset.reported, "reported"));
  const details = element("p", "", "details");
  const isEarlier = String(signatory.version) !== section.dataset.version;
  const facts = [
    isOrganisation && signatory.name,
    signatory.role,
    !isOrganisation && signatory.organisation,
    signatory.country && regions.of(signatory.country),
    isEarlier && section.dataset.earlier.replace("{number}", signatory.version),
  ].filter(Boolean);
  facts.forEach((fact, index) => details.append(index ? " · " : "", element("bdi", fact)));
  details.append(" ", dispute(signatory, name, isOrganisation));
  words.append(details);
  line.append(words);
  return line;
}

function dispute({ id }, name, isOrganisation) {
  const { dispute: address, notUs, notMe } = section.dataset;
  const link = element("a", isOrganisation ? notUs : notMe, "dispute");
  link.href = address.replace("{id}", encodeURIComponent(id));
  link.rel = "nofollow";
  const whose = element("span", " ", "visually-hidden");
  whose.append(element("bdi", name));
  link.append(whose);
  return link;
}

function linked(name, website) {
  if (!/^https?:\/\//.test(website ?? "")) return element("bdi", name, "name");
  const link = element("a", "", "name");
  link.href = website;
  link.rel = "nofollow noopener noreferrer";
  link.append(element("bdi", name));
  return link;
}

function element(tag, text = "", className = "") {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}
