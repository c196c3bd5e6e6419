
"use strict";
(() => {
  // Sort by a click on a column's head, filter the rows of a long table, show or hide all code.
  // A table whose later rows are folded into a second one is one table here. How tables are sorted and
  // filtered stands in the address behind the place, `#topics~2:1+:kremlin`: table 2 by its column 1, upwards.
  const LONG = 12;
  const [place, given] = location.hash.slice(1).split("~");
  const state = new Map();
  let anchor = place;
  const asked = (n) => {
    const found = (given || "").split("&").map((one) => one.match(/^(\d+):(?:(\d+)([+-]))?:(.*)$/)).find((one) => one && +one[1] === n);
    if (!found) return {};
    try { return { column: found[2] && +found[2], up: found[3] === "+", words: decodeURIComponent(found[4]) }; } catch { return {}; }
  };
  const keep = (n, change) => {
    state.set(n, { ...state.get(n), ...change });
    tell();
  };
  const tell = () => {
    const said = [...state].sort(([a], [b]) => a - b).map(([n, { column, up, words }]) => {
      const sorted = column === undefined ? "" : `${column}${up ? "+" : "-"}`;
      return sorted || words ? `${n}:${sorted}:${encodeURIComponent(words || "").replace(/~/g, "%7E")}` : "";
    }).filter(Boolean).join("&");
    try { history.replaceState(null, "", `#${anchor}${said && "~"}${said}`); } catch { /* a frame that may not */ }
  };
  const number = (text) => {
    const plain = text.replace(/[−–]/g, "-").replace(/(\d)[,\u202f\u00a0 ](?=\d{3}\b)/g, "$1");
    const found = plain.match(/-?\d+(\.\d+)?/);
    return found ? Number(found[0]) : NaN;
  };
  const cell = (row, column) => row.cells[column] ? row.cells[column].textContent.trim() : "";
  const sort = (bodies, column, up) => {
    const rows = bodies.flatMap((body) => [...body.rows]), sizes = bodies.map((body) => body.rows.length);
    const numeric = rows.every((row) => /^$|^[\s+\-−–<>≈~]*\d/.test(cell(row, column)));
    rows.sort((a, b) => {
      const s = cell(a, column), t = cell(b, column);
      if (s === "" || t === "") return (s === "") - (t === "");  // what is missing stays last
      const order = numeric ? number(s) - number(t) : s.localeCompare(t, "en", { numeric: true });
      return up ? order : -order;
    });
    bodies.forEach((body, k) => body.append(...rows.splice(0, sizes[k])));
  };
  const sortable = (tables, bodies, n, wanted) => {
    const heads = tables.map((table) => [...table.tHead.rows[table.tHead.rows.length - 1].cells]);
    heads.forEach((row) => row.forEach((head, column) => {
      if (!head.textContent.trim()) return;
      const button = document.createElement("button");
      button.type = "button"; button.className = "wb-sort"; button.title = "Sort by this column";
      button.append(...head.childNodes); head.append(button);
      const by = (up) => {
        heads.flat().forEach((other) => other.removeAttribute("aria-sort"));
        heads.forEach((other) => other[column].setAttribute("aria-sort", up ? "ascending" : "descending"));
        sort(bodies, column, up);
        keep(n, { column, up });
      };
      button.addEventListener("click", () => by(head.getAttribute("aria-sort") !== "ascending"));
      if (row === heads[0] && wanted.column === column) by(wanted.up);
    }));
  };
  const filterable = (tables, bodies, n, wanted) => {
    const label = document.createElement("label"), field = document.createElement("input");
    const count = document.createElement("output"), frame = tables[0].closest(".wb-scroll") || tables[0];
    label.className = "wb-filter"; field.type = "search"; label.append("Show rows with ", field, " ", count);
    const filter = () => {
      const wanted = field.value.toLowerCase().trim();
      const rows = bodies.flatMap((body) => [...body.rows]);
      for (const row of rows) {
        row.hidden = ![...row.cells].map((one) => one.textContent).join(" ").toLowerCase().includes(wanted);
      }
      for (const table of tables) if (wanted && table.closest("details.wb-more")) table.closest("details").open = true;
      count.textContent = wanted ? `${rows.filter((row) => !row.hidden).length} of ${rows.length}` : "";
      keep(n, { words: field.value.trim() });
    };
    field.addEventListener("input", filter);
    frame.before(label);
    if (wanted.words) { field.value = wanted.words; filter(); }
  };
  const done = new Set();
  let seen = 0;
  for (const table of document.querySelectorAll("main table")) {
    if (done.has(table)) continue;
    const box = table.closest(".wb-table"), tables = box ? [...box.querySelectorAll("table")] : [table];
    tables.forEach((one) => done.add(one));
    if (tables.some((one) => !one.tHead || one.tBodies.length !== 1)) continue;
    const width = table.rows[0].cells.length;  // nothing to sort where cells span others
    if (tables.some((one) => [...one.rows].some((row) => row.cells.length !== width))) continue;
    const bodies = tables.map((one) => one.tBodies[0]);
    const rows = bodies.reduce((sum, body) => sum + body.rows.length, 0), n = ++seen, wanted = asked(n);
    if (rows > 2) sortable(tables, bodies, n, wanted);
    if (rows > LONG) filterable(tables, bodies, n, wanted);
  }
  const code = [...document.querySelectorAll("details.wb-code")], bar = document.querySelector(".wb-tools");
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
  addEventListener("beforeprint", () => {  // what is folded cannot be opened on paper
    for (const one of document.querySelectorAll(".wb-appendix details")) one.open = true;
  });
  const reveal = () => {  // a link into something folded opens it
    let target = null;
    anchor = location.hash.slice(1).split("~")[0];
    if (!location.hash.includes("~") && state.size) tell();
    try { target = document.getElementById(decodeURIComponent(anchor)); } catch { return; }
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();
})();
