// A photograph before it is kept: cut, made unreadable in places, an arrow put in. What comes out is a new file drawn from the pixels
// on the screen; the one that the camera made is neither kept nor sent. Works without network, by touch and by keys.
const LONGEST = 2400; // pixels of the longer side (assumption: a label on a cupboard can still be read)
const QUALITY = 0.88;
const MOST_UNDONE = 6;
const MARK = "#d4111b";

// `dialog`: the page's `[data-photo]`. Answers the new file, the same one where it is no picture that can be drawn, null where it was given up.
export async function looked(file, dialog) {
  if (!dialog?.showModal || !file.type.startsWith("image/")) return file;
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch { return file; } // the server says what is wrong with it
  return new Desk(dialog, picture, file.name).work();
}

class Desk {
  constructor(dialog, picture, name) {
    Object.assign(this, { dialog, name, past: [], chosen: null });
    this.canvas = dialog.querySelector("canvas");
    this.sheet = document.createElement("canvas"); // what will be kept; on the screen the choice stands over it
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    this.put(picture, Math.round(picture.width * scale), Math.round(picture.height * scale));
    picture.close();
  }

  put(source, width, height) {
    for (const one of [this.sheet, this.canvas]) Object.assign(one, { width, height });
    this.sheet.getContext("2d").drawImage(source, 0, 0, width, height);
    this.choose(null);
  }

  get tool() { return this.dialog.querySelector("[name=photo-tool]:checked").value; }

  work() {
    const ears = new AbortController();
    const on = (target, event, act) => target.addEventListener(event, act, { signal: ears.signal });
    on(this.canvas, "pointerdown", (event) => this.down(event));
    on(this.canvas, "pointermove", (event) => this.move(event));
    on(this.canvas, "pointerup", () => this.up());
    on(this.canvas, "pointercancel", () => this.choose(null));
    on(this.canvas, "keydown", (event) => this.key(event));
    on(this.canvas, "blur", () => this.choose(null));
    on(this.dialog.querySelector("[data-photo-undo]"), "click", () => this.undo());
    this.dialog.querySelector("[data-photo-error]").hidden = true;
    this.dialog.showModal();
    this.tell();
    return new Promise((answer) => {
      const end = (file) => {
        ears.abort();
        this.dialog.close();
        this.past = [];
        for (const one of [this.sheet, this.canvas]) Object.assign(one, { width: 1, height: 1 });
        answer(file);
      };
      on(this.dialog, "cancel", (event) => { event.preventDefault(); end(null); });
      on(this.dialog.querySelector("[data-photo-drop]"), "click", () => end(null));
      on(this.dialog.querySelector("[data-photo-keep]"), "click", () => {
        const name = this.name.replace(/\.[^.]*$/, "") + ".jpg";
        this.sheet.toBlob((made) => {
          if (made) end(new File([made], name, { type: "image/jpeg" }));
          else this.dialog.querySelector("[data-photo-error]").hidden = false; // no memory: nothing is lost, it is still on the screen
        }, "image/jpeg", QUALITY);
      });
    });
  }

  // --- choosing: a frame, or the line of an arrow, from one point to another ----------------------
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return {
      x: Math.max(0, Math.min(this.sheet.width, (event.clientX - box.left) * this.sheet.width / box.width)),
      y: Math.max(0, Math.min(this.sheet.height, (event.clientY - box.top) * this.sheet.height / box.height)),
    };
  }

  down(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.drawing = true;
    const from = this.at(event);
    this.choose({ from, to: from });
  }

  move(event) {
    if (this.drawing && this.chosen) this.choose({ ...this.chosen, to: this.at(event) });
  }

  up() {
    this.drawing = false;
    this.apply();
  }

  key(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const { width, height } = this.sheet;
    if (way) {
      event.preventDefault();
      const from = this.chosen?.from ?? { x: width / 3, y: height / 3 };
      const to = this.chosen?.to ?? { x: 2 * width / 3, y: 2 * height / 3 };
      const step = ([x, y], by) => ({ x: Math.max(0, Math.min(width, x + way[0] * by)), y: Math.max(0, Math.min(height, y + way[1] * by)) });
      const by = Math.max(width, height) / 50;
      this.choose({ from: event.shiftKey ? from : step([from.x, from.y], by), to: step([to.x, to.y], by) });
    } else if (event.key === "Enter" && this.chosen) {
      event.preventDefault();
      this.apply();
    } else if (event.key === "z" && (event.ctrlKey || event.metaKey)) this.undo();
  }

  choose(chosen) {
    this.chosen = chosen;
    const pen = this.canvas.getContext("2d");
    pen.drawImage(this.sheet, 0, 0);
    if (!chosen) return;
    if (this.tool === "arrow") return this.arrow(pen);
    const { x, y, width, height } = this.frame();
    for (const [colour, line] of [["#fff", 6], ["#14202b", 2]]) {
      Object.assign(pen, { strokeStyle: colour, lineWidth: line * this.unit() });
      pen.strokeRect(x, y, width, height);
    }
  }

  frame() {
    const { from, to } = this.chosen;
    const x = Math.round(Math.min(from.x, to.x)), y = Math.round(Math.min(from.y, to.y));
    return { x, y, width: Math.round(Math.abs(from.x - to.x)), height: Math.round(Math.abs(from.y - to.y)) };
  }

  unit() { return Math.max(this.sheet.width, this.sheet.height) / 800; }

  // --- doing --------------------------------------------------------------------------------------
  apply() {
    if (!this.chosen) return;
    const { x, y, width, height } = this.frame();
    const isLine = this.tool === "arrow";
    if (Math.max(width, height) < 12 * this.unit() || (!isLine && Math.min(width, height) < 8 * this.unit())) return this.choose(null);
    this.remember();
    if (isLine) this.arrow(this.sheet.getContext("2d"));
    else if (this.tool === "blur") this.blur(x, y, width, height);
    else {
      const cut = document.createElement("canvas");
      Object.assign(cut, { width, height });
      cut.getContext("2d").drawImage(this.sheet, x, y, width, height, 0, 0, width, height);
      this.put(cut, width, height);
    }
    this.choose(null);
    this.tell();
  }

  // Squares of one colour, at most eight across: nothing of a face or a name can be computed back from them.
  blur(x, y, width, height) {
    const small = document.createElement("canvas");
    const across = Math.max(1, Math.min(8, Math.floor(width / 16))), down = Math.max(1, Math.min(8, Math.floor(height / 16)));
    Object.assign(small, { width: across, height: down });
    small.getContext("2d").drawImage(this.sheet, x, y, width, height, 0, 0, across, down);
    const pen = this.sheet.getContext("2d");
    pen.imageSmoothingEnabled = false;
    pen.drawImage(small, 0, 0, across, down, x, y, width, height);
    pen.imageSmoothingEnabled = true;
  }

  arrow(pen) {
    const { from, to } = this.chosen, unit = this.unit();
    const turn = Math.atan2(to.y - from.y, to.x - from.x), head = 26 * unit;
    for (const [colour, line] of [["#fff", 12], [MARK, 7]]) {
      Object.assign(pen, { strokeStyle: colour, lineWidth: line * unit, lineCap: "round", lineJoin: "round" });
      pen.beginPath();
      pen.moveTo(from.x, from.y);
      pen.lineTo(to.x, to.y);
      for (const side of [-1, 1]) {
        pen.moveTo(to.x, to.y);
        pen.lineTo(to.x - head * Math.cos(turn + side * 0.5), to.y - head * Math.sin(turn + side * 0.5));
      }
      pen.stroke();
    }
  }

  remember() {
    const copy = document.createElement("canvas");
    Object.assign(copy, { width: this.sheet.width, height: this.sheet.height });
    copy.getContext("2d").drawImage(this.sheet, 0, 0);
    this.past = [...this.past, copy].slice(-MOST_UNDONE);
  }

  undo() {
    const before = this.past.pop();
    if (before) this.put(before, before.width, before.height);
    this.tell();
  }

  tell() { this.dialog.querySelector("[data-photo-undo]").disabled = this.past.length === 0; }
}
