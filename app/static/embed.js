// <undersigned-signatories letter="URL of a letter" theme layout limit lang> shows the letter's
// signatories and grows with them. Until the list is there, and where it can't be had, what stands
// inside the element is shown: a link to the letter.
//
// The markup is that of the letter's embed page, so there is one template for both; that page has
// the same element around its content, marked `data-framed`, to grow and to tell its height.
// It works as a module and as a classic script, leaves no global name, and keeps nothing anywhere.

(() => {
  "use strict";

  const NAME = "undersigned-signatories";
  const OPTIONS = ["theme", "layout", "limit", "lang"];
  const SPREAD = 400; // ms in which the readers of one letter ask for it, not all at once
  const CACHED = 1_100; // ms that a cache on the way may be behind the event
  const PATIENCE = 15_000; // ms after which a stream without a word is one that a proxy holds back
  const PAUSE = 30_000; // ms between two questions where there is no stream, and as much by chance
  const LINGER = 1_000; // ms that a stream is kept for an element that is moved or changed
  const MOST_STREAMS = 3; // browsers without HTTP/2 have six connections to a site, for everything

  const TAGS = ["a", "bdi", "div", "h1", "h2", "h3", "img", "li", "p", "small", "span", "ul"];
  const ATTRIBUTES = /^(alt|class|data-(id|layout|part|revision|theme|updated)|dir|lang|loading|rel|target)$/;

  // One stream for each letter, however many elements of a page show it. Pages that nobody sees
  // have none: they would take the connections of those that are seen.
  const streams = new Map();

  class Stream {
    told = new Set();

    constructor(address) {
      this.address = address;
      this.open();
    }

    open() {
      this.close();
      if (document.hidden) return;
      if (!("EventSource" in window) || isEnough()) return this.poll();
      this.timer = setTimeout(() => this.poll(), PATIENCE);
      this.source = new EventSource(this.address);
      this.source.addEventListener("error", () => {
        if (this.source?.readyState === EventSource.CLOSED) this.poll();
      });
      this.source.addEventListener("signatories", (event) => {
        clearTimeout(this.timer);
        this.tell(JSON.parse(event.data).revision);
      });
    }

    poll() {
      this.close();
      this.tell();
      this.timer = setTimeout(() => this.open(), PAUSE * (1 + Math.random()));
    }

    tell(revision) {
      this.revision = revision;
      for (const heard of this.told) heard(revision);
    }

    close() {
      clearTimeout(this.timer);
      this.source?.close();
      this.source = undefined;
    }
  }

  const isEnough = () => [...streams.values()].filter((it) => it.source).length >= MOST_STREAMS;

  document.addEventListener("visibilitychange", () => {
    for (const stream of streams.values()) stream.open();
  });

  function follow(address, heard) {
    if (!streams.has(address)) streams.set(address, new Stream(address));
    const stream = streams.get(address);
    stream.told.add(heard);
    if (stream.revision) heard(stream.revision);
    return () => {
      stream.told.delete(heard);
      setTimeout(() => {
        if (stream.told.size || streams.get(address) !== stream) return;
        stream.close();
        streams.delete(address);
      }, LINGER);
    };
  }

  // The document that stands there, of which nothing runs; a DOMParser would need a policy for
  // trusted types, which strict sites don't have.
  const parsed = (address) => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.onload = () => {
      const isList = request.status === 200 && request.response?.querySelector(".embed");
      isList ? resolve(request.response) : reject(new Error(`No list at ${address}`));
    };
    request.onerror = reject;
    request.open("GET", address);
    request.send();
  });

  const boxOf = (page) => page.querySelector(".embed");

  async function fetched(address, revision) {
    const page = await parsed(address);
    if (!revision || boxOf(page).dataset.revision === revision) return page;
    await fetch(address, { cache: "no-cache" }); // the browser's own copy was of the moment before
    return parsed(address);
  }

  // Style sheets made by script are allowed where a site's policy forbids <style>.
  const sheets = new Map();

  function sheet(address) {
    if (!sheets.has(address)) sheets.set(address, madeSheet(address));
    sheets.get(address).catch(() => sheets.delete(address));
    return sheets.get(address);
  }

  async function madeSheet(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`No style at ${address}`);
    return new CSSStyleSheet().replace(await answer.text());
  }

  class Signatories extends HTMLElement {
    static observedAttributes = ["letter", ...OPTIONS];
    #leave;
    #address;
    #latest;
    #shown;
    #round;
    #timer;
    #status;
    #sizes;
    #isHere = false;

    connectedCallback() {
      if (this.#isFramed) this.#becomeFrame();
      this.#isHere = true;
      this.#restart();
    }

    disconnectedCallback() {
      this.#isHere = false;
      this.#stop();
      this.#sizes?.disconnect();
    }

    attributeChangedCallback(_name, before, now) {
      if (this.#isHere && before !== now) this.#restart();
    }

    // Once, however often it is moved and whatever is set until then.
    #restart() {
      this.#stop();
      this.#timer = setTimeout(() => this.#start());
    }

    get #isFramed() {
      return "framed" in this.dataset && boxOf(this) !== null;
    }

    #start() {
      const letter = this.#letter();
      if (!letter) return;
      const given = OPTIONS.filter((name) => this.getAttribute(name));
      const query = new URLSearchParams(given.map((name) => [name, this.getAttribute(name)]));
      this.#address = this.#isFramed ? location.href : `${letter}/embed?${query}`;
      this.#leave = follow(`${letter}/live`, this.#heard);
      if (!this.#isFramed) this.#load();
    }

    #stop() {
      this.#leave?.();
      this.#leave = this.#round = this.#latest = undefined;
      clearTimeout(this.#timer);
    }

    // The letter's address without its query and a slash too many; "" if there is none.
    #letter() {
      const given = this.getAttribute("letter");
      if (!given) return "";
      try {
        const { protocol, origin, pathname } = new URL(given, document.baseURI);
        return /^https?:$/.test(protocol) ? origin + pathname.replace(/\/+$/, "") : "";
      } catch {
        return "";
      }
    }

    #heard = (revision) => {
      this.#latest = revision;
      this.#soon(Math.random() * SPREAD);
    };

    #soon(wait, again = true) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        if (!this.#latest || this.#latest !== this.#shown) this.#load(again);
      }, wait);
    }

    async #load(again = true) {
      const round = this.#round = {};
      try {
        const page = await fetched(this.#address, this.#latest);
        const style = this.#isFramed || await sheet(page.querySelector("link[rel=stylesheet]").href);
        if (round !== this.#round) return; // something newer was asked for meanwhile
        this.#show(copied(boxOf(page)), style);
        if (again && this.#latest) this.#soon(CACHED, false); // unless it is the latest
      } catch {
        // What is shown stays: the list as it was, or the link that stood here before.
      }
    }

    #show(box, style) {
      const root = this.#isFramed ? this : this.shadowRoot ?? this.attachShadow({ mode: "open" });
      if (!this.#isFramed) root.adoptedStyleSheets = [style];
      if (!this.#status) root.append(this.#status = statusLine());
      if (!this.#isFramed) fit(box);
      const before = boxOf(root);
      const focused = (this.shadowRoot ?? document).activeElement;
      const hadFocus = before?.contains(focused);
      if (before) {
        keepLines(before, box);
        before.replaceWith(box);
      } else root.append(box);
      if (hadFocus) focusAgain(box, focused);
      const { revision, updated } = box.dataset;
      if (this.#shown && this.#shown !== revision) this.#status.textContent = updated;
      this.#shown = revision;
    }

    #becomeFrame() {
      this.#shown = boxOf(this).dataset.revision;
      if (!this.#status) this.append(this.#status = statusLine());
      this.#sizes = new ResizeObserver(() => {
        const height = Math.ceil(this.getBoundingClientRect().height);
        parent.postMessage({ type: "undersigned-height", height }, "*");
      });
      this.#sizes.observe(this);
    }
  }

  // Says politely that the list has grown.
  function statusLine() {
    const line = document.createElement("p");
    line.className = "visually-hidden";
    line.setAttribute("role", "status");
    return line;
  }

  // Made anew of what a list consists of, addresses absolute: whoever gets a site to show a letter
  // from elsewhere gets no script in, nor anything that could run.
  function copied(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (!TAGS.includes(node.localName)) return "";
    const made = document.createElement(node.localName);
    for (const { name, value } of node.attributes) {
      if (ATTRIBUTES.test(name)) made.setAttribute(name, value);
    }
    if (/^https?:/.test(node.href)) made.href = node.href;
    if (/^https?:/.test(node.src)) made.src = node.src;
    made.append(...[...node.childNodes].map(copied));
    return made;
  }

  // Within somebody else's page the title is no heading of the first level, and the parts have the
  // names that its style reaches them by; <part> is no attribute that checkers of HTML know.
  function fit(box) {
    for (const part of [box, ...box.querySelectorAll("[data-part]")]) part.part = part.dataset.part;
    for (const heading of box.querySelectorAll("h1, h2, h3")) {
      heading.setAttribute("aria-level", Number(heading.localName[1]) + 1);
    }
  }

  // Lines that are the same stay where they are, with their pictures; new ones are marked.
  function keepLines(before, box) {
    const known = new Map([...before.querySelectorAll("li")].map((line) => [line.dataset.id, line]));
    for (const line of box.querySelectorAll("li")) {
      const same = known.get(line.dataset.id);
      if (same?.isEqualNode(line)) line.replaceWith(same);
      else if (!same) line.classList.add("new");
    }
  }

  function focusAgain(box, link) {
    const same = [...box.querySelectorAll("a")].find(({ href }) => href === link.href);
    same?.focus({ preventScroll: true });
  }

  // A page may have loaded this twice.
  if (!customElements.get(NAME)) customElements.define(NAME, Signatories);
})();
