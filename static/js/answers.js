/* The page of answers keeps itself up to date, and opens one place's story beside the list. Without it a reload does. */

const EVERY = 15_000;
const LONGEST = 120_000;
const page = document.getElementById("replies");
const live = document.getElementById("live");

/** What a refresh replaces: filters, an opened story and the focus stay as they are. */
const PARTS = ["answers-counts", "answers", "next-step"];

let wait = EVERY;
let timer = 0;
let asking = false;
let paused = false;

function later(delay) {
  window.clearTimeout(timer);
  timer = window.setTimeout(ask, delay);
}

/** Asks with one small request whether something changed; only then is the page fetched. */
async function ask() {
  if (asking || paused || document.hidden || !live.dataset.mark) return;
  asking = true;
  try {
    const query = new URLSearchParams({ mark: live.dataset.mark, seen: live.dataset.tag });
    const answer = await fetch(`${live.dataset.changes}?${query}`, { cache: "no-store" });
    if (answer.status === 404) return stop();
    if (answer.status === 200) await refresh();
    else if (answer.status !== 204) throw new Error(answer.statusText);
    wait = EVERY;
  } catch {
    wait = Math.min(wait * 2, LONGEST);
  } finally {
    asking = false;
  }
  later(wait);
}

async function refresh() {
  const address = new URL(window.location.href);
  address.hash = "";
  const answer = await fetch(address, { cache: "no-store", redirect: "error" });
  if (!answer.ok) throw new Error(answer.statusText);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = fresh.getElementById("live");
  if (!now) throw new Error("not the page of answers");
  PARTS.forEach((id) => swap(id, fresh));
  live.dataset.tag = now.dataset.tag;
  live.dataset.mark = now.dataset.mark;
  document.getElementById("live-said").textContent = now.dataset.said;
  document.getElementById("live-when").textContent = now.dataset.when;
}

/** Puts the new part in place; a focused link, the scrolled region and the opened cell are as before. */
function swap(id, fresh) {
  const old = document.getElementById(id);
  const part = fresh.getElementById(id);
  if (!old || !part) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const region = old.querySelector(".table-region");
  const left = region ? region.scrollLeft : 0;
  const opened = old.querySelector("td.current a");
  old.replaceWith(document.adoptNode(part));
  const scrolled = part.querySelector(".table-region");
  if (scrolled) scrolled.scrollLeft = left;
  if (opened) mark(part, opened.getAttribute("href"));
  if (focused && focused !== document.body) focusAgain(part, focused);
}

function focusAgain(part, focused) {
  const href = focused.getAttribute("href");
  const again = href ? find(part, href) : part.querySelector(".table-region");
  if (again) again.focus({ preventScroll: true });
}

function find(part, href) {
  return [...part.querySelectorAll("a[href]")].find((link) => link.getAttribute("href") === href);
}

function mark(part, href) {
  part.querySelectorAll("td.current").forEach((cell) => cell.classList.remove("current"));
  const cell = find(part, href)?.closest("td");
  if (cell) cell.classList.add("current");
}

function stop() {
  window.clearTimeout(timer);
  live.dataset.mark = "";
  live.hidden = true;
}

/** Content that changes by itself can be stopped (WCAG 2.2.2). */
function pause(button) {
  paused = !paused;
  button.setAttribute("aria-pressed", String(paused));
  if (paused) window.clearTimeout(timer);
  else ask();
}

/** A place's story beside the list, loaded when it is asked for. */
async function open(link) {
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" }, redirect: "error" });
  if (!answer.ok) throw new Error(answer.statusText);
  const text = await answer.text();
  const panel = new DOMParser().parseFromString(text, "text/html").getElementById("place");
  if (!panel) throw new Error("no story");
  const aside = asideOf();
  aside.replaceChildren(document.adoptNode(panel));
  mark(document.getElementById("answers"), link.getAttribute("href"));
  const heading = panel.querySelector("h2");
  heading.tabIndex = -1;
  heading.focus();
  panel.scrollIntoView({ block: "nearest" });
}

function asideOf() {
  const body = document.querySelector(".page-body");
  let aside = body.querySelector(".page-aside");
  if (!aside) {
    aside = document.createElement("aside");
    aside.className = "page-aside";
    aside.setAttribute("aria-label", live.dataset.aside);
    body.append(aside);
    body.classList.add("with-panel");
  }
  return aside;
}

function close() {
  const shown = document.querySelector("#answers td.current a");
  document.querySelector(".page-aside")?.remove();
  document.querySelector(".page-body").classList.remove("with-panel");
  if (shown) {
    shown.closest("td").classList.remove("current");
    shown.focus({ preventScroll: true });
  }
}

function isPlain(event) {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  if (!link || !isPlain(event)) return;
  if (link.closest("#answers td") && /\/invitations\/places\/\d+$/.test(link.href)) {
    event.preventDefault();
    try {
      await open(link);
    } catch {
      window.location.assign(link.href);
    }
  } else if (link.hasAttribute("data-closes")) {
    event.preventDefault();
    close();
  }
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) ask();
});
if (page && live) {
  live.hidden = false;
  live.querySelector("button").addEventListener("click", (event) => pause(event.currentTarget));
  later(EVERY);
}
