/* Rich text on `textarea[data-editor]`: headings, bold, lists, quotations, links. The textarea stays the form's field:
   HTML is written back into it on every change. Without JavaScript the textarea itself is edited. */

const labels = JSON.parse(document.querySelector("script[data-labels]").dataset.labels);
const ARROW = {
  undo: '<svg viewBox="0 0 18 18"><path class="ql-stroke" d="M6 3 3 6l3 3M3 6h7a4 4 0 0 1 0 8H7"/></svg>',
  redo: '<svg viewBox="0 0 18 18"><path class="ql-stroke" d="m12 3 3 3-3 3m3-3H8a4 4 0 0 0 0 8h3"/></svg>',
};
const TOOLS = [
  [["header", "2", labels.heading], ["header", "3", labels.subheading]],
  [["bold", "", labels.bold]],
  [["list", "ordered", labels.ordered], ["list", "bullet", labels.bullet], ["blockquote", "", labels.blockquote]],
  [["link", "", labels.link], ["clean", "", labels.clean]],
  [["undo", "", labels.undo], ["redo", "", labels.redo]],
];

function toolbarFor() {
  const bar = document.createElement("div");
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", labels.toolbar);
  for (const group of TOOLS) {
    const span = document.createElement("span");
    span.className = "ql-formats";
    for (const [format, value, label] of group) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `ql-${format}`;
      button.value = value;
      button.title = label;
      if (ARROW[format]) button.innerHTML = ARROW[format];
      span.append(button);
    }
    bar.append(span);
  }
  return bar;
}

/** Quill names its buttons in English when it starts: say them in the page's language. */
function nameTools(bar, quill) {
  bar.querySelectorAll("button").forEach((button) => button.setAttribute("aria-label", button.title));
  const input = quill.theme.tooltip?.root.querySelector("input");
  if (input) {
    input.setAttribute("aria-label", labels.address);
    input.dataset.link = "https://";
  }
}

function htmlOf(quill) {
  if (!quill.getText().trim()) return "";
  return quill.getSemanticHTML().replaceAll("&nbsp;", " ");
}

function edit(textarea) {
  const frame = document.createElement("div");
  const bar = toolbarFor();
  const place = document.createElement("div");
  frame.className = "editor";
  frame.append(bar, place);
  textarea.before(frame);
  textarea.classList.add("govuk-visually-hidden");
  textarea.tabIndex = -1;
  textarea.setAttribute("aria-hidden", "true");
  const quill = new window.Quill(place, {
    theme: "snow",
    formats: ["header", "bold", "list", "blockquote", "link"],
    modules: {
      toolbar: {
        container: bar,
        handlers: { undo: () => quill.history.undo(), redo: () => quill.history.redo() },
      },
    },
  });
  nameTools(bar, quill);
  const load = () => quill.setContents(quill.clipboard.convert({ html: textarea.value, text: "" }), "silent");
  load();
  quill.history.clear();
  describe(quill.root, textarea);
  quill.on("text-change", () => {
    textarea.value = htmlOf(quill);
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  });
  textarea.addEventListener("focus", () => quill.focus());
  textarea.form?.addEventListener("reset", () => window.setTimeout(load));
}

function describe(root, textarea) {
  const label = textarea.labels?.[0];
  root.setAttribute("role", "textbox");
  root.setAttribute("aria-multiline", "true");
  if (textarea.lang) root.lang = textarea.lang;
  if (label) {
    label.id ||= `${textarea.id}-label`;
    root.setAttribute("aria-labelledby", label.id);
  }
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (textarea.hasAttribute(name)) root.setAttribute(name, textarea.getAttribute(name));
  }
}

document.querySelectorAll("textarea[data-editor]").forEach(edit);
