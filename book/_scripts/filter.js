// Narrows and sorts the rows of a table: no kernel, no network, nothing but the page itself.
//
// <form data-for="ID"> holds selects (data-by="key"), a search field and a select data-sort; the
// table with that id has rows [data-row]. A row's data-key is one value or several with "|" between.
// What a row is about may stand in parts ([data-part]): a key that parts have narrows them first.
(() => {
  for (const form of document.querySelectorAll("form[data-for]")) {
    const table = document.getElementById(form.dataset.for);
    const status = form.querySelector("[role=status]");
    const rows = [...table.querySelectorAll("[data-row]")];
    const homes = rows.map((row) => row.parentElement);
    const texts = rows.map((row) => row.textContent.toLowerCase());
    const groups = [...table.querySelectorAll("[data-group]")];
    const selects = [...form.querySelectorAll("select[data-by]")];
    const search = form.querySelector("input[type=search]");
    const sort = form.querySelector("select[data-sort]");
    const has = (element, key, value) => (element.dataset[key] ?? "").split("|").includes(value);

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
      }) && search.value.toLowerCase().split(/\s+/).every((word) => texts[position].includes(word));
    };

    const order = () => {
      const [key, kind] = (sort?.value ?? "").split(":");
      const places = rows.map((_, position) => position);
      const value = (position) => rows[position].dataset[key] ?? "";
      if (key) {
        places.sort((a, b) => (kind === "number" ? value(a) - value(b)
          : value(a).localeCompare(value(b))) || a - b);
      }
      // In the order of the page rows stand under their headings; in any other, below each other.
      for (const place of places) (key ? homes[0] : homes[place]).append(rows[place]);
      return key;
    };

    const renew = () => {
      let shown = 0;
      rows.forEach((row, position) => {
        row.hidden = !fits(row, position);
        shown += !row.hidden;
      });
      const sorted = order();
      for (const group of groups) {
        const left = [...group.parentElement.querySelectorAll("[data-row]")];
        group.hidden = Boolean(sorted) || !left.some((row) => !row.hidden);
      }
      status.textContent = `${shown} of ${rows.length} ${form.dataset.noun} shown`;
    };

    form.addEventListener("input", renew);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(renew));
    form.hidden = false;
    renew();
  }
})();
