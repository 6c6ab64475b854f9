/* Rich text on `textarea[data-editor]`: headings, bold, lists, quotations, links, tables, pictures. The textarea stays the
   form's field: HTML is written back into it on every change. Without JavaScript the textarea itself is edited.
   Tab leaves the editor as it leaves any field. */

const labels = JSON.parse(document.querySelector("script[data-labels]").dataset.labels);
const svg = (path) => `<svg viewBox="0 0 18 18"><path class="ql-stroke" d="${path}"/></svg>`;
const ICONS = {
  undo: svg("M6 3 3 6l3 3M3 6h7a4 4 0 0 1 0 8H7"),
  redo: svg("m12 3 3 3-3 3m3-3H8a4 4 0 0 0 0 8h3"),
  picture: svg("M2 4h14v10H2zM2 12l4-4 4 4 2-2 4 3M12 7h1"),
  "insert-table": svg("M2 4h14v10H2zM2 9h14M7 4v10M12 4v10"),
  "row-below": svg("M2 3h14v5H2zM9 11v5M6.5 13.5h5"),
  "column-right": svg("M3 2h5v14H3zM11 9h5M13.5 6.5v5"),
  "row-delete": svg("M2 3h14v5H2zM6 11l6 5M12 11l-6 5"),
  "column-delete": svg("M3 2h5v14H3zM11 6l5 6M16 6l-5 6"),
  "table-delete": svg("M2 4h14v10H2zM5 6l8 6M13 6l-8 6"),
};
const TOOLS = [
  [["header", "2", labels.heading], ["header", "3", labels.subheading]],
  [["bold", "", labels.bold]],
  [["list", "ordered", labels.ordered], ["list", "bullet", labels.bullet], ["blockquote", "", labels.blockquote]],
  [["link", "", labels.link], ["clean", "", labels.clean]],
  [["insert-table", "", labels.table]],
  [["undo", "", labels.undo], ["redo", "", labels.redo]],
];
const TABLE_TOOLS = [
  ["row-below", "insertRowBelow", labels.rowBelow],
  ["column-right", "insertColumnRight", labels.columnRight],
  ["row-delete", "deleteRow", labels.rowDelete],
  ["column-delete", "deleteColumn", labels.columnDelete],
  ["table-delete", "deleteTable", labels.tableDelete],
];
const editors = new Map();

/** A picture with its caption and its description for those who do not see it; one unit in the text. */
class Picture extends window.Quill.import("blots/block/embed") {
  static blotName = "picture";
  static tagName = "figure";

  static create(value) {
    const node = super.create();
    const image = document.createElement("img");
    image.src = value.src;
    image.alt = value.alt || "";
    if (value.width) [image.width, image.height] = [value.width, value.height];
    node.append(image);
    if (value.caption) {
      const caption = document.createElement("figcaption");
      caption.textContent = value.caption;
      node.append(caption);
    }
    node.setAttribute("contenteditable", "false");
    node.tabIndex = 0;
    node.setAttribute("role", "button");
    node.setAttribute("aria-label", `${labels.pictureChange}: ${value.alt || value.caption || ""}`);
    return node;
  }

  static value(node) {
    const image = node.querySelector("img");
    if (!image) return undefined;
    const side = (name) => Number(image.getAttribute(name)) || 0;
    return {
      src: image.getAttribute("src"),
      alt: image.alt,
      caption: node.querySelector("figcaption")?.textContent || "",
      width: side("width"),
      height: side("height"),
    };
  }

  html() {
    const clean = document.createElement("figure");
    clean.innerHTML = this.domNode.innerHTML;
    return clean.outerHTML;
  }
}
window.Quill.register(Picture, true);

function buttonOf(format, value, label) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `ql-${format}`;
  button.value = value;
  button.title = label;
  if (ICONS[format]) button.innerHTML = ICONS[format];
  return button;
}

function toolbarFor(hasPictures) {
  const bar = document.createElement("div");
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", labels.toolbar);
  const groups = hasPictures ? [...TOOLS.slice(0, -1), [["picture", "", labels.picture]], TOOLS.at(-1)] : TOOLS;
  for (const group of groups) {
    const span = document.createElement("span");
    span.className = "ql-formats";
    span.append(...group.map((tool) => buttonOf(...tool)));
    bar.append(span);
  }
  const inTable = document.createElement("span");
  inTable.className = "ql-formats in-table";
  inTable.hidden = true;
  inTable.append(...TABLE_TOOLS.map(([format, , label]) => buttonOf(format, "", label)));
  bar.append(inTable);
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

/** The first row of a table is its head; Quill knows plain cells only. */
function forEditor(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  page.querySelectorAll("table caption").forEach((caption) => {
    const line = document.createElement("p");
    line.innerHTML = caption.innerHTML;
    caption.closest("table").before(line);
    caption.remove();
  });
  page.querySelectorAll("th").forEach((head) => {
    const cell = document.createElement("td");
    cell.innerHTML = head.innerHTML;
    head.replaceWith(cell);
  });
  page.querySelectorAll("table").forEach((table) => {
    const body = document.createElement("tbody");
    body.append(...table.querySelectorAll("tr"));
    table.replaceChildren(body);
  });
  return page.body.innerHTML;
}

function fromEditor(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  page.querySelectorAll("table").forEach((table) => {
    const first = table.querySelector("tr");
    if (!first || table.rows.length < 2) return;
    for (const cell of [...first.cells]) {
      const head = document.createElement("th");
      head.innerHTML = cell.innerHTML;
      cell.replaceWith(head);
    }
    const top = document.createElement("thead");
    top.append(first);
    table.prepend(top);
  });
  return page.body.innerHTML;
}

function htmlOf(quill) {
  if (!quill.getText().trim() && !quill.root.querySelector("figure, table")) return "";
  const html = quill.getSemanticHTML().replaceAll("&nbsp;", " ").replaceAll(/<table style="[^"]*">/g, "<table>");
  return html.includes("<table") ? fromEditor(html) : html;
}

function edit(textarea) {
  const frame = document.createElement("div");
  const pictures = textarea.form?.dataset.pictures;
  const bar = toolbarFor(Boolean(pictures));
  const place = document.createElement("div");
  frame.className = "editor";
  frame.append(bar, place);
  textarea.before(frame);
  textarea.classList.add("govuk-visually-hidden");
  textarea.tabIndex = -1;
  textarea.setAttribute("aria-hidden", "true");
  const table = (act) => () => quill.getModule("table")[act]();
  const quill = new window.Quill(place, {
    theme: "snow",
    formats: ["header", "bold", "list", "blockquote", "link", "table", "picture"],
    modules: {
      table: true,
      keyboard: { bindings: { tab: null, indent: null, outdent: null, "table tab": null } },
      toolbar: {
        container: bar,
        handlers: {
          undo: () => quill.history.undo(),
          redo: () => quill.history.redo(),
          picture: () => choosePicture(quill, pictures),
          "insert-table": () => quill.getModule("table").insertTable(3, 3),
          ...Object.fromEntries(TABLE_TOOLS.map(([format, act]) => [format, table(act)])),
        },
      },
    },
  });
  editors.set(textarea, quill);
  nameTools(bar, quill);
  const load = () =>
    quill.setContents(quill.clipboard.convert({ html: forEditor(textarea.value), text: "" }), "silent");
  load();
  quill.history.clear();
  describe(quill.root, textarea);
  quill.on("text-change", () => {
    textarea.value = htmlOf(quill);
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  });
  quill.on("editor-change", () => {
    const range = quill.getSelection();
    bar.querySelector(".in-table").hidden = !(range && quill.getFormat(range).table);
  });
  quill.root.addEventListener("click", (event) => changePicture(quill, event));
  quill.root.addEventListener("keydown", (event) => {
    if (event.key === "Enter") changePicture(quill, event);
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

function token(form) {
  return form.querySelector("input[name=csrf_token]").value;
}

/** Ask what a picture shows and what stands below it; resolves to null when nothing is to be done. */
function askAbout(value) {
  const dialog = document.createElement("dialog");
  dialog.className = "picture-dialog";
  dialog.setAttribute("aria-label", labels.picture);
  const form = document.createElement("form");
  form.method = "dialog";
  const field = (name, text, hint) => {
    const box = document.createElement("div");
    box.className = "govuk-form-group";
    const label = document.createElement("label");
    label.className = "govuk-label";
    label.htmlFor = `picture-${name}`;
    label.textContent = text;
    const note = document.createElement("div");
    note.className = "govuk-hint";
    note.id = `picture-${name}-hint`;
    note.textContent = hint;
    const input = document.createElement("input");
    input.className = "govuk-input";
    input.id = label.htmlFor;
    input.maxLength = 300;
    input.value = value[name] || "";
    input.setAttribute("aria-describedby", note.id);
    box.append(label, note, input);
    form.append(box);
    return input;
  };
  const alt = field("alt", labels.alt, labels.altHint);
  const caption = field("caption", labels.caption, labels.captionHint);
  const act = (text, result, kind) => {
    const button = document.createElement("button");
    button.className = `govuk-button ${kind}`;
    button.value = result;
    button.textContent = text;
    return button;
  };
  const row = document.createElement("div");
  row.className = "govuk-button-group";
  row.append(act(labels.keep, "keep", ""), act(labels.cancel, "", "govuk-button--secondary"));
  form.append(row);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue ? { ...value, alt: alt.value.trim(), caption: caption.value.trim() } : null);
    });
  });
}

function choosePicture(quill, address) {
  const at = quill.getSelection(true)?.index ?? quill.getLength() - 1;
  const input = document.createElement("input");
  input.type = "file";
  input.accept = "image/jpeg,image/png,image/webp";
  input.addEventListener("change", async () => {
    if (!input.files[0]) return;
    const form = quill.root.closest("form");
    const body = new FormData();
    body.append("file", input.files[0]);
    const headers = { "X-CSRFToken": token(form), Accept: "application/json" };
    say(labels.uploading);
    const answer = await fetch(address, { method: "POST", body, headers }).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (!answer?.ok || !told?.src) return say(told?.message || labels.notUploaded);
    say("");
    const value = (await askAbout(told)) || told;
    quill.insertEmbed(at, "picture", value, "user");
    quill.setSelection(at + 1, 0, "user");
  });
  input.click();
}

async function changePicture(quill, event) {
  const figure = event.target.closest?.("figure");
  if (!figure) return;
  event.preventDefault();
  const value = await askAbout(Picture.value(figure));
  const blot = window.Quill.find(figure);
  if (!value || !blot) return;
  const at = quill.getIndex(blot);
  quill.deleteText(at, 1, "user");
  quill.insertEmbed(at, "picture", value, "user");
}

function say(text) {
  const place = document.querySelector("#saved-at");
  if (place) place.textContent = text;
}

/** `#body_zh=words` in the address: the words selected in their field. */
function goToFinding() {
  const [name, words] = decodeURIComponent(window.location.hash.slice(1)).split(/=(.*)/s);
  const field = name && document.querySelector(`form[data-autosave] [name="${CSS.escape(name)}"]`);
  if (!field) return;
  const quill = editors.get(field);
  if (!quill) {
    const at = field.value.indexOf(words || "");
    field.focus();
    if (words && at >= 0) field.setSelectionRange(at, at + words.length);
    return;
  }
  const text = quill.getContents().ops.map((op) => (typeof op.insert === "string" ? op.insert : "\ufffc")).join("");
  const at = words ? text.indexOf(words) : -1;
  quill.focus();
  quill.setSelection(Math.max(at, 0), at < 0 ? 0 : words.length, "user");
  quill.scrollSelectionIntoView();
  quill.root.scrollIntoView({ block: "center" });
}

/** Save by itself a while after the last change; the form's version keeps two writers from overwriting one another. */
function autosave(form) {
  const wait = Number(form.dataset.wait) || 4000;
  let timer = 0;
  let running = null;
  let stopped = false;

  async function save() {
    form.dispatchEvent(new Event("autosaving"));
    const headers = { Accept: "application/json" };
    const body = new FormData(form);
    const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers }).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (answer?.ok && told) {
      form.elements.version.value = told.version;
      form.dispatchEvent(new Event("autosaved"));
      say(told.message);
      look();
    } else if (answer?.status === 409 && told) {
      stopped = true;
      const place = document.querySelector("#conflict");
      place.className = "banner banner-waiting";
      place.textContent = told.message;
      const both = document.createElement("div");
      both.innerHTML = told.html;
      place.append(both);
      say(told.message);
    } else say(told?.message || labels.notSaved);
  }

  async function look() {
    const answer = await fetch(form.dataset.check).catch(() => null);
    if (answer?.ok && !answer.redirected) document.querySelector("#found").innerHTML = await answer.text();
  }

  function soon() {
    window.clearTimeout(timer);
    if (!stopped) timer = window.setTimeout(now, wait);
  }

  async function now() {
    window.clearTimeout(timer);
    if (running || stopped) return;
    running = save();
    await running;
    running = null;
  }

  form.addEventListener("input", soon);
  form.addEventListener("submit", async (event) => {
    window.clearTimeout(timer);
    if (!running) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await running;
    form.requestSubmit(event.submitter);
  }, { capture: true });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      now();
    }
  });
}

document.querySelectorAll("textarea[data-editor]").forEach(edit);
document.querySelectorAll("form[data-autosave]").forEach(autosave);
window.addEventListener("hashchange", goToFinding);
if (window.location.hash) goToFinding();
