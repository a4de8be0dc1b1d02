// Sends keys to the agent: from the screen, a keyboard, or a touch on the list.
(() => {
  "use strict";
  const $ = (selector) => document.querySelector(selector);
  const main = $("#state");
  const keyLimit = 3_000;

  // While a manager is asked something, the big key means yes, not cloud pay.
  const asksManager = (state) => ["refund-amount", "pin", "mode"].includes(state);

  // What is done when a key did not arrive is the page's; so is a reader that types.
  window.canteenKeys = { asksManager, post, press, reader: null, onLost: () => {} };

  // One after another, each known to have arrived before the next: 12 must not become 21, nor 1.25 of 12.5 with a key lost.
  let keys = Promise.resolve();
  let failures = 0;

  async function send(path, failuresBefore) {
    if (failures !== failuresBefore) return;
    try {
      const answer = await fetch(path, { method: "POST", headers: { "X-Canteen-Key": "1" }, signal: AbortSignal.timeout(keyLimit) });
      if (answer.ok) return;
    } catch {
      // Refused, or no answer in time.
    }
    failures++;
    window.canteenKeys.onLost();
  }

  function post(path) {
    const before = failures;
    keys = keys.then(() => send(path, before));
  }

  function press(key) {
    post(`/keys/${key}`);
    const button = $(`#keys button[data-key="${key}"]`);
    button?.classList.add("down");
    setTimeout(() => button?.classList.remove("down"), 120);
  }

  const keyboard = { ".": "dot", ",": "dot", Decimal: "dot", Backspace: "backspace", Delete: "clear", Enter: "pay", F2: "list", F4: "refund", F6: "undo", F8: "mode", ArrowUp: "up", ArrowDown: "down" };
  document.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (plain && !event.repeat && window.canteenKeys.reader?.(event.key, event.timeStamp)) {
      event.preventDefault();
      return;
    }
    const busy = ["requesting", "qr"].includes(main.dataset.state) || asksManager(main.dataset.state);
    const key = event.key === "Escape" ? (busy ? "cancel" : "clear") : /^[0-9]$/.test(event.key) ? event.key : keyboard[event.key];
    if (!key || !plain) return;
    event.preventDefault();
    // A key held down must not become an amount, nor an order twice.
    if (!event.repeat || ["backspace", "up", "down"].includes(key)) press(key);
  });
  main.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-key]");
    if (!button) return;
    press(button.dataset.key);
    // Enter must mean cloud pay, not "this button again".
    button.blur();
  });

  // A touch chooses the row for a refund.
  $("#history tbody").addEventListener("click", (event) => {
    const order = event.target.closest("tr")?.dataset.order;
    if (order) post(`/orders/${order}/choose`);
  });
})();
