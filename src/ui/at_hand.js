// What every page of a workspace has at hand: keys, printing, and telling once what was just done.
const seen = (selector) => [...document.querySelectorAll(selector)].find((found) => found.checkVisibility());
const isTypedInto = (field) => field.matches("textarea, select, input:not([type=checkbox], [type=radio])");

// Single keys may be turned off: somebody who speaks to the computer says letters.
const help = document.getElementById("keys");
const box = help?.querySelector("input");
const areKeysOn = () => localStorage.getItem("keys") !== "off";
if (box) {
  box.checked = areKeysOn();
  box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
  document.querySelector("[popovertarget=keys]").hidden = false;
}

function search() {
  const field = seen("input[name=q]");
  const form = document.querySelector(".finder");
  if (field) {
    field.focus();
    field.select();
  } else if (form) location = form.action;
  return field || form;
}

// From row to row, each time on what one does there.
let last = null;
function step(by) {
  const rows = [...document.querySelectorAll("main :is(.row, tbody tr)")].filter((row) => row.checkVisibility());
  const at = rows.findIndex((row) => row.contains(document.activeElement) || row === last);
  const row = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
  const act = row?.querySelector("input:not([type=hidden]), button, a.button") ?? row?.querySelector("a, summary");
  last = row ?? null;
  act?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

let goes = 0;
function single(key) {
  if (performance.now() < goes) {
    goes = 0;
    document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.click();
  } else if (key === "g") goes = performance.now() + 1500;
  else if (key === "j") step(1);
  else if (key === "k") step(-1);
  else if (key === "?") help?.togglePopover();
  else if (key === "/") return search();
  else return false;
  return true;
}

addEventListener("keydown", (event) => {
  const { key, target } = event;
  const held = event.ctrlKey || event.metaKey;
  if (held && !event.shiftKey && !event.altKey && key.toLowerCase() === "k") {
    if (search()) event.preventDefault();
  } else if (key === "Escape" && isTypedInto(target) && target.closest("main .row")) target.blur();
  else if (held || event.altKey || event.defaultPrevented || !areKeysOn()) return;
  // The stage has keys of its own.
  else if (!isTypedInto(target) && !document.querySelector("[data-stage]") && single(key)) event.preventDefault();
});
addEventListener("click", (event) => event.target.closest?.("[data-print]") && print());

const here = new URL(location);
if (here.searchParams.has("done")) {
  here.searchParams.delete("done");
  here.searchParams.delete("undo");
  history.replaceState(history.state, "", here);
}
