// Narrows and sorts the rows of a table: no kernel, no network, nothing but the page itself.
//
// <form data-for="ID"> holds selects (data-by="key"), a search field, a select data-in whose value is
// a selector of the places in a row that are searched, and a select data-sort ("key", "key:number",
// "key:-number"). What has
// that id holds rows [data-row]; a row's data-key is one value or several with "|" between. What a
// row is about may stand in parts ([data-part]): a select that narrows hides the others first.
(() => {
  // However a letter with an accent is stored, and whichever quotation marks a keyboard has.
  const plain = (text) => text.normalize("NFC").toLowerCase().replace(/[‘’]/g, "'").replace(/[“”„]/g, '"');

  // What stands side by side is one word; what does not is several.
  const textOf = (row, selector) => {
    if (!selector) return plain(row.textContent);
    const places = [...row.querySelectorAll(selector)];
    return plain(places.map((one, i) => (i && one.previousSibling === places[i - 1] ? "" : " ") + one.textContent).join(""));
  };

  for (const form of document.querySelectorAll("form[data-for]")) {
    const table = document.getElementById(form.dataset.for);
    const status = form.querySelector("[role=status]");
    const rows = [...table.querySelectorAll("[data-row]")];
    const homes = rows.map((row) => row.parentElement);
    const texts = new Map();
    const groups = [...table.querySelectorAll("[data-group]")];
    const selects = [...form.querySelectorAll("select[data-by]")];
    const search = form.querySelector("input[type=search]");
    const within = form.querySelector("select[data-in]");
    const sort = form.querySelector("select[data-sort]");
    const has = (element, key, value) => (element.dataset[key] ?? "").split("|").includes(value);

    const holds = (position, word) => {
      const where = within?.value ?? "";
      if (!texts.has(where)) texts.set(where, rows.map((row) => textOf(row, where)));
      return texts.get(where)[position].includes(word);
    };

    const fits = (row, position) => {
      const parts = [...row.querySelectorAll("[data-part]")];
      const rest = [];
      parts.forEach((part) => { part.hidden = false; });
      for (const select of selects.filter((one) => one.value)) {
        const key = select.dataset.by;
        if (select.dataset.narrows === undefined) rest.push(select);
        else parts.forEach((part) => { part.hidden ||= !has(part, key, select.value); });
      }
      const first = parts.find((part) => !part.hidden);
      if (parts.length ? !first : selects.some((one) => one.value && !rest.includes(one))) return false;
      return rest.every((select) => {
        const key = select.dataset.by;
        return has(first && key in first.dataset ? first : row, key, select.value);
      }) && plain(search.value).trim().split(/\s+/).every((word) => holds(position, word));
    };

    let sorted = "";
    const order = () => {
      const [key, kind] = (sort?.value ?? "").split(":");
      // Moving thousands of rows takes time, so they move only when they must.
      if (sorted === (sort?.value ?? "")) return key;
      sorted = sort.value;
      const places = rows.map((_, position) => position);
      const sign = kind === "-number" ? -1 : 1;
      const value = (position) => rows[position].dataset[key];
      const compare = (a, b) => (kind ? sign * (a - b) : a.localeCompare(b));
      if (key) {
        // What has no value comes last, whatever the order.
        places.sort((a, b) => (value(a) === undefined) - (value(b) === undefined)
          || (value(a) === undefined ? 0 : compare(value(a), value(b))) || a - b);
      }
      // In the order of the page rows stand under their headings; in any other, below each other.
      for (const place of places) (key ? homes[0] : homes[place]).append(rows[place]);
      // A folded row says the number by which it stands where it does.
      rows.forEach((row, position) => {
        const line = row.querySelector(":scope > details > summary");
        if (!line) return;
        const name = kind && sort.selectedOptions[0].text.split(",")[0];
        if (name) line.dataset.note = `${name} ${value(position) ?? "not known"}`;
        else delete line.dataset.note;
      });
      return key;
    };

    const renew = () => {
      let shown = 0;
      rows.forEach((row, position) => {
        row.hidden = !fits(row, position);
        shown += !row.hidden;
      });
      const away = order();
      for (const group of groups) {
        const left = [...group.parentElement.querySelectorAll("[data-row]")];
        group.hidden = Boolean(away) || !left.some((row) => !row.hidden);
      }
      status.textContent = `${shown} of ${rows.length} ${form.dataset.noun} shown`;
    };

    // A link to a row leads to it, even if it is hidden or folded.
    const follow = () => {
      const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const row = target && target.closest("[data-row]");
      if (!row || !rows.includes(row)) return;
      if (row.hidden) { form.reset(); renew(); }
      if (target.matches("details")) target.open = true;
      target.scrollIntoView();
    };

    form.addEventListener("input", renew);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(renew));
    form.hidden = false;
    renew();
    addEventListener("hashchange", follow);
    follow();
  }
})();
