// Bars and heat maps as SVG, which uPlot does not draw.

function barChart(chart) {
  const [bar, gap, left, right, width] = [14, 10, 120, 70, 600];
  const group = chart.lines.length * bar + gap;
  const top = 6;
  const height = top + chart.positions.length * group + 4;
  const all = chart.lines.flatMap(line => line.high.concat(line.low)).filter(value => value !== null);
  const [least, most] = [Math.min(0, ...all), Math.max(0, ...all)];
  const place = value => left + (value - least) / (most - least || 1) * (width - left - right);
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}` });
  chart.positions.forEach((position, i) => {
    const y = top + i * group;
    const label = chart.labels?.[i] ?? number(position);
    root.append(svg("text", { x: left - 8, y: y + (group - gap) / 2 + 4, "text-anchor": "end" }, cut(label, 17), svg("title", {}, label)));
    chart.lines.forEach((line, at) => line.middle[i] !== null && root.append(...oneBar(line, i, lineColours[at % lineColours.length], place, y + at * bar, bar)));
  });
  return el("div", {}, root, chart.lines.length > 1 ? key(chart.lines.map((line, at) => [line.name, lineColours[at % lineColours.length]])) : el("div", { class: "faint" }, `${chart.y} for each ${chart.x}`));
}

function oneBar(line, i, colour, place, y, bar) {
  const [from, to] = [place(0), place(line.middle[i])].sort((a, b) => a - b);
  const shapes = [
    svg("rect", { x: from, y, width: Math.max(1, to - from), height: bar - 2, fill: colour }, svg("title", {}, `${line.name}: ${number(line.middle[i])}`)),
    svg("text", { x: place(Math.max(0, line.high[i])) + 5, y: y + bar - 4 }, number(line.middle[i])),
  ];
  if (line.low[i] !== line.high[i]) {
    shapes.push(svg("line", { x1: place(line.low[i]), x2: place(line.high[i]), y1: y + bar / 2 - 1, y2: y + bar / 2 - 1, stroke: "currentColor" }));
  }

  return shapes;
}

function heatMap(chart) {
  const [left, width, row, foot] = [120, 600, 30, 34];
  const column = (width - left) / chart.positions.length;
  const all = chart.lines.flatMap(line => line.middle).filter(value => value !== null);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const root = svg("svg", { viewBox: `0 0 ${width} ${chart.lines.length * row + foot}` });
  chart.lines.forEach((line, y) => {
    root.append(svg("text", { x: left - 8, y: y * row + 19, "text-anchor": "end" }, cut(line.name, 18), svg("title", {}, line.name)));
    line.middle.forEach((value, x) => value !== null && root.append(...heatCell(value, (value - least) / (most - least || 1), left + x * column, y * row, column, row,
      `${line.name}, ${chart.x} ${chart.labels?.[x] ?? number(chart.positions[x])}: ${chart.y} ${number(value)}`)));
  });
  const step = Math.ceil(44 / column);
  chart.positions.forEach((position, x) => x % step === 0 && root.append(svg("text",
    { x: left + (x + 0.5) * column, y: chart.lines.length * row + 15, "text-anchor": "middle" }, cut(chart.labels?.[x] ?? number(position), 10))));
  root.append(svg("text", { x: left + (width - left) / 2, y: chart.lines.length * row + 31, "text-anchor": "middle" }, chart.x));
  const steps = [0, 0.25, 0.5, 0.75, 1];
  return el("div", {}, root, key(steps.map(share => [number(Number((least + share * (most - least)).toPrecision(4))), rgb(rampColour(share))])));
}

function heatCell(value, share, x, y, width, height, told) {
  const cell = svg("rect", { x, y, width: width - 1, height: height - 1, fill: rgb(rampColour(share)) }, svg("title", {}, told));
  return width < 44 ? [cell] : [cell, svg("text", { x: x + width / 2, y: y + 19, "text-anchor": "middle", style: `fill:${share > 0.55 ? "#000" : "#fff"}; pointer-events:none` }, number(value))];
}

function cut(text, most) {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
