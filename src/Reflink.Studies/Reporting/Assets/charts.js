// Line charts, by uPlot. A line is the median over the seeds, a band around it says how sure that is.

const chartHeight = 280;

function plot(parent, options, values) {
  const width = () => Math.max(200, parent.clientWidth);
  const chart = new uPlot({ width: width(), height: chartHeight, ...options }, values, parent);
  new ResizeObserver(() => chart.width !== width() && chart.setSize({ width: width(), height: chartHeight })).observe(parent);
  return chart;
}

function axis(label, more = {}) {
  return { label, stroke: () => theme("fore"), grid: { stroke: () => theme("line"), width: 1 }, ticks: { stroke: () => theme("line") }, size: 62, labelSize: 22, font: "12px system-ui", labelFont: "13px system-ui", ...more };
}

function ticks(values) {
  return values.map(value => value === null ? "" : number(value));
}

// Numbers are seen against nothing: the axis begins at zero unless they go below.
function fromZero(plot, least, most) {
  const [low, high] = [Math.min(0, least ?? 0), Math.max(0, most ?? 1)];
  return [low, high + (high - low || 1) * 0.05];
}

function acrossScale(positions) {
  const [first, last] = [positions[0], positions[positions.length - 1]];
  const margin = (last - first || 1) * 0.03;
  return { time: false, range: () => [first - margin, last + margin] };
}

function acrossAxis(chart) {
  if (chart.labels === null) {
    return axis(chart.x, { size: 40, values: (u, values) => ticks(values) });
  }

  const step = Math.floor((chart.positions.length - 1) / 12) + 1;
  const shown = chart.positions.map((_, i) => i).filter(i => i % step === 0);
  return axis(chart.x, { size: 40, splits: () => shown.map(i => chart.positions[i]), values: () => shown.map(i => chart.labels[i]) });
}

function lineChart(parent, chart) {
  const [values, series, bands] = [[chart.positions], [{ label: chart.x, value: (u, v, s, i) => i === null || i === undefined ? "–" : chart.labels?.[i] ?? number(v) }], []];
  chart.lines.forEach((line, at) => {
    const colour = lineColours[at % lineColours.length];
    if (line.isSpread) {
      bands.push({ series: [values.length, values.length + 1], fill: `${colour}38` });
      values.push(line.high, line.low);
      series.push(...["high", "low"].map(end => ({ label: `${line.name} ${end}`, class: "band", stroke: "transparent", width: 0, points: { show: false }, spanGaps: true })));
    }

    const dash = at >= lineColours.length ? [6, 4] : undefined;
    const told = (u, v, s, i) => v === null || v === undefined ? "–" : line.isSpread ? `${number(v)} (${number(line.low[i])} to ${number(line.high[i])})` : number(v);
    values.push(line.middle);
    series.push({ label: line.name, stroke: colour, width: 2, dash, spanGaps: true, points: { show: true, size: 7, fill: colour }, value: told });
  });
  const options = { series, bands, scales: { x: acrossScale(chart.positions), y: { range: fromZero } }, axes: [acrossAxis(chart), axis(chart.y, { values: (u, v) => ticks(v) })], cursor: { drag: { x: false, y: false } } };
  const drawn = plot(parent, options, values);
  redraws.push(() => drawn.redraw(false, true));
}

function drawChart(chart) {
  if (chart.lines.length === 0) {
    return [el("figure", { "data-title": chart.title }, el("figcaption", {}, chart.title), el("p", { class: "faint note" }, chart.note)), () => {}];
  }

  const words = [chart.panel, chart.by && chart.kind === "line" ? `a line for each ${chart.by}` : ""].filter(text => text);
  const figure = el("figure", { "data-title": chart.title }, el("figcaption", {}, chart.title, el("span", {}, words.join(" · "))));
  const place = el("div", { role: "img", "aria-label": `${chart.title}: ${chart.y} over ${chart.x}. The numbers are in the table below.` });
  figure.append(place, chart.note === "" ? "" : el("p", { class: "faint note" }, chart.note));
  return [figure, () => chart.kind === "line" ? lineChart(place, chart) : place.append(chart.kind === "bar" ? barChart(chart) : heatMap(chart))];
}

function chartsSection() {
  if (data.charts.length === 0) {
    return null;
  }

  const drawn = data.charts.map(drawChart);
  const isSpread = data.charts.some(chart => chart.lines.some(line => line.isSpread));
  const note = isSpread ? el("p", { class: "faint" }, "Each point is the median over the seeds; bands and whiskers are where it lies with 95 % confidence or, with fewer than six seeds, reach from the least to the most.") : null;
  queueMicrotask(() => drawn.forEach(([, draw]) => draw()));
  return el("section", { id: "charts" }, el("h2", {}, "Charts"), note, el("div", { class: "charts" }, ...drawn.map(([figure]) => figure)),
    el("p", { class: "faint" }, "The same charts are in the folder figures, as SVG files for papers. Runs that failed are not drawn."));
}
