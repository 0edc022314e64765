// The stage of a review: keys and clickers, clocks that count on, and what others record, without ever touching what
// somebody types. Everything here is a link or a form that also works without this script.
const stage = () => document.querySelector("[data-stage]");
const drafts = new Map();
let digits = "";
let source = null;
let opened = performance.now();

// ---- What is typed stays, whatever is replaced around it.

const fields = () => [...(stage()?.querySelectorAll("input:not([type=hidden]), textarea, select") ?? [])];
const isTyped = (field) =>
  field.type === "checkbox" || field.type === "radio"
    ? field.checked !== field.defaultChecked
    : field.tagName === "SELECT"
      ? [...field.options].some((option) => option.selected !== option.defaultSelected)
      : field.value !== field.defaultValue;

function remember(sent) {
  const typed = new Map();
  for (const field of fields()) {
    const wasSent = sent && sent.get(field) === field.value;
    if (isTyped(field) && !wasSent) typed.set(field.id, { value: field.value, checked: field.checked });
  }
  const focused = document.activeElement;
  return {
    typed,
    open: [...(stage()?.querySelectorAll("details[open]") ?? [])].map((details) => details.id || details.dataset.key),
    focus: focused?.id || focused?.dataset?.key,
    selection: focused && "selectionStart" in focused && focused.selectionStart !== null ? [focused.selectionStart, focused.selectionEnd] : null,
  };
}

function restore({ typed, open, focus, selection }) {
  for (const details of stage().querySelectorAll("details")) {
    if (open.includes(details.id || details.dataset.key)) details.open = true;
  }
  for (const [id, { value, checked }] of typed) {
    const field = document.getElementById(id);
    if (!field) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = checked;
    else field.value = value;
  }
  if (!focus) return;
  const again = document.getElementById(focus) ?? stage().querySelector(`[data-key="${CSS.escape(focus)}"]`);
  again?.focus({ preventScroll: true });
  if (selection && again && "setSelectionRange" in again) {
    try { again.setSelectionRange(...selection); } catch { /* A field of this type has no selection. */ }
  }
}

async function read(url, init) {
  const answer = await fetch(url, { ...init, headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { url: answer.url, ok: answer.ok, page, found: page.querySelector("[data-stage]") };
}

// Puts another item, or the same one after a form, on this page: full screen stays, the browser's history too.
// A refusal stands at an address that takes forms only: it is shown here, and the form that was taken closes.
async function visit(url, init, sent, taken) {
  const { url: at, ok, page, found } = await read(url, init);
  if (!found) {
    const [said, main] = [page.querySelector("main"), document.querySelector("main")];
    if (ok || !said || !main) return location.assign(at);
    main.replaceWith(said);
    document.title = page.title;
    return;
  }
  const now = remember(sent);
  const here = location.pathname;
  const clean = new URL(at);
  clean.searchParams.delete("done");
  const isSame = !ok || clean.pathname === here;
  if (!isSame) drafts.set(here, now);
  stage().replaceWith(found);
  document.title = page.title;
  if (!isSame) history.pushState(null, "", clean);
  if (ok && taken) Object.assign(now, { open: now.open.filter((id) => id !== taken), focus: null });
  restore(isSame ? now : (drafts.get(clean.pathname) ?? { typed: new Map(), open: now.open.filter((id) => id === "o"), focus: now.focus }));
  if (ok && taken && isSame) document.querySelector(`#${CSS.escape(taken)} > summary`)?.focus({ preventScroll: true });
  opened = performance.now();
}

// What others recorded comes beside the fields, never into them.
const PARTS = ["[data-recorded]", "[data-elsewhere]", ".stage-clocks", ".stage-foot", ".stage-driver", ".stage-outline ol"];

const elsewhere = (of) => of.querySelector("[data-elsewhere] a");

async function refresh() {
  const { found } = await read(location.href);
  if (!found || found.dataset.item !== stage().dataset.item) return;
  // Whoever was where the stage is goes with it, unless they write.
  const moved = !elsewhere(stage()) && elsewhere(found);
  if (moved && !isField(document.activeElement) && !fields().some(isTyped)) return visit(moved.href);
  const key = document.activeElement?.dataset?.key;
  for (const part of PARTS) {
    const [old, fresh] = [stage().querySelector(part), found.querySelector(part)];
    if (old && fresh && old.outerHTML !== fresh.outerHTML) old.replaceWith(fresh);
  }
  Object.assign(stage().dataset, { pulse: found.dataset.pulse, now: found.dataset.now });
  opened = performance.now();
  if (key && document.activeElement === document.body) stage().querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

function heard(text) {
  const { pulse } = JSON.parse(text);
  if (stage() && String(pulse) !== stage().dataset.pulse) refresh();
}

function listen() {
  const live = stage()?.dataset.live;
  if (!live || source) return;
  let failures = 0;
  source = new EventSource(live);
  source.onmessage = (event) => { failures = 0; heard(event.data); };
  source.onerror = () => {
    failures += 1;
    if (failures < 3 && source.readyState !== EventSource.CLOSED) return;
    source.close();
    // No stream gets through: ask now and then.
    setInterval(async () => {
      const answer = await fetch(live, { headers: { accept: "application/json" } });
      if (answer.ok) heard(await answer.text());
    }, 3000);
  };
}

// ---- Clocks count on from the instants that the page came with.

function tick() {
  const passed = (performance.now() - opened) / 1000;
  for (const clock of document.querySelectorAll("[data-clock]")) {
    const seconds = Number(clock.dataset.clock) + ("runs" in clock.dataset ? passed : 0);
    const planned = Number(clock.dataset.planned);
    const words = `${Math.floor(seconds / 60)} of ${planned} min`;
    if (clock.textContent !== words) clock.textContent = words;
    clock.classList.toggle("late", seconds > planned * 60);
  }
}

// ---- Keys and clickers.

const press = (key) => stage()?.querySelector(`[data-key="${key}"]`);
const isField = (element) => element?.closest?.("input, textarea, select, [contenteditable]");
const KEYS = { ArrowRight: "next", " ": "next", PageDown: "next", ArrowLeft: "previous", PageUp: "previous" };

function open(key) {
  const details = press(key);
  if (!details) return;
  if (details.tagName !== "DETAILS") return details.click();
  details.open = !details.open;
  if (details.open) details.querySelector("input:not([type=hidden]), textarea, select, button, a")?.focus();
}

// Whoever composes a character has not pressed a key of the stage, nor has the key that ends it.
let composed = -Infinity;
addEventListener("compositionend", () => { composed = performance.now(); });
const usesLetters = () => !/(?:^|; )stage_keys=off/.test(document.cookie);

addEventListener("keydown", (event) => {
  if (!stage() || event.isComposing || event.keyCode === 229 || performance.now() - composed < 100 || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") {
    const shown = document.activeElement?.closest?.("details[open]");
    if (shown) { shown.open = false; shown.querySelector("summary")?.focus(); }
    document.documentElement.classList.remove("is-blank");
    return;
  }
  const on = document.activeElement;
  if (isField(on) || (event.key === " " && on?.closest?.("button, a, summary"))) return;
  if (event.key.length === 1 && event.key !== " " && !usesLetters()) return;
  if (/^[0-9]$/.test(event.key)) { digits += event.key; return; }
  if (event.key === "Enter" && digits) {
    stage().querySelector(`[data-place-of="${digits}"]`)?.querySelector("button, a")?.click();
    digits = "";
    return event.preventDefault();
  }
  digits = "";
  const named = KEYS[event.key];
  if (named) { press(named)?.click(); return event.preventDefault(); }
  const ends = { Home: "li:first-child", End: "li:last-child" }[event.key];
  if (ends) { stage().querySelector(`.stage-outline ${ends}`)?.querySelector("button, a")?.click(); return event.preventDefault(); }
  const letter = event.key.toLowerCase();
  if (letter === "f") return document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.();
  if (letter === "b") return document.documentElement.classList.toggle("is-blank");
  if ("ndapo".includes(letter) && letter.length === 1) { open(letter); event.preventDefault(); }
  if (event.key === "?") document.getElementById("stage-keys")?.togglePopover?.();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  // A field may be called "action" or "method": the attributes are asked, not the form's own names.
  const action = form.getAttribute("action");
  if (!stage()?.contains(form) || !action || form.closest("[popover]")) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const sent = new Map([...form.elements].filter((field) => field.name).map((field) => [field, field.value]));
  visit(action, { method: "post", body }, sent, form.closest("details")?.id);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.stage-step, [data-elsewhere] a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  visit(link.href);
});

addEventListener("popstate", () => stage() && visit(location.href));
setInterval(tick, 1000);
listen();
