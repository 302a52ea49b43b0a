// Which run is looked at, and its memory over time.

const chosen = { row: 0, listeners: [], choose(row) { this.row = row; this.listeners.forEach(listener => listener()); } };

function runName(row) {
  return row.slice(0, data.keys).map((value, i) => `${data.columns[i]} ${value}`).join(", ");
}

// Drop-downs of every parameter that has several values, and of the seeds.
function chooser() {
  const varying = data.parameters.map((parameter, at) => ({ ...parameter, at })).filter(parameter => parameter.values.length > 1);
  const places = new Map(data.rows.map((row, i) => [row.slice(0, data.keys).join("\0"), i]));
  const told = el("span", { class: "faint", role: "status" }, varying.length === 0 ? "The study has a single run." : "");
  const selects = varying.map(parameter => choice(parameter.name, parameter.values, () => {
    const values = data.parameters.map(p => p.values[0]);
    varying.forEach((p, i) => values[p.at] = p.values[selects[i][1].value]);
    const row = places.get(values.join("\0"));
    told.textContent = row === undefined ? "This run is not done; what is shown is the one before." : "";
    if (row !== undefined) {
      chosen.choose(row);
    }
  }));
  chosen.listeners.push(() => varying.forEach((p, i) => selects[i][1].value = p.values.indexOf(String(data.rows[chosen.row][p.at]))));
  return el("div", { class: "controls", id: "run" }, ...selects.map(([label]) => label), told);
}

const kindsAndFree = [...data.kinds, "free"];

// Frames of each kind at each moment: as sampled where the study measures them, otherwise counted in the page maps.
function memorySeries(run) {
  const sampled = kindsAndFree.map(kind => data.metrics.indexOf(kind));
  if (sampled.filter(at => at >= 0).length > 1 && run.samples?.length > (run.maps?.length ?? 0)) {
    return { from: "samples", kinds: kindsAndFree.filter((_, i) => sampled[i] >= 0), moments: run.samples.map(row => [row[0], row[1], sampled.filter(at => at >= 0).map(at => row[2 + at] ?? 0)]) };
  }

  return { from: "snapshots", kinds: kindsAndFree, moments: (run.maps ?? []).map(map => [map.time, map.label, kindCounts(map)]) };
}

function kindCounts(map) {
  const counts = Object.fromEntries(kindsAndFree.map(kind => [kind, 0]));
  counts.free = map.frames;
  for (const run of map.runs) {
    const count = Math.abs(run[1] - run[0]) + 1;
    counts[run[2]] += count;
    counts.free -= count;
  }

  return kindsAndFree.map(kind => counts[kind]);
}

// The highest sum is drawn first and each lower one over it, so that the bands lie one above the other.
function stackedChart(place, { kinds, moments }) {
  const sums = kinds.map((_, k) => moments.map(([, , counts]) => counts.slice(0, k + 1).reduce((a, b) => a + b, 0)));
  const order = kinds.map((_, k) => k).reverse();
  const series = order.map(k => ({ label: kinds[k], width: 0, fill: () => kindColour(kinds[k]), points: { show: false }, value: (u, v, s, i) => i === null || i === undefined ? "–" : number(moments[i][2][k]) }));
  return plot(place, {
    series: [momentSeries(moments), ...series], axes: [timeAxis(), axis("frames", { values: (u, v) => ticks(v) })],
    scales: { x: { time: false }, y: { range: fromZero } }, cursor: { drag: { x: false, y: false } },
    legend: { markers: { width: 0, fill: (u, s) => s === 0 ? "transparent" : kindColour(kinds[order[s - 1]]) } },
  }, [moments.map(([at]) => at), ...order.map(k => sums[k])]);
}

function momentSeries(moments) {
  return { label: "time", value: (u, v, s, i) => i === null || i === undefined ? "–" : `${time(v)} ${moments[i][1]}` };
}

function timeAxis() {
  return axis("simulated time", { size: 40, values: (u, values) => values.map(time) });
}

function metricChart(place, run, at) {
  const moments = run.samples;
  return plot(place, {
    series: [momentSeries(moments), { label: data.metrics[at], stroke: lineColours[0], width: 2, points: { show: moments.length < 60, size: 6, fill: lineColours[0] }, value: (u, v) => v === null || v === undefined ? "–" : number(v) }],
    axes: [timeAxis(), axis(data.metrics[at], { values: (u, v) => ticks(v) })], scales: { x: { time: false }, y: { range: fromZero } }, cursor: { drag: { x: false, y: false } },
  }, [moments.map(row => row[0]), moments.map(row => row[2 + at])]);
}

// One moment has no course over time: its frames are one bar.
function shareBar(place, { kinds, moments: [[at, label, counts]] }) {
  place.append(el("div", { class: "share" }, ...kinds.map((kind, k) => el("div", { style: `flex:${counts[k]} 0 0;background:${kindColour(kind)}`, title: `${kind}: ${plural(counts[k], "frame")}` }))),
    key(kinds.map((kind, k) => [`${kind} ${number(counts[k])}`, kindColour(kind)])), el("p", { class: "faint" }, `Frames at one moment: ${label}, ${time(at)}.`));
}

function memorySection() {
  const place = el("div", {});
  const note = el("p", { class: "faint" });
  const names = ["memory by kind", ...data.metrics];
  const [label, select] = choice("Shown", names, () => draw());
  let drawn = null;
  function draw() {
    drawn?.destroy();
    drawn = null;
    place.replaceChildren();
    const run = data.runs[chosen.row];
    const series = memorySeries(run);
    const at = Number(select.value) - 1;
    note.textContent = at < 0 ? `Frames of each kind, from the run's ${series.from}; between them nothing is known.` : "What the run sampled on the way.";
    if (at >= 0 ? !run.samples?.length : series.moments.length === 0) {
      note.textContent = run.samples === null || run.maps === null ? "This run was left out of this file, which would have become too large; its numbers are in the folder runs."
        : "The study takes no snapshots and no samples on the way; its steps 'snapshot' and 'sample' do.";
    } else if (at >= 0) {
      drawn = metricChart(place, run, at);
    } else if (series.moments.length === 1) {
      shareBar(place, series);
    } else {
      drawn = stackedChart(place, series);
    }
  }

  chosen.listeners.push(draw);
  redraws.push(draw);
  return [el("section", { id: "memory" }, el("h2", {}, "Memory over time"), el("div", { class: "controls" }, label), place, note), draw];
}
