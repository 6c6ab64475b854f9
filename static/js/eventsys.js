/* What every page does with JavaScript; without it every main job still works. */

const KEEP = "eventsys.kept:";

/** GOV.UK's behaviours (focus of the error summary, show password, revealed answers), fetched only where a page has them. */
async function startGovuk() {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  const used = document.querySelector('[data-module^="govuk-"]:not(.govuk-skip-link)');
  if (!used) return;
  const govuk = await import(document.body.dataset.govuk);
  const parts = [govuk.Button, govuk.CharacterCount, govuk.Checkboxes, govuk.ErrorSummary, govuk.PasswordInput];
  for (const part of parts) {
    for (const element of document.querySelectorAll(`[data-module="${part.moduleName}"]`)) {
      if (!element.hasAttribute(`data-${part.moduleName}-init`)) new part(element);
    }
  }
}

/**
 * What an answer asks in addition shows while that answer is chosen. GOV.UK's own radios say aria-expanded, which a radio
 * button may not have.
 */
function followReveals() {
  const show = () => {
    for (const radio of document.querySelectorAll("input[data-reveals]")) {
      const more = document.getElementById(radio.dataset.reveals);
      more.classList.toggle("govuk-radios__conditional--hidden", !radio.checked);
    }
  };
  document.addEventListener("change", show);
  window.addEventListener("pageshow", show);
}

/** htmx is configured by the layout's meta element; this is what happens around its swaps. */
function followHtmx() {
  document.body.addEventListener("htmx:afterSwap", startGovuk);
  document.body.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401) window.location.reload();
  });
}

/** The values a person typed: no hidden fields, no passwords, no files. */
function typedValues(form) {
  const values = [];
  for (const control of form.elements) {
    if (!control.name || control.disabled) continue;
    if (["hidden", "password", "file", "submit", "button", "reset"].includes(control.type)) continue;
    if (["checkbox", "radio"].includes(control.type)) values.push([control.name, control.value, control.checked]);
    else values.push([control.name, control.value, null]);
  }
  return values;
}

function putBack(form, values) {
  const seen = new Map();
  for (const [name, value, checked] of values) {
    const controls = [...form.elements].filter((control) => control.name === name);
    if (checked === null) {
      const place = seen.get(name) || 0;
      seen.set(name, place + 1);
      if (controls[place]) controls[place].value = value;
    } else {
      const control = controls.find((each) => each.value === value);
      if (control) control.checked = checked;
    }
    controls.forEach((control) => control.dispatchEvent(new Event("change", { bubbles: true })));
  }
}

/**
 * Long forms carry data-guard. Leaving one with unsaved words asks first; what was typed and never sent outlives a lost
 * session in this tab, kept by account and path, and comes back only into the form as it was first served. What was
 * sent is kept by the server.
 */
function guardForm(form) {
  const account = document.body.dataset.account || "";
  const key = `${KEEP}${account}:${window.location.pathname}:${form.id}`;
  let served = JSON.stringify(typedValues(form));
  const typed = () => JSON.stringify(typedValues(form));
  let leaving = false;
  const kept = readKept(key);
  if (kept && kept.served === served && kept.typed !== served) {
    putBack(form, JSON.parse(kept.typed));
    sayPutBack(form, key);
  } else forget(key);
  form.addEventListener("input", () => keep(key, { served, typed: typed() }));
  form.addEventListener("submit", () => {
    leaving = true;
    forget(key);
  });
  /* A form that saves itself says what it has saved. */
  let saving = served;
  form.addEventListener("autosaving", () => {
    saving = typed();
  });
  form.addEventListener("autosaved", () => {
    served = saving;
    forget(key);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && form.dataset.guard !== "submit" && typed() !== served) event.preventDefault();
  });
}

function sayPutBack(form, key) {
  const note = document.createElement("div");
  note.className = "banner banner-waiting";
  note.setAttribute("role", "status");
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "link-button";
  discard.textContent = document.body.dataset.discard;
  discard.addEventListener("click", () => {
    forget(key);
    form.reset();
    note.remove();
  });
  note.append(document.body.dataset.kept, " ", discard);
  form.before(note);
}

function readKept(key) {
  try {
    return JSON.parse(window.sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function keep(key, value) {
  try {
    window.sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    /* A full or forbidden store costs only the comfort. */
  }
}

function forget(key) {
  try {
    window.sessionStorage.removeItem(key);
  } catch {
    /* As above. */
  }
}

/** Signing out leaves nothing behind for the next person at this machine. */
function forgetAll() {
  try {
    for (const key of Object.keys(window.sessionStorage)) if (key.startsWith(KEEP)) forget(key);
  } catch {
    /* As above. */
  }
}

/** A form is sent once, however often its button is pressed. */
function guardDoubleSubmit(event) {
  const form = event.target;
  if (form.getAttribute("action") === "/account/sign-out") forgetAll();
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
}

/** Copies the text of the field that the button names, and says so. */
async function copy(button) {
  const field = document.getElementById(button.dataset.copies);
  field.select();
  await navigator.clipboard.writeText(field.value);
  button.parentElement.querySelector("[data-copy-status]").textContent = button.dataset.copied;
}

function smallThings() {
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
  document.addEventListener("click", (event) => {
    const printer = event.target.closest("[data-print]");
    if (printer) {
      event.preventDefault();
      window.print();
    }
    const copier = event.target.closest("[data-copies]");
    if (copier) copy(copier);
    document.querySelectorAll("details.account[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  if (navigator.clipboard) document.querySelectorAll("[data-copies]").forEach((button) => (button.hidden = false));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.account[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

followHtmx();
followReveals();
document.querySelectorAll("form[data-guard]").forEach(guardForm);
document.addEventListener("submit", guardDoubleSubmit);
smallThings();
startGovuk();
