// All runs in a table that a click on a heading sorts.

const mostShown = 500;

// The same as results.csv: a parameter is what formulas see, 65536 for 64K.
function csv() {
  const quoted = text => /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const meaning = (cell, c) => c < data.keys ? data.parameters[c].meanings[data.parameters[c].values.indexOf(String(cell))] : cell;
  return [data.columns, ...data.rows.map(row => row.map(meaning))].map(row => row.map(cell => quoted(String(cell ?? ""))).join(",") + "\n").join("");
}

// What a parameter's text is worth: 64K comes before 1MiB, and words after numbers.
function worth(cell) {
  const found = typeof cell === "string" ? /^(-?[\d.]+(?:e[+-]?\d+)?)([KMGT]?)(?:i?B)?$/i.exec(cell) : null;
  return found ? Number(found[1]) * 1024 ** " KMGT".indexOf(found[2].toUpperCase() || " ") : typeof cell === "boolean" ? Number(cell) : cell;
}

function compare(a, b) {
  const [x, y] = [worth(a), worth(b)];
  return typeof x === "number" && typeof y === "number" ? x - y
    : typeof x === "number" ? -1 : typeof y === "number" ? 1 : String(x ?? "\uffff").localeCompare(String(y ?? "\uffff"), "en");
}

// The tables that the study's steps added rows to, and how to read them.
function ownTables() {
  const sections = data.tables.tables.filter(table => table.rows.length > 0).map(table => {
    const columns = Object.keys(table.rows[0]);
    const isNumber = columns.map(column => table.rows.some(row => typeof row[column] === "number"));
    const cells = row => columns.map((column, c) => el("td", { class: isNumber[c] ? "number" : null }, number(row[column])));
    return el("section", { class: "own" }, el("h2", {}, table.title), el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": table.title },
      el("table", {}, el("thead", {}, el("tr", {}, ...columns.map((column, c) => el("th", { scope: "col", class: isNumber[c] ? "number" : null }, column)))),
        el("tbody", {}, ...table.rows.map(row => el("tr", {}, ...cells(row)))))));
  });
  return [...sections, ...data.tables.notes.map(note => el("p", { class: "faint" }, note))];
}

function tableSection() {
  const failed = new Map(data.failures);
  // The last column says why a run failed. Where none did it would be empty.
  const shown = data.columns.map((_, c) => c).filter(c => data.failures.length > 0 || c < data.columns.length - 1);
  const isNumber = data.columns.map((_, c) => data.rows.some(row => typeof row[c] === "number"));
  const order = data.rows.map((_, i) => i);
  const sorted = { column: -1, up: true };
  const body = el("tbody");
  const heads = shown.map(c => el("th", { scope: "col", class: isNumber[c] ? "number" : null }, el("button", { onclick: () => sort(c) }, data.columns[c])));
  function sort(column) {
    sorted.up = sorted.column === column ? !sorted.up : true;
    sorted.column = column;
    order.sort((a, b) => (compare(data.rows[a][column], data.rows[b][column]) || a - b) * (sorted.up ? 1 : -1));
    heads.forEach((head, c) => c === column ? head.setAttribute("aria-sort", sorted.up ? "ascending" : "descending") : head.removeAttribute("aria-sort"));
    show();
  }

  function show() {
    body.replaceChildren(...order.slice(0, mostShown).map(i => el("tr", { class: failed.has(runName(data.rows[i])) ? "failed" : null, title: failed.get(runName(data.rows[i])) },
      ...shown.map(c => el("td", { class: isNumber[c] ? "number" : null }, number(data.rows[i][c]))),
      el("td", {}, el("button", { onclick: () => { chosen.choose(i); document.getElementById("map").scrollIntoView(); }, "aria-label": `Look into the run ${runName(data.rows[i])}` }, "look")))));
  }

  show();
  const link = el("a", { class: "download", href: "#", download: `${data.study}.csv`, onclick: () => link.href = `data:text/csv;charset=utf-8,${encodeURIComponent(csv())}` }, "Download as CSV");
  const limit = data.rows.length > mostShown || data.done > data.rows.length
    ? el("p", { class: "faint" }, `The table shows the first ${mostShown} of ${number(data.rows.length)} runs in this order. ${data.done > data.rows.length ? `All ${number(data.done)} are in results.csv.` : "The CSV has all."}`) : null;
  return el("section", { id: "results" }, el("h2", {}, "All runs"), limit, el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "All runs" },
    el("table", { class: "results" }, el("thead", {}, el("tr", {}, ...heads, el("th", {}))), body)), el("p", {}, link));
}
