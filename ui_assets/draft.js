// A draft is changed where it stands: each paragraph has 修改, 加一段 and 删除; the editor takes its place until the text is kept.
const LEVELS = ["正文", "一、", "（一）", "1.", "（1）"];
let place = null, busy = false;

const button = (name, words, label) => {
  const made = Object.assign(document.createElement("button"), {type: "button", className: name, textContent: words});
  made.setAttribute("aria-label", label);
  return made;
};

function equip() {
  busy = false;
  for (const block of element.querySelectorAll("[data-block]")) {
    const words = block.querySelector(".words"), table = block.matches("table") || !words;
    const called = (words ?? block.querySelector("caption") ?? block).textContent.slice(0, 16);
    const tools = Object.assign(document.createElement("span"), {className: "edit-tools"});
    if (!table) tools.append(button("amend", "修改", `修改：${called}`));
    tools.append(button("append", "加一段", `在后面加一段：${called}`), button("drop", "删除", `删除：${called}`));
    if (table) (block.querySelector("caption") ?? block).append(tools);
    else block.append(tools);
  }
  if (!place) return;
  const wanted = element.querySelector(`[data-block="${CSS.escape(place)}"]`);
  place = null;
  wanted?.querySelector(".edit-tools button")?.focus({preventScroll: true});
  wanted?.scrollIntoView({block: "nearest"});
}

function open(block, act) {
  element.querySelector(".editor")?.remove();
  const editor = Object.assign(document.createElement("div"), {className: "editor"});
  const area = document.createElement("textarea");
  area.value = act === "amend" ? block.querySelector(".words").textContent : "";
  area.rows = Math.min(12, Math.max(3, Math.ceil(area.value.length / 34)));
  area.maxLength = 5000;
  area.setAttribute("aria-label", act === "amend" ? "修改这一段" : "新的一段");
  const level = document.createElement("select");
  level.setAttribute("aria-label", "新段落的层次");
  LEVELS.forEach((name, at) => level.append(new Option(name, at)));
  const keep = button("keep", "保存", "保存这一段"), leave = button("leave", "取消", "取消修改");
  editor.append(area, ...(act === "append" ? [level] : []), keep, leave);
  block.after(editor);
  area.focus();
  keep.onclick = () => save(block.dataset.block, act, area.value, level.value);
  leave.onclick = () => { editor.remove(); block.querySelector(`.${act}`)?.focus(); };
  editor.onkeydown = (event) => {
    if (event.key === "Escape") leave.click();
    if (event.key === "Enter" && event.ctrlKey) keep.click();
  };
}

function save(block, act, text, level) {
  if (busy) return;
  busy = true;
  place = block;
  for (const part of element.querySelectorAll(".editor *")) part.disabled = true;
  trigger("edit", {block, act, text, level: Number(level)});
}

// Kept: the draft is drawn anew, or stays as it was. Refused: what was written stays in the editor.
window.draftSaved = (kept) => {
  busy = false;
  for (const part of element.querySelectorAll(".editor *")) part.disabled = false;
  if (kept) element.querySelector(".editor")?.remove();
  else element.querySelector(".editor textarea")?.focus();
};

element.addEventListener("click", (event) => {
  const act = event.target.closest(".edit-tools button")?.className, block = event.target.closest("[data-block]");
  if (!act || busy) return;
  if (act === "drop") save(block.dataset.block, act, "", 0);
  else open(block, act);
});

watch("value", () => requestAnimationFrame(equip));
equip();
