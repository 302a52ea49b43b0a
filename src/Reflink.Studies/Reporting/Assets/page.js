// What all parts of the page use: the data, elements, numbers in words, and colours. Texts of a study become text nodes, never HTML.

const data = JSON.parse(document.getElementById("data").textContent);

function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  return fill(node, attributes, children);
}

function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  return fill(node, attributes, children);
}

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) {
      node.addEventListener(key.slice(2), value);
    } else if (value !== null && value !== undefined) {
      node.setAttribute(key, value);
    }
  }

  node.append(...children.filter(child => child !== null));
  return node;
}

function plural(count, what) {
  return `${number(count)} ${what}${count === 1 ? "" : "s"}`;
}

function number(value) {
  return typeof value !== "number" ? String(value ?? "")
    : value.toLocaleString("en-US", Number.isInteger(value) ? {} : { maximumSignificantDigits: 6 });
}

function time(nanoseconds) {
  const [unit, size] = nanoseconds < 1e3 ? ["ns", 1] : nanoseconds < 1e6 ? ["µs", 1e3] : nanoseconds < 1e9 ? ["ms", 1e6] : ["s", 1e9];
  return `${number(nanoseconds / size)} ${unit}`;
}

// Colours that colour-blind people tell apart (M. Okabe and K. Ito, 2008).
const lineColours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c8c8c"];
const kindColours = { file: "#56b4e9", shared: "#0072b2", derived: "#e69f00", private: "#cc79a7", merged: "#009e73", unowned: "#d55e00" };

// From little to much, of the same brightness steps for all eyes (viridis).
const ramp = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];

function rampColour(share) {
  const at = Math.min(1, Math.max(0, share)) * (ramp.length - 1);
  const low = Math.min(ramp.length - 2, Math.floor(at));
  return ramp[low].map((from, i) => Math.round(from + (ramp[low + 1][i] - from) * (at - low)));
}

function rgb(colour) {
  return `rgb(${colour.join(",")})`;
}

function parts(hex) {
  return [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
}

function theme(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function kindColour(kind) {
  return kind === "free" ? theme("free") : kindColours[kind];
}

// What has to be drawn again when the colours change, and whether it is for paper.
const redraws = [];
let printing = false;

function setDark(isDark) {
  printing = false;
  document.documentElement.classList.toggle("dark", isDark);
  redraws.forEach(redraw => redraw());
}

// Paper is white.
function setPaper() {
  document.documentElement.classList.remove("dark");
  printing = true;
  redraws.forEach(redraw => redraw());
}

function key(entries) {
  return el("div", { class: "key" }, ...entries.map(([name, colour]) => el("span", {}, el("i", { style: `background:${colour}` }), name)));
}

function choice(label, options, onchange, value = 0) {
  const select = el("select", { onchange: () => onchange(Number(select.value)) },
    ...options.map((text, i) => el("option", { value: i }, text)));
  select.value = value;
  return [el("label", {}, label, select), select];
}
