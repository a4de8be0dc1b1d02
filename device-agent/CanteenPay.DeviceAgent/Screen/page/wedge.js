// Tells a keyboard reader, which types a card's number and Enter, from a cashier's fingers.
(() => {
  "use strict";

  // Readers type a key each 1 to 30 ms; nobody types six keys in a row with less than this between them.
  const gap = 50;
  const slack = 30;
  const fewest = 6;
  const most = 20;
  // The Enter of a card that was given up already must not mean cloud pay.
  const late = 500;

  // press(key): a cashier's digit. card(number): a card. broken(): typed as fast as a card, but none: its digits must not become an amount.
  function create({ press, card, broken, later = setTimeout, forget = clearTimeout }) {
    let typed = "";
    let lastAt = 0;
    let timer = null;
    let brokenAt = -Infinity;

    function take() {
      forget(timer);
      const text = typed;
      typed = "";
      return text;
    }

    function giveUp() {
      brokenAt = lastAt;
      broken();
    }

    function flush() {
      const text = take();
      if (text.length >= fewest) giveUp();
      else [...text].filter((key) => key >= "0" && key <= "9").forEach((key) => press(key));
    }

    // True when the key is the reader's, or is held back until it is known whose it is. `at` in milliseconds, by the event's own time.
    return function key(name, at) {
      const fast = at - lastAt <= gap;
      if (/^[0-9A-Fa-f]$/.test(name)) {
        if (typed !== "" && !fast) flush();
        forget(timer);
        typed += name;
        lastAt = at;
        timer = later(flush, gap + slack);
        return true;
      }
      if (name === "Enter" && fast && typed.length >= fewest) {
        const number = take();
        if (number.length <= most) card(number);
        else giveUp();
        return true;
      }
      flush();
      return name === "Enter" && at - brokenAt <= late;
    };
  }

  globalThis.canteenWedge = { create };
})();
