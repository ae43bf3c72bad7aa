/** What had the focus last, and where it stood when it went. */
let focused: Element | null = null;

/**
 * Whatever has the focus may disappear: a bar that has done its work, the last thing of a list. The browser then begins at the top
 * of the page, and a screen reader says nothing. The focus goes to what took its place, or to what stood before it.
 */
export function keepFocus(): void {
  document.addEventListener("focusin", ({ target }) => {
    focused = target instanceof Element ? target : null;
  });
  new MutationObserver((changes) => {
    const gone = focused;
    if (gone === null) return;
    // A field is off while its form is sent, which takes the focus from it.
    if (gone.isConnected) {
      const isOnAgain = changes.some(({ type }) => type === "attributes") && !gone.matches(":disabled");
      if (isOnAgain && isNowhere() && gone instanceof HTMLElement) gone.focus({ preventScroll: true });
      return;
    }
    const removal = changes.find(({ removedNodes }) => [...removedNodes].some((node) => node.contains(gone)));
    if (removal === undefined) return;
    // A dialog, a toast and a new page move it by themselves, in a moment.
    setTimeout(() => {
      if (focused === gone && isNowhere()) moveTo(placeAfter(removal, changes));
    });
  }).observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
}

const isNowhere = (): boolean => document.activeElement === null || document.activeElement === document.body;

function placeAfter({ target, previousSibling, nextSibling }: MutationRecord, changes: readonly MutationRecord[]) {
  const main = document.querySelector("main");
  const around = target instanceof Element ? target : null;
  if (around === null || main === null || !main.contains(around)) return main?.querySelector("h1");
  // A row of a long table may only be out of sight.
  const table = around.closest("table");
  if (table !== null) return table;
  const added = changes.filter((each) => each.target === target).flatMap(({ addedNodes }) => [...addedNodes]);
  const place = [...added, previousSibling, nextSibling, around].find(isShown);
  return place?.querySelector("h1, h2, h3") ?? place;
}

const isShown = (node: Node | null): node is Element =>
  node instanceof Element && node.isConnected && node.ariaHidden !== "true";

function moveTo(place: Element | null | undefined): void {
  if (!(place instanceof HTMLElement)) return;
  if (place.tabIndex < 0 && !place.hasAttribute("tabindex")) {
    place.tabIndex = -1;
    place.addEventListener("blur", () => place.removeAttribute("tabindex"), { once: true });
  }
  place.focus({ preventScroll: true });
}
