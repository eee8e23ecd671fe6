// A card that a reader asked for gets the focus; on a narrow screen it stands below what he reads, so it is scrolled to.
const show = () => {
  if (!element.offsetParent || !element.closest(window.cardWanted)) return;
  window.cardWanted = "";
  const narrow = window.matchMedia("(max-width: 900px)").matches;
  const card = element.querySelector(".evidence");
  card?.focus({preventScroll: true});
  if (narrow) card?.scrollIntoView({block: "start"});
  const first = element.querySelector("mark");
  if (!narrow) first?.scrollIntoView({block: "nearest"});
};
(window.cards ??= []).push(show);
window.showCard = () => window.cards.forEach((each) => { if (window.cardWanted) each(); });
watch("value", () => { if (window.cardWanted) show(); });
