// Files, their extents, and the blocks that several of them share. A bar is a file, as long as the file is large; its coloured parts are
// the pages that are in memory: where several meet in one dot of the screen, their colours mix. Lines lead from the parts to the shared blocks on the right.

const [mostFiles, mostShared, fileRow, boxRow, boxGap, boxLabel] = [40, 60, 38, 22, 130, 280];

class FileGraph {
  constructor(tell, follow) {
    this.layers = new Layers("Files as bars with their pages in memory, and lines to the blocks that they share.");
    this.left = el("p", { class: "faint" });
    this.node = el("div", {}, this.layers.node, this.left);
    const { base } = this.layers;
    base.addEventListener("pointermove", event => this.hover(this.hit(event), tell));
    base.addEventListener("pointerleave", () => this.hover(null, tell));
    base.addEventListener("click", event => follow(this.hit(event)?.frame ?? -1));
  }

  draw(frames, followed) {
    this.frames = frames;
    this.found = followed && frames.find(followed);
    this.layout(this.layers.node.clientWidth);
    const context = this.layers.base.getContext("2d");
    context.scale(this.layers.dots, this.layers.dots);
    context.font = "12px system-ui, sans-serif";
    for (const line of this.lines) {
      this.curve(context, line, `${kindColour(line.kind)}80`, 1);
    }

    for (const bar of this.bars) {
      this.write(context, bar.told, bar.x, bar.y - 4);
      context.fillStyle = theme("free");
      context.fillRect(bar.x, bar.y, bar.width, bar.height);
    }

    for (const part of this.parts) {
      context.fillStyle = kindColour(part.kind);
      context.fillRect(part.x, part.y, part.width, part.height);
      if (part.told) {
        this.write(context, part.told, part.x + 16, part.y + 11);
      }
    }

    this.hovered = null;
    this.outline();
  }

  // Lines go behind the words.
  write(context, text, x, y) {
    Object.assign(context, { strokeStyle: theme("back"), fillStyle: theme("fore"), lineWidth: 4, lineJoin: "round" });
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  }

  layout(width) {
    const { map } = this.frames;
    const files = map.owners.map((file, owner) => ({ ...file, owner })).filter(file => file.cached > 0).sort((a, b) => b.cached - a.cached);
    const shown = files.slice(0, mostFiles).sort((a, b) => a.owner - b.owner);
    const pages = file => Math.max(1, file.size === null ? file.blocks : Math.ceil(file.size / 4096));
    const largest = Math.max(...shown.map(pages), 1);
    const room = Math.max(120, width - boxGap - boxLabel);
    this.bars = shown.map((file, i) => ({ owner: file.owner, pages: pages(file), x: 0, y: i * fileRow + 18, width: Math.max(3, room * pages(file) / largest), height: 14, told: `${cut(file.name, 24)}: ${number(file.cached)} of ${plural(pages(file), "page")} in memory, ${number(file.shared)} shared` }));
    const bars = new Map(this.bars.map(bar => [bar.owner, bar]));
    [this.parts, this.lines] = [[], []];
    const shared = map.runs.map((run, r) => [run, r]).filter(([run]) => run[6].length > 1).sort(([a], [b]) => length(b) - length(a));
    const boxes = new Map(shared.slice(0, mostShared).sort(([, a], [, b]) => a - b).map(([, r], i) => [r, i * boxRow + 4]));
    map.runs.forEach((run, r) => this.place(run, r, bars, boxes.get(r), room + boxGap));
    const more = [[files.length - shown.length, "file"], [shared.length - boxes.size, "shared extent"]].filter(([count]) => count > 0);
    this.left.textContent = more.length === 0 ? "" : `Left out, as there are too many to see: ${more.map(([count, what]) => plural(count, what)).join(" and ")}, the smallest ones.`;
    this.layers.size(width, Math.max(40, shown.length * fileRow + 10, boxes.size * boxRow + 10));
  }

  place(run, r, bars, boxY, boxX) {
    const [first, last, kind, block, , , owners] = run;
    const count = length(run);
    for (const [owner, page] of owners) {
      const bar = bars.get(owner);
      if (bar) {
        const part = { run: r, kind, count, x: bar.x + bar.width * Math.min(1, page / bar.pages), y: bar.y, width: bar.width * count / bar.pages, height: bar.height };
        this.parts.push(part);
        if (boxY !== undefined) {
          this.lines.push({ run: r, kind, from: [part.x + part.width / 2, part.y + part.height], to: [boxX, boxY + 7] });
        }
      }
    }

    if (boxY !== undefined) {
      const blocks = count > 1 ? `${block} to ${following(block, count - 1)}` : block;
      this.parts.push({ run: r, kind, count, x: boxX, y: boxY, width: 12, height: 14, told: `${blocks}, ${plural(count, "frame")}, ${plural(owners.length, "owner")}` });
    }
  }

  curve(context, { from: [x, y], to: [toX, toY] }, colour, width) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(x, y);
    context.bezierCurveTo(x, y + 12, toX - boxGap / 2, toY, toX, toY);
    context.stroke();
  }

  hit(event) {
    const part = this.parts?.findLast(p => event.offsetX >= p.x - 1 && event.offsetX <= p.x + p.width + 1 && event.offsetY >= p.y && event.offsetY <= p.y + p.height);
    if (!part) {
      return null;
    }

    const place = Math.min(part.count - 1, Math.max(0, Math.floor((event.offsetX - part.x) / part.width * part.count)));
    const [first, last] = this.frames.map.runs[part.run];
    return { run: part.run, frame: last < first ? first - place : first + place };
  }

  hover(hit, tell) {
    if (hit?.frame !== this.hovered?.frame) {
      this.hovered = hit;
      tell(hit ? hit.frame : -1);
      this.outline();
    }
  }

  outline() {
    const context = this.layers.outlines();
    context.setTransform(this.layers.dots, 0, 0, this.layers.dots, 0, 0);
    for (const [run, colour] of [[this.found?.run, theme("bad")], [this.hovered?.run, theme("fore")]]) {
      this.lines.filter(line => line.run === run).forEach(line => this.curve(context, line, colour, 2));
      context.strokeStyle = colour;
      this.parts.filter(part => part.run === run).forEach(part => context.strokeRect(part.x - 1, part.y - 1, part.width + 2, part.height + 2));
    }
  }
}

function length([first, last]) {
  return Math.abs(last - first) + 1;
}
