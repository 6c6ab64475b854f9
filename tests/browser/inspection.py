"""What is looked at on every page: axe's rules, overflow on a phone and with large text, words in another language."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, ViewportSize

from tests.browser.people import Person

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 320, "height": 800}
LARGE_TEXT: ViewportSize = {"width": 1280, "height": 900}
NAMES = {"CSV", "XLSX", "Excel", "English", "iCalendar", "Atom", "HTML"}

RUN_AXE = """async (tags) => {
  const found = await axe.run(document, {
    runOnly: {type: "tag", values: tags}, resultTypes: ["violations"], iframes: false, preload: false,
  });
  const place = (node) => `${node.target.join(" ")} ${node.any[0]?.message ?? ""}`;
  return found.violations.map((each) => `${each.id}: ` + each.nodes.slice(0, 3).map(place).join(" | "));
}"""
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return null;
  const wide = [...document.body.querySelectorAll("*")].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width && box.right > width + 0.5;
  });
  const name = (each) => [each.localName, ...each.classList].join(".");
  return `${document.documentElement.scrollWidth} wide: ` + wide.slice(0, 4).map(name).join(" ");
}"""
LATIN = """() => {
  const found = [];
  for (const each of document.querySelectorAll("label, legend, th, button, summary, h1, h2, h3")) {
    if (each.closest("[lang=en], iframe") || each.querySelector("[lang=en]") || !each.checkVisibility()) continue;
    const words = (each.textContent || "").trim();
    if (/[A-Za-z]{2}/.test(words) && !/[\\u3400-\\u9fff]/.test(words)) found.push(words);
  }
  return found;
}"""
TEXT_SIZE = "size => { document.documentElement.style.fontSize = size }"


def prepare(person: Person) -> None:
    """Put axe into every page that this person will open."""
    person.context.add_init_script(path=AXE)


def findings(person: Person, name: str) -> list[str]:
    """Everything that is wrong with the page that stands open, in words that begin with its name."""
    page = person.page
    page.set_viewport_size(DESKTOP)
    found = [f"1440: {each}" for each in page.evaluate(RUN_AXE, TAGS)]
    if person.say.language == "zh":
        found += [f"not Chinese: {each}" for each in page.evaluate(LATIN) if each not in NAMES]
    page.set_viewport_size(PHONE)
    found += _overflow(page, "320")
    if person.say.language == "zh":
        found += [f"320: {each}" for each in page.evaluate(RUN_AXE, TAGS)]
    page.set_viewport_size(LARGE_TEXT)
    page.evaluate(TEXT_SIZE, "200%")
    found += _overflow(page, "200 %")
    page.evaluate(TEXT_SIZE, "")
    found += person.problems
    person.problems.clear()
    return [f"{name} ({person.say.language}) {each}" for each in found]


def _overflow(page: Page, name: str) -> list[str]:
    words = page.evaluate(OVERFLOW)
    return [f"{name}: {words}"] if words else []
