
"use strict";
(() => {
  // Sort by a click on a column's head, filter the rows of a long table, show or hide all code.
  const number = (text) => {
    const found = text.replace(/[−–]/g, "-").replace(/(\d)[,\u202f\u00a0 ](?=\d{3}\b)/g, "$1").match(/-?\d+(\.\d+)?/);
    return found ? Number(found[0]) : NaN;
  };
  const key = (row, column) => row.cells[column] ? row.cells[column].textContent.trim() : "";
  const sort = (table, column, up) => {
    const body = table.tBodies[0], rows = [...body.rows];
    const numeric = rows.every((row) => { const t = key(row, column); return t === "" || /^[\s+\-−–<>≈~]*\d/.test(t); });
    const compare = (a, b) => {
      const s = key(a, column), t = key(b, column);
      if (s === "" || t === "") return (s === "") - (t === "");  // what is missing stays last
      const order = numeric ? number(s) - number(t) : s.localeCompare(t, "en", { numeric: true });
      return up ? order : -order;
    };
    body.append(...rows.sort(compare));
  };
  const sortable = (table) => {
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    if (heads.some((head) => head.colSpan > 1)) return;
    heads.forEach((head, column) => {
      if (!head.textContent.trim()) return;
      const button = document.createElement("button");
      button.type = "button"; button.className = "wb-sort"; button.title = "Sort by this column";
      button.append(...head.childNodes); head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        sort(table, column, up);
      });
    });
  };
  const filterable = (table, frame) => {
    const label = document.createElement("label"), field = document.createElement("input");
    const count = document.createElement("output");
    label.className = "wb-filter"; field.type = "search"; label.append("Show rows with ", field, " ", count);
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of table.tBodies[0].rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        shown += row.hidden ? 0 : 1;
      }
      count.textContent = words.length ? `${shown} of ${table.tBodies[0].rows.length}` : "";
    });
    frame.before(label);
  };
  for (const table of document.querySelectorAll("main table")) {
    const rows = table.tBodies.length === 1 && table.tHead ? table.tBodies[0].rows : [];
    if ([...rows].some((row) => [...row.cells].some((cell) => cell.rowSpan > 1 || cell.colSpan > 1))) continue;
    if (rows.length > 2) sortable(table);
    if (rows.length > 12) filterable(table, table.closest(".wb-scroll") || table);
  }
  const code = [...document.querySelectorAll("details.wb-code")];
  const bar = document.querySelector(".wb-tools");
  if (code.length && bar) {
    const button = document.createElement("button");
    button.type = "button"; button.textContent = "Show all code";
    button.addEventListener("click", () => {
      const open = !code.every((one) => one.open);
      code.forEach((one) => { one.open = open; });
      button.textContent = open ? "Hide all code" : "Show all code";
    });
    bar.append(button);
  }
  const reveal = () => {  // a link into something folded opens it
    let target = null;
    try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return; }
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();
})();
