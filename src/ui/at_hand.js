// What every page of a workspace has at hand: keys, printing, and telling once what was just done.
const seen = (selector) => [...document.querySelectorAll(selector)].find((found) => found.checkVisibility());
const isTypedInto = (field) => field.matches("textarea, select, input:not([type=checkbox], [type=radio])");

// Speech input triggers single letters (WCAG 2.1.4), so they can be turned off. Where nothing can be stored they are on.
const stored = (use) => {
  try {
    return use(localStorage);
  } catch {
    return null;
  }
};
const areLettersOn = () => stored((storage) => storage.getItem("letters")) !== "off";
const help = document.getElementById("keys");
const box = help?.querySelector("input");
if (box) {
  box.checked = areLettersOn();
  box.addEventListener("change", () => stored((storage) => storage.setItem("letters", box.checked ? "on" : "off")));
  for (const opener of document.querySelectorAll("[popovertarget=keys]")) opener.hidden = false;
}

function search() {
  const field = seen("input[name=q]");
  const form = document.querySelector(".finder");
  if (field) {
    field.focus();
    field.select();
  } else if (form) location = form.action;
  return Boolean(field || form);
}

// Each row by what one does there; a closed menu's verbs cannot be focused, its summary can.
const ROW = "main :is(.row, tbody tr)";
const rowsOf = () => [...document.querySelectorAll(ROW)].filter((row) => row.checkVisibility());
let last = null;
function step(by) {
  const rows = rowsOf();
  const focused = rows.findIndex((row) => row.contains(document.activeElement));
  const at = focused >= 0 ? focused : rows.indexOf(last);
  const row = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
  if (row) focusRow(row);
  return Boolean(row);
}
function focusRow(row) {
  const acts = [...row.querySelectorAll("input:not([type=hidden]), button, a.button, summary")];
  const act = acts.find((found) => found.checkVisibility() && !found.disabled) ?? row.querySelector("a");
  last = row;
  act?.focus();
  row.scrollIntoView({ block: "nearest" });
}

// After g a letter leads to a room; any other key ends the wait and does what it does.
let waitsUntil = 0;
function letter(key) {
  const room = performance.now() < waitsUntil && document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  waitsUntil = key === "g" && !room ? performance.now() + 1500 : 0;
  if (room) room.click();
  else if (key === "j") return step(1);
  else if (key === "k") return step(-1);
  else if (key === "?") help?.togglePopover();
  else if (key === "/") return search();
  else return key === "g";
  return true;
}

addEventListener("keydown", (event) => {
  const { key, target } = event;
  const isHeld = event.ctrlKey || event.metaKey || event.altKey;
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && key.toLowerCase() === "k") {
    if (search()) event.preventDefault();
  } else if (key === "Escape" && isTypedInto(target) && target.closest(ROW)) target.blur();
  // The stage has keys of its own.
  else if (key.length > 1 || isHeld || event.defaultPrevented || isTypedInto(target) || document.querySelector("[data-stage]")) return;
  else if (areLettersOn() && letter(key)) event.preventDefault();
});
addEventListener("click", (event) => event.target.closest?.("[data-print]") && print());

// After something was done in a row, the focus goes on where that row stood.
addEventListener("submit", (event) => {
  const row = rowsOf().findIndex((found) => found.contains(event.target));
  stored(() => sessionStorage.setItem("row", row < 0 ? "" : `${location.pathname} ${row}`));
});
const here = new URL(location);
if (here.searchParams.has("done")) {
  const [path, row] = (stored(() => sessionStorage.getItem("row")) || "").split(" ");
  const rows = rowsOf();
  const next = path === here.pathname && rows[Math.min(row, rows.length - 1)];
  if (next) focusRow(next);
  here.searchParams.delete("done");
  here.searchParams.delete("undo");
  history.replaceState(history.state, "", here);
}
