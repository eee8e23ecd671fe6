// Pictures (沿革图, 一图读懂): zoom, moving, arrow keys, what belongs to a file brought out, and saving. The stage scrolls, so that
// touch, keyboard and focus work as anywhere; zooming only sets the picture's size.
const SMALLEST = 0.1, LARGEST = 4, READABLE = 0.8, STEP = 1.25;
const stageOf = () => element.querySelector(".stage");
const pictureOf = () => element.querySelector(".stage > svg");
let scale = 1;

const sizeOf = (picture) => ({width: picture.viewBox.baseVal.width, height: picture.viewBox.baseVal.height});

// The point under (x, y) of the stage stays where it is.
function zoom(wanted, x, y) {
  const stage = stageOf(), picture = pictureOf();
  if (!picture) return;
  const {width, height} = sizeOf(picture), before = scale;
  scale = Math.min(LARGEST, Math.max(SMALLEST, wanted));
  picture.style.width = `${width * scale}px`;
  picture.style.height = `${height * scale}px`;
  x ??= stage.clientWidth / 2;
  y ??= stage.clientHeight / 2;
  stage.scrollLeft = (stage.scrollLeft + x) * scale / before - x;
  stage.scrollTop = (stage.scrollTop + y) * scale / before - y;
  keepHeadings();
}

const fitting = () => {
  const stage = stageOf(), {width, height} = sizeOf(pictureOf());
  return Math.min(stage.clientWidth / width, parseFloat(getComputedStyle(stage).maxHeight) / height, 1);
};

// The names of the levels and years stay in sight; that of a level as long as its band is.
function keepHeadings() {
  const stage = stageOf(), picture = pictureOf(), top = stage.scrollTop / scale + 70;
  for (const group of picture.querySelectorAll(".lg-levels g")) {
    const y = +group.firstChild.getAttribute("y"), down = Math.max(0, Math.min(top, +group.dataset.end - 12) - y);
    group.setAttribute("transform", `translate(0 ${down})`);
  }
  picture.querySelector(".lg-levels")?.setAttribute("transform", `translate(${stage.scrollLeft / scale} 0)`);
  picture.querySelector(".lg-years")?.setAttribute("transform", `translate(0 ${stage.scrollTop / scale})`);
}

// A new picture fits where it is readable so; else it is shown in a readable size, with the file that it is about in sight.
function start() {
  const stage = stageOf(), picture = pictureOf();
  if (!picture || picture.dataset.started || !stage.clientWidth) return;
  picture.dataset.started = "1";
  scale = 1;
  const {width, height} = sizeOf(picture);
  const fits = Math.min(1, stage.clientWidth / width);
  if (!picture.matches(".lg")) return zoom(fits, 0, 0);  // a page is read as a whole first
  zoom(Math.max(READABLE, fits), 0, 0);
  const chosen = picture.querySelector(".lg-n.c rect.b");
  const [x, y] = chosen ? [+chosen.getAttribute("x") + 100, +chosen.getAttribute("y") + 30] : [width, height];
  stage.scrollLeft = x * scale - (chosen ? stage.clientWidth / 2 : stage.clientWidth);
  stage.scrollTop = chosen ? y * scale - stage.clientHeight / 2 : 0;
  stage.addEventListener("scroll", keepHeadings, {passive: true});
  keepHeadings();
}

// The picture as a file: without links, which lead nowhere outside of the page, and with the headings in their place.
function saved() {
  const picture = pictureOf().cloneNode(true), {width, height} = sizeOf(picture);
  picture.removeAttribute("style");
  picture.classList.remove("dim");
  picture.setAttribute("width", width);
  picture.setAttribute("height", height);
  for (const link of picture.querySelectorAll("a")) link.removeAttribute("href");
  for (const group of picture.querySelectorAll(".lg-levels, .lg-levels g, .lg-years")) group.removeAttribute("transform");
  return {text: new XMLSerializer().serializeToString(picture), width, height};
}

const nameOf = (suffix) => `${pictureOf().getAttribute("aria-label").split("：")[0]}${suffix}`;

async function hand(name, blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let binary = "";
  for (let at = 0; at < bytes.length; at += 32768) binary += String.fromCharCode(...bytes.subarray(at, at + 32768));
  window.saveFile(JSON.stringify({name, content: btoa(binary)}));
}

function savePng() {
  const {text, width, height} = saved();
  // Twice as fine as the screen, within what browsers can draw.
  const fine = Math.min(2, 16000 / width, 16000 / height, Math.sqrt(1.2e8 / (width * height)));
  const image = new Image();
  image.onload = () => {
    const canvas = Object.assign(document.createElement("canvas"), {width: width * fine, height: height * fine});
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => hand(nameOf(".png"), blob), "image/png");
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}

const TOOLS = {
  "zoom-in": () => zoom(scale * STEP),
  "zoom-out": () => zoom(scale / STEP),
  "zoom-all": () => zoom(fitting()),
  "zoom-one": () => zoom(1),
  "save-svg": () => hand(nameOf(".svg"), new Blob([saved().text])),
  "save-png": savePng,
};

element.addEventListener("click", (event) => {
  const button = event.target.closest(".tools button");
  if (button) TOOLS[button.className]?.();
});

element.addEventListener("wheel", (event) => {
  const stage = stageOf();
  if (!event.ctrlKey || !stage?.contains(event.target)) return;
  event.preventDefault();
  const box = stage.getBoundingClientRect();
  zoom(scale * (event.deltaY < 0 ? STEP : 1 / STEP), event.clientX - box.left, event.clientY - box.top);
}, {passive: false});

// Dragging moves the picture; a drag is no click on what it began on.
let drag = null;
element.addEventListener("pointerdown", (event) => {
  const stage = stageOf();
  if (event.pointerType !== "mouse" || event.button || !stage?.contains(event.target)) return;
  drag = {x: event.clientX, y: event.clientY, left: stage.scrollLeft, top: stage.scrollTop, moved: false};
});
window.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const dx = event.clientX - drag.x, dy = event.clientY - drag.y;
  drag.moved ||= Math.abs(dx) + Math.abs(dy) > 5;
  if (!drag.moved) return;
  stageOf().scrollLeft = drag.left - dx;
  stageOf().scrollTop = drag.top - dy;
});
window.addEventListener("pointerup", () => setTimeout(() => { drag = null; }));
window.addEventListener("click", (event) => {
  if (!drag?.moved) return;
  event.preventDefault();
  event.stopPropagation();
}, true);
element.addEventListener("dragstart", (event) => { if (stageOf()?.contains(event.target)) event.preventDefault(); });

// A file under the pointer or the focus brings out its relations and the files at their ends.
function bringOut(target) {
  const picture = pictureOf(), file = target?.closest?.(".lg-n, .lg-l");
  if (!picture) return;
  for (const part of picture.querySelectorAll(".on")) part.classList.remove("on");
  picture.classList.toggle("dim", Boolean(file));
  if (!file) return;
  file.classList.add("on");
  const own = [...file.classList].find((name) => /^n\d+$/.test(name))?.slice(1);
  const relations = own === undefined ? [file] : picture.querySelectorAll(`.lg-l.s${own}, .lg-l.t${own}`);
  for (const relation of relations) {
    relation.classList.add("on");
    for (const name of relation.classList) {
      if (/^[st]\d+$/.test(name)) picture.querySelector(`.lg-n.n${name.slice(1)}`)?.classList.add("on");
    }
  }
}
element.addEventListener("focusin", (event) => {  // its line may be long, its label is what must be seen
  event.target.closest(".lg-n, .lg-l")?.querySelector("rect")?.scrollIntoView({block: "nearest", inline: "nearest"});
});
for (const kind of ["pointerover", "focusin"]) element.addEventListener(kind, (event) => bringOut(event.target));
for (const kind of ["pointerleave", "focusout"]) element.addEventListener(kind, () => bringOut(null));

// Arrow keys go to the nearest file or relation in their direction; + − and 0 zoom.
const ARROWS = {ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1]};
element.addEventListener("keydown", (event) => {
  if (!stageOf()?.contains(event.target)) return;
  const key = {"+": "zoom-in", "=": "zoom-in", "-": "zoom-out", "0": "zoom-all"}[event.key];
  if (key && !event.ctrlKey) TOOLS[key]();
  const way = ARROWS[event.key], from = event.target.closest(".lg-n, .lg-l")?.querySelector("rect")?.getBoundingClientRect();
  if (way && from) {
    let best = null, least = Infinity;
    for (const other of pictureOf().querySelectorAll("a.lg-n, a.lg-l")) {
      const box = other.querySelector("rect").getBoundingClientRect();
      const dx = (box.left + box.right - from.left - from.right) / 2, dy = (box.top + box.bottom - from.top - from.bottom) / 2;
      const along = dx * way[0] + dy * way[1], aside = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
      if (along > 4 && along + 3 * aside < least) [best, least] = [other, along + 3 * aside];
    }
    best?.focus({preventScroll: true});
  }
  if (key || (way && from)) event.preventDefault();
});

// Drawn in a tab that is not open, it has no size yet.
new ResizeObserver(start).observe(element);
watch("value", () => requestAnimationFrame(start));
start();
