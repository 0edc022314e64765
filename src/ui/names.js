// Names that may follow an @, offered while one writes. Without it one writes them by hand, as before.
const WAIT = 150;
let lists = 0;
for (const area of document.querySelectorAll("textarea[data-names]")) {
  const list = document.createElement("ul");
  list.id = `names-${(lists += 1)}`;
  list.className = "names";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "People");
  area.after(list);
  area.setAttribute("aria-controls", list.id);
  area.setAttribute("aria-autocomplete", "list");
  // Where the name that is being written begins, and where the caret was when its list opened.
  let from = 0;
  let to = 0;
  let asked = 0;
  let chosen = 0;
  let timer = 0;
  // What nobody's name begins with: as long as it only grows, nobody is asked again.
  let nobody = null;
  const close = () => {
    asked += 1;
    clearTimeout(timer);
    list.hidden = true;
    area.removeAttribute("aria-activedescendant");
  };
  const choose = (at) => {
    const names = [...list.children];
    chosen = (at + names.length) % names.length;
    names.forEach((name, index) => name.setAttribute("aria-selected", String(index === chosen)));
    area.setAttribute("aria-activedescendant", names[chosen].id);
  };
  const take = (name) => {
    area.setRangeText(`${name} `, from, to, "end");
    close();
    area.focus();
  };
  const offer = (names) => {
    list.replaceChildren(
      ...names.map((name, index) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${index}`;
        item.setAttribute("role", "option");
        item.textContent = name;
        item.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(name);
        });
        return item;
      }),
    );
    list.hidden = false;
    choose(0);
  };
  const ask = async (begun) => {
    const mine = (asked += 1);
    const answer = await fetch(`${area.dataset.names}?of=${encodeURIComponent(begun)}`).catch(() => null);
    const names = answer?.ok ? await answer.json() : [];
    if (mine !== asked || document.activeElement !== area) return;
    // A name that is written out needs no offer.
    if (names.length === 1 && names[0].toLowerCase() === begun.toLowerCase()) return;
    if (names.length > 0) return offer(names);
    nobody = { from, begun };
  };
  area.addEventListener("input", () => {
    const before = area.value.slice(0, area.selectionStart);
    const begun = /(?:^|[\s(])@([\p{L}\p{M}][\p{L}\p{M}' -]{0,40})$/u.exec(before)?.[1];
    close();
    if (!begun) return;
    to = before.length;
    from = to - begun.length;
    if (nobody?.from === from && begun.startsWith(nobody.begun)) return;
    timer = setTimeout(() => ask(begun), WAIT);
  });
  area.addEventListener("keydown", (event) => {
    const isHeld = event.shiftKey || event.ctrlKey || event.metaKey || event.altKey;
    if (list.hidden || isHeld || event.isComposing) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) choose(chosen + move);
    else if (event.key === "Enter") take(list.children[chosen].textContent);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  area.addEventListener("blur", close);
  document.addEventListener("selectionchange", () => {
    if (!list.hidden && area.selectionStart !== to) close();
  });
}
