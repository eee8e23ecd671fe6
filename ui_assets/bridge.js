// Links inside answers and lists are plain <a href="#cite-…">, which survive the sanitiser; one listener turns them into events.
const EVENTS = {
  cite: "click", near: "click", file: "select", ask: "submit", remove: "delete", export: "download", verdict: "like",
  span: "edit", measure: "expand", compare: "apply", matched: "copy", compared: "collapse",
  open: "option_select", source: "example_select", study: "retry", changes: "undo", term: "tick", door: "release",
};
// The boxes in which the card of a link appears.
const CARDS = {
  cite: "#evidence", near: "#evidence", file: "#details", span: "#match-evidence, #measure-evidence", measure: "#measure-details",
  open: "#draft-evidence, #framework-evidence", source: "#draft-evidence", term: "#framework-evidence",
};
let opener = null;  // the link that opened the card, to which the reader goes back

async function copy(link) {
  const text = link.closest(".answer, .evidence").querySelector(".copy-text").textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {  // no clipboard on a plain http address in the office network
    const area = Object.assign(document.createElement("textarea"), {value: text});
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const label = link.textContent;
  if (label === "已复制") return;
  link.textContent = "已复制";
  setTimeout(() => { link.textContent = label; }, 1500);
}

// A file that the server made of the conversation: nothing of it stays on the server's disk.
window.saveFile = (file) => {
  const {name, content} = JSON.parse(file);
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes]));
  const link = Object.assign(document.createElement("a"), {href: address, download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
};

// A verdict is shown as chosen once it is kept.
window.markVerdict = (kept) => {
  const chosen = document.querySelector(`a.verdict[href="#${kept}"]`);
  for (const link of chosen?.parentElement.querySelectorAll("a.verdict") ?? []) {
    link.setAttribute("aria-pressed", String(link === chosen));
  }
  if (chosen) chosen.parentElement.firstElementChild.textContent = "已记下";
};

// What was wrong or missing, in the reader's words. The click is the verdict: who cancels the remark has judged all the same.
// Null where a verdict that is kept already is left as it is.
function remark(link, target) {
  if (!target.startsWith("verdict-") || target.startsWith("verdict-right")) return "";
  const said = prompt(`将记下“${link.textContent}”。哪里不对，或者缺了什么？可以不填。`, "");
  return said ?? (link.getAttribute("aria-pressed") === "true" ? null : "");
}

// From a card, which on a narrow screen stands below everything, to where the reader was.
function back() {
  const before = ["chat", "matches", "measures", "draft-parts", "framework-parts"].map((id) => document.getElementById(id)).find((box) => box?.offsetParent);
  if (before?.id !== "chat" && opener?.isConnected && opener.getClientRects().length) {
    opener.focus({preventScroll: true});
    opener.scrollIntoView({block: "center"});
  } else {
    before?.scrollIntoView({block: before.id === "chat" ? "end" : "start"});
  }
}

// The paragraph of the draft that a finding speaks of.
function toBlock(id) {
  document.querySelector('#draft-parts button[role="tab"]')?.click();
  setTimeout(() => {
    const block = document.querySelector(`#draft-text [data-block="${CSS.escape(id)}"]`);
    block?.scrollIntoView({block: "center"});
    block?.querySelector(".edit-tools button")?.focus({preventScroll: true});
  }, 100);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  if (!link) return;
  const target = decodeURIComponent(link.getAttribute("href").slice(1));
  const named = target.split("-", 1)[0];
  const kind = named === "file" && link.closest("#framework-row") ? "study" : named;  // looked at where it was met
  if (kind === "copy") {
    copy(link);
  } else if (kind === "back") {
    back();
  } else if (kind === "block") {
    toBlock(target.slice("block-".length));
  } else if (kind in EVENTS) {
    if (kind === "remove" && !confirm("确认删除这份文件？删除后不能恢复。")) {
      // the reader changed their mind
    } else {
      const said = remark(link, target);
      window.cardWanted = CARDS[kind] ?? "";
      if (window.cardWanted) opener = link;
      // A card that is shown already does not change; whoever asks for it is taken to it all the same.
      setTimeout(() => { if (window.cardWanted) window.showCard?.(); }, 1200);
      if (said !== null) trigger(EVENTS[kind], {link: kind === "ask" ? link.textContent : target, remark: said});
    }
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}, true);

// A new question stays at the top of the conversation while its answer grows, so that the conclusion is what one reads
// first; a reader who scrolls or clicks is left alone.
let asked = 0, heldUntil = 0;
new MutationObserver(() => {
  const questions = document.querySelectorAll('#chat [data-testid="user"]');
  if (questions.length > asked) heldUntil = Date.now() + 15000;
  asked = questions.length;
  const last = questions[asked - 1], log = last?.closest(".panel-wrap");
  if (log && Date.now() < heldUntil) log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top - 8;
}).observe(document.body, {childList: true, subtree: true});
for (const kind of ["wheel", "touchmove", "pointerdown"]) {
  document.addEventListener(kind, () => { heldUntil = 0; }, {passive: true});
}

// Gradio labels a message with its raw markup, in English; a screen reader should read the answer itself.
new MutationObserver(() => {
  const chat = document.getElementById("chat");
  chat?.querySelector('[role="log"]')?.setAttribute("aria-label", "对话");
  for (const [kind, name] of [["user", "提问"], ["bot", "回答"]]) {
    for (const message of chat?.querySelectorAll(`[data-testid="${kind}"]:not([aria-label="${name}"])`) ?? []) {
      message.setAttribute("aria-label", name);
    }
  }
}).observe(document.body, {childList: true, subtree: true});
