// A page map as arrays: for each frame which run of frames it belongs to, and its place in that run. A run is
// [first, last, kind, block, dirty, mappers, [[owner, page], ...]], upwards or downwards; its owners' pages are those of its first frame.

class Frames {
  constructor(map) {
    this.map = map;
    this.run = new Int32Array(map.frames).fill(-1);
    this.place = new Int32Array(map.frames);
    map.runs.forEach(([first, last], r) => {
      const step = last < first ? -1 : 1;
      for (let i = 0, frame = first; i <= Math.abs(last - first); i++, frame += step) {
        this.run[frame] = r;
        this.place[frame] = i;
      }
    });
  }

  // What is in a frame; null if it is free.
  at(frame) {
    const run = this.map.runs[this.run[frame]];
    if (run === undefined) {
      return null;
    }

    const place = this.place[frame];
    return { frame, kind: run[2], block: following(run[3], place), isDirty: run[4], mappers: run[5], run: this.run[frame], owners: run[6].map(([owner, page]) => ({ name: this.map.owners[owner].name, page: page + place })) };
  }

  // The frame that has a page of a file; null if it is not in memory.
  find({ name, page }) {
    const owner = this.map.owners.findIndex(o => o.name === name);
    for (const [first, last, , , , , owners] of owner < 0 ? [] : this.map.runs) {
      for (const [of, from] of owners) {
        if (of === owner && page >= from && page <= from + Math.abs(last - first)) {
          return this.at(first + (last < first ? from - page : page - from));
        }
      }
    }

    return null;
  }

  // A number for each frame that differs for different blocks; 0 for free frames. Blocks are a letter and a number, such as s12.
  blocks() {
    const keys = this.map.runs.map(run => [run[3].charCodeAt(0) * 2 ** 44, Number(/\d+$/.exec(run[3])?.[0] ?? 0)]);
    return Float64Array.from(this.run, (r, frame) => r < 0 ? 0 : keys[r][0] + keys[r][1] + this.place[frame] + 1);
  }
}

function following(block, places) {
  const found = /^(\D*)(\d+)$/.exec(block);
  return found && places > 0 ? `${found[1]}${Number(found[2]) + places}` : block;
}

// How many snapshots ago each frame got the block that it has: an array for each snapshot.
function ages(snapshots) {
  let [before, age] = [null, null];
  return snapshots.map(frames => {
    const [now, last] = [frames.blocks(), age];
    age = Uint16Array.from(now, (block, i) => before !== null && before[i] === block ? last[i] + 1 : 0);
    before = now;
    return age;
  });
}
