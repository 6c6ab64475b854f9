/* Lists that are put in order: dragging by the handle submits the form with `order` in the new order.
   The buttons up and down stay: they are the way of the keyboard, and the way without JavaScript. */

for (const list of document.querySelectorAll("[data-sort]")) {
  const form = list.closest("form");
  let before = "";
  const order = () => [...list.querySelectorAll('input[name="order"]')].map((input) => input.value).join();
  window.Sortable.create(list, {
    handle: ".order-handle",
    animation: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    onStart: () => {
      before = order();
    },
    onEnd: () => {
      if (order() !== before) form.requestSubmit();
    },
  });
}
