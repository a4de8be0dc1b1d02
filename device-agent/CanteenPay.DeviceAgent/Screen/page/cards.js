// Cards on the page: how they are taken, what one came to, and the readers that need the page. It decides nothing.
(() => {
  "use strict";
  const $ = (selector) => document.querySelector(selector);
  const main = $("#state");

  const put = (element, phrase) => {
    element.querySelector("b").textContent = phrase?.main ?? "";
    element.querySelector("small").textContent = phrase?.small ?? "";
  };

  const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });

  // An amount stays on the line of its purse.
  const whole = (text) => (text ?? "").replaceAll(" ¥", "\u00a0¥");

  function drawDesk(cards, labels) {
    $("#desk").hidden = !cards;
    main.dataset.mode = cards?.mode ?? "";
    $("#keys button[data-key=dot]").textContent = cards?.mode === "item" ? (labels["key.add"]?.main ?? "加") : ".";
    put($("#mode"), cards?.modeName);
    put($("#meal"), cards?.meal);
    put($("#standing"), cards?.status);
    $("#standing").dataset.tone = cards?.tone ?? "";
  }

  function drawBasket(view) {
    const lines = (view.basket ?? []).slice(-4).map((row) => {
      const line = document.createElement("tr");
      line.append(element("td", row.no), element("td", row.name.main), element("td", `×${row.count}`), element("td", `¥${row.amount}`));
      return line;
    });
    $("#basket tbody").replaceChildren(...lines);
    $("#item").textContent = view.itemNumber ? `№ ${view.itemNumber}` : "";
  }

  function draw(view, labels) {
    drawDesk(view.cards, labels);
    drawBasket(view);
    $("#details").textContent = whole(view.tap?.details?.main);
    $("#details-small").textContent = whole(view.tap?.details?.small);
    $("#undo").hidden = !view.undoable;
    main.dataset.tap = view.tap?.id ?? "";
    main.dataset.owed = view.amount !== "0.00";
  }

  // The page of a machine whose reader is another shows and collects nothing.
  function offer({ kind, cards }) {
    const buttons = cards.map((card) => {
      const button = element("button", card.name);
      button.type = "button";
      button.dataset.card = card.no;
      return button;
    });
    if (kind === "page") {
      const early = element("button", "✕");
      early.type = "button";
      early.title = "早离 Too early";
      early.dataset.card = "";
      buttons.push(early);
    }
    $("#reader").hidden = kind !== "page";
    $("#reader").replaceChildren(...buttons);
    if (kind !== "keyboard") return;
    window.canteenKeys.reader = globalThis.canteenWedge.create({
      press: window.canteenKeys.press,
      card: (number) => window.canteenKeys.post(`/cards/${number}/typed`),
      broken: () => window.canteenKeys.post("/cards/left"),
    });
  }

  $("#reader").addEventListener("click", (event) => {
    const card = event.target.closest("button")?.dataset.card;
    if (card === undefined) return;
    window.canteenKeys.post(card ? `/cards/${card}/present` : "/cards/left");
    event.target.blur();
  });

  async function load() {
    try {
      const answer = await fetch("/cards");
      if (!answer.ok) throw new Error(`cards: ${answer.status}`);
      offer(await answer.json());
    } catch {
      setTimeout(load, 2_000);
    }
  }

  window.canteenCards = { draw };
  load();
})();
