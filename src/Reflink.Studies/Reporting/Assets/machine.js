// The machine of one run, snapshot by snapshot: the page map or the files, what is in a frame, and one page that is followed.

const mostOwners = 10;

function machineSection() {
  const state = { snapshot: 0, view: 0, colouring: 0, followed: null, found: null, frames: [], ages: null, frame: -1 };
  const aside = el("aside", { "aria-live": "polite" });
  const legend = el("div");
  const slider = el("input", { type: "range", min: 0, value: 0, id: "snapshot", oninput: () => go(Number(slider.value)) });
  const told = el("output", { for: "snapshot" });
  const frameField = el("input", { type: "number", min: 0, id: "frame", oninput: () => tell(frameField.value === "" ? -1 : Number(frameField.value)), onkeydown: event => event.key === "Enter" && follow(Number(frameField.value)) });
  const views = [new PageMap(tell, follow), new FileGraph(tell, follow)];
  const nodes = [views[0].layers.node, views[1].node];
  const place = el("div", {}, nodes[0]);
  const buttons = ["Page map", "Files"].map((name, view) => el("button", { "aria-pressed": view === 0, onclick: () => show(view) }, name));
  const [colourLabel] = choice("Colour by", colourings.map(([name]) => name), value => { state.colouring = value; draw(); });
  const stop = el("button", { hidden: "", onclick: () => { state.followed = null; stop.hidden = true; draw(); } }, "Follow no page");
  const machine = el("div", {}, el("div", { class: "controls" }, ...buttons, colourLabel, el("label", {}, "Frame", frameField), stop),
    el("div", { class: "controls" }, el("label", { for: "snapshot" }, "Snapshot"), slider, told), legend, el("div", { class: "machine" }, place, aside),
    el("p", { class: "faint" }, "The arrow keys go from snapshot to snapshot. Pointing at a cell tells what is in the frame, and a click follows that page through all snapshots; so do a number in the field Frame, and Enter there."));
  const empty = el("p", { class: "faint" });
  const section = el("section", { id: "map" }, el("h2", {}, "The machine"), empty, machine);

  function current() {
    return state.frames[state.snapshot] ??= new Frames(data.runs[chosen.row].maps[state.snapshot]);
  }

  function all() {
    return data.runs[chosen.row].maps.map((map, i) => state.frames[i] ??= new Frames(map));
  }

  function load() {
    const maps = data.runs[chosen.row]?.maps;
    [state.frames, state.ages, state.found, state.snapshot] = [[], null, null, Math.min(state.snapshot, Math.max(0, (maps?.length ?? 0) - 1))];
    machine.hidden = !maps?.length;
    empty.hidden = !machine.hidden;
    empty.textContent = maps === null ? "The page maps of this run were left out of this file, which would have become too large; they are in the folder runs. Those of the first runs are here." : "This run took no snapshots; the step 'snapshot' of a study takes one.";
    if (!machine.hidden) {
      slider.max = maps.length - 1;
      frameField.max = maps[0].frames - 1;
      draw();
    }
  }

  function go(snapshot) {
    state.snapshot = Math.min(Math.max(0, snapshot), data.runs[chosen.row].maps.length - 1);
    draw();
  }

  function show(view) {
    state.view = view;
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", i === view));
    colourLabel.hidden = view !== 0;
    place.replaceChildren(nodes[view]);
    draw();
  }

  function draw() {
    if (machine.hidden) {
      return;
    }

    const frames = current();
    const { map } = frames;
    slider.value = state.snapshot;
    told.textContent = `${state.snapshot + 1} of ${data.runs[chosen.row].maps.length}: ${map.label}, ${time(map.time)}`;
    slider.setAttribute("aria-valuetext", told.textContent);
    if (state.view === 0) {
      state.ages ??= state.colouring === 2 ? ages(all()) : null;
      const [colours, entries] = colourings[state.colouring][1](frames, state.ages?.[state.snapshot], state.frames.length);
      legend.replaceChildren(key(entries));
      views[0].draw(frames, colours, state.followed);
    } else {
      legend.replaceChildren(key(data.kinds.map(kind => [kind, kindColour(kind)])));
      views[1].draw(frames, state.followed);
    }

    tell(state.frame);
  }

  function tell(frame) {
    state.frame = frame;
    const { map } = current();
    const found = frame >= 0 && frame < map.frames ? describe(current(), frame) : [el("h3", {}, map.label), el("p", {}, `${plural(map.frames, "frame")}, ${number(map.frames - map.runs.reduce((sum, run) => sum + length(run), 0))} of them free.`)];
    aside.replaceChildren(...found, ...(state.followed ? history(state, all()) : []));
  }

  function follow(frame) {
    const owner = frame >= 0 ? current().at(frame)?.owners[0] : null;
    if (owner) {
      [state.followed, state.found] = [owner, null];
      stop.hidden = false;
      draw();
    }
  }

  document.addEventListener("keydown", event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && !machine.hidden && !event.ctrlKey && !event.altKey && !event.metaKey && !event.target.closest?.("input, select, textarea, .scroll")) {
      event.preventDefault();
      go(state.snapshot + step);
    }
  });
  new ResizeObserver(() => draw()).observe(place);

  // A browser that is short of memory may drop what is on a canvas, and says when it has room again.
  views.forEach(({ layers }) => layers.base.addEventListener("contextrestored", draw));
  chosen.listeners.push(load);
  redraws.push(draw);
  return [section, load];
}

// What is in a frame, in words.
function describe(frames, frame) {
  const found = frames.at(frame);
  if (found === null) {
    return [el("h3", {}, `Frame ${number(frame)}`), el("p", {}, "It is free.")];
  }

  const owners = found.owners.slice(0, mostOwners).map(owner => el("li", {}, `${owner.name}:${owner.page}`));
  const more = found.owners.length - owners.length;
  return [
    el("h3", {}, `Frame ${number(frame)}`),
    el("p", {}, `Block ${found.block}, ${found.kind}, ${found.isDirty ? "dirty" : "clean"}, mapped ${found.mappers === 1 ? "once" : `${number(found.mappers)} times`}.`),
    el("p", {}, found.owners.length === 0 ? "No file and no process leads to it." : `It serves ${plural(found.owners.length, "page")}:`),
    el("ul", {}, ...owners, more > 0 ? el("li", {}, `and ${number(more)} more`) : null),
  ];
}

// Where the followed page is in each snapshot, which is looked for once.
function history(state, snapshots) {
  const { followed } = state;
  state.found ??= snapshots.map(frames => frames.find(followed));
  return [el("h3", {}, `Page ${followed.page} of ${followed.name}`), el("ol", {}, ...snapshots.map(({ map }, i) => {
    const found = state.found[i];
    return el("li", { class: i === state.snapshot ? "now" : null }, `${map.label}, ${time(map.time)}: ${found ? `frame ${number(found.frame)}, block ${found.block}, ${found.kind}, ${plural(found.owners.length, "owner")}` : "not in memory"}`);
  }))];
}
