// A card that a reader asked for gets the focus; on a narrow screen it stands below the question, so it is scrolled to.
window.showCard = () => {
  window.cardWanted = false;
  const narrow = window.matchMedia("(max-width: 900px)").matches;
  const card = element.querySelector(".evidence");
  card?.focus({preventScroll: true});
  if (narrow) card?.scrollIntoView({block: "start"});
  const first = element.querySelector("mark");
  if (!narrow) first?.scrollIntoView({block: "nearest"});
};
watch("value", () => { if (window.cardWanted) window.showCard(); });
