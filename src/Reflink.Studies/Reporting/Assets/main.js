// The page: its head, and the sections in order.

function head() {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const button = el("button", { id: "dark", onclick: () => set(button.getAttribute("aria-pressed") !== "true") }, "Dark");
  function set(isDark) {
    button.setAttribute("aria-pressed", isDark);
    setDark(isDark);
  }

  dark.addEventListener("change", () => set(dark.matches));
  set(dark.matches);

  window.addEventListener("beforeprint", setPaper);
  window.addEventListener("afterprint", () => set(button.getAttribute("aria-pressed") === "true"));
  return el("div", { class: "top" }, el("h1", {}, data.study), button);
}

function summary() {
  const failed = data.failures.length;
  return [
    el("p", {}, data.about),
    el("p", { id: "summary" }, `${plural(data.done, "run")}${data.done < data.planned ? ` of ${number(data.planned)}` : ""}, `, el("span", { class: failed > 0 ? "bad" : null }, failed === 0 ? "none of them failed" : `${number(failed)} of them failed`), `. Made by reflink ${data.version}.`),
    failed === 0 ? null : el("details", { open: failed <= 5 ? "" : null }, el("summary", {}, "What failed, and why"), el("ul", {}, ...data.failures.slice(0, mostShown).map(([run, why]) => el("li", {}, el("b", {}, run), `: ${why}`)))),
    el("dl", { class: "facts" }, ...data.parameters.flatMap(({ name, values }) => [el("dt", {}, name), el("dd", {}, values.slice(0, 60).join(", ") + (values.length > 60 ? `, and ${number(values.length - 60)} more` : ""))])),
    leftOut(),
    el("details", {}, el("summary", {}, "The study's text"), el("pre", {}, data.source)),
  ].filter(node => node !== null);
}

function leftOut() {
  const names = what => data.runs.map((run, i) => run[what] === null ? runName(data.rows[i]) : null).filter(name => name !== null);
  const told = [["page maps", names("maps")], ["samples", names("samples")]].filter(([, runs]) => runs.length > 0)
    .map(([what, runs]) => `The ${what} of ${plural(runs.length, "run")} are left out, from ${runs[0]} on`);
  return told.length === 0 ? null : el("p", { id: "left-out" }, `${told.join(". ")}: this file would have become too large. They are in the folder runs.`);
}

function build() {
  const main = document.getElementById("report");
  main.replaceChildren(head(), ...summary());
  if (data.rows.length === 0) {
    main.append(el("p", {}, "No run is done yet."));
    return;
  }

  const charts = chartsSection();
  const [memory, drawMemory] = memorySection();
  const [machine, drawMachine] = machineSection();
  main.append(...[...ownTables(), charts, tableSection(), el("h2", {}, "One run"), chooser(), memory, machine].filter(node => node !== null));
  drawMemory();
  drawMachine();
}

build();
