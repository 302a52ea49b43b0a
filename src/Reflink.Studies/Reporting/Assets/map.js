// The page map: every frame of the machine is a cell. All cells are one image, put on a canvas at once; what the pointer is on and the
// page that is followed are outlined on a second canvas above it.

const mapHeight = 520;
const largestCell = 18;
const fewestGrid = 5;

// Two canvases one above the other, with as many dots as the screen has.
class Layers {
  constructor(label) {
    this.base = el("canvas", { tabindex: "0", role: "img", "aria-label": label });
    this.over = el("canvas");
    this.node = el("div", { class: "layers" }, this.base, this.over);
    this.dots = window.devicePixelRatio || 1;

    // The page map is put together by the processor, so a graphics card would only be in the way.
    [this.base, this.over].forEach(canvas => canvas.getContext("2d", { willReadFrequently: true }));
  }

  size(width, height) {
    for (const canvas of [this.base, this.over]) {
      [canvas.width, canvas.height] = [Math.ceil(width * this.dots), Math.ceil(height * this.dots)];
      [canvas.style.width, canvas.style.height] = [`${canvas.width / this.dots}px`, `${canvas.height / this.dots}px`];
    }
  }

  // Where outlines go: onto the upper one, emptied. Browsers print an empty one as a white sheet, so on paper the lower one has all.
  outlines() {
    const context = (printing ? this.base : this.over).getContext("2d");
    if (!printing) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, this.over.width, this.over.height);
    }

    return context;
  }
}

class PageMap {
  constructor(tell, follow) {
    this.layers = new Layers("Page map: every frame of the machine is a cell. The field Frame tells what is in one.");
    this.hovered = -1;
    const { base } = this.layers;
    base.addEventListener("pointermove", event => this.hover(this.frameAt(event), tell));
    base.addEventListener("pointerleave", () => this.hover(-1, tell));
    base.addEventListener("click", event => follow(this.frameAt(event)));
  }

  frameAt(event) {
    const [x, y] = [event.offsetX, event.offsetY].map(at => Math.floor(at * this.layers.dots / this.cell));
    const frame = y * this.columns + x;
    return x >= 0 && x < this.columns && frame < this.frames?.map.frames ? frame : -1;
  }

  // The largest cell with which all frames fit.
  layout(count, width) {
    const { dots } = this.layers;
    for (this.cell = Math.floor(largestCell * dots); this.cell > 1; this.cell--) {
      this.columns = Math.floor(width * dots / this.cell);
      if (Math.ceil(count / this.columns) * this.cell <= mapHeight * dots) {
        break;
      }
    }

    this.columns = Math.max(1, Math.floor(width * dots / this.cell));
    this.rows = Math.ceil(count / this.columns);
  }

  draw(frames, colours, followed) {
    this.frames = frames;
    this.found = followed && frames.find(followed);
    const count = frames.map.frames;
    this.layout(count, this.layers.node.clientWidth);
    const [wide, high] = [this.columns * this.cell, this.rows * this.cell];
    this.layers.size(wide / this.layers.dots, high / this.layers.dots);
    const image = new ImageData(wide, high);
    const dots = new Uint32Array(image.data.buffer);
    dots.fill(pixel(parts(theme("back"))));
    const inner = this.cell - (this.cell < fewestGrid ? 0 : 1);
    for (let row = 0; row < this.rows; row++) {
      const first = row * this.cell * wide;
      const cells = Math.min(this.columns, count - row * this.columns);
      for (let column = 0; column < cells; column++) {
        dots.fill(colours(row * this.columns + column), first + column * this.cell, first + column * this.cell + inner);
      }

      for (let line = 1; line < inner; line++) {
        dots.copyWithin(first + line * wide, first, first + wide);
      }
    }

    this.layers.base.getContext("2d").putImageData(image, 0, 0);
    this.outline();
  }

  hover(frame, tell) {
    if (frame !== this.hovered) {
      this.hovered = frame;
      tell(frame);
      this.outline();
    }
  }

  outline() {
    const context = this.layers.outlines();
    for (const [frame, colour, least] of [[this.hovered, theme("fore"), 6], [this.found ? this.found.frame : -1, theme("bad"), 14]]) {
      if (frame >= 0) {
        const size = Math.max(this.cell, least) + 4;
        const [x, y] = [frame % this.columns, Math.floor(frame / this.columns)].map(at => (at + 0.5) * this.cell - size / 2);
        for (const [stroke, lineWidth] of [[theme("back"), 7], [colour, 3]]) {
          Object.assign(context, { strokeStyle: stroke, lineWidth });
          context.strokeRect(x, y, size, size);
        }
      }
    }
  }
}

// A colour as an image's pixel, least significant byte first.
function pixel([red, green, blue]) {
  return (255 << 24 | blue << 16 | green << 8 | red) >>> 0;
}

const ownerSteps = [["1 owner", 1], ["2", 2], ["3 to 4", 4], ["5 to 8", 8], ["9 to 16", 16], ["17 or more", Infinity]];

// What colours cells: a function from frames to pixels, and the key to it.
const colourings = [
  ["kind", frames => {
    const colours = frames.map.runs.map(run => pixel(parts(kindColour(run[2]))));
    const free = pixel(parts(theme("free")));
    return [frame => frames.run[frame] < 0 ? free : colours[frames.run[frame]], kindsAndFree.map(kind => [kind, kindColour(kind)])];
  }],
  ["number of owners", frames => {
    const shade = step => rampColour(step / (ownerSteps.length - 1));
    const colours = frames.map.runs.map(({ 6: { length } }) => pixel(length === 0 ? parts(kindColours.unowned) : shade(ownerSteps.findIndex(([, most]) => length <= most))));
    const free = pixel(parts(theme("free")));
    return [frame => frames.run[frame] < 0 ? free : colours[frames.run[frame]], [["free", theme("free")], ["no owner", kindColours.unowned], ...ownerSteps.map(([name], step) => [name, rgb(shade(step))])]];
  }],
  ["age", (frames, age, snapshots) => {
    const oldest = Math.max(1, snapshots - 1);
    const colours = Array.from({ length: oldest + 1 }, (_, i) => pixel(rampColour(1 - i / oldest)));
    const free = pixel(parts(theme("free")));
    const named = [...new Set([0, 1, Math.round(oldest / 2), oldest])].sort((a, b) => a - b);
    return [frame => frames.run[frame] < 0 ? free : colours[age[frame]], [["free", theme("free")], ...named.map(i => [i === 0 ? "new in this snapshot" : `${plural(i, "snapshot")} old`, rgb(rampColour(1 - i / oldest))])]];
  }],
];
