// Shows the view that the agent sends, in full each time, and sends it keys. It decides nothing.
(() => {
  "use strict";
  const $ = (selector) => document.querySelector(selector);
  const svg = "http://www.w3.org/2000/svg";
  const main = $("#state");
  const late = 20_000;
  // Without word from the agent for so long the screen says so; a view comes at least each 15 s while all is well.
  const patience = 3_000;
  const silence = 40_000;
  let labels = {};
  let view = null;
  let until = 0;
  let clockAhead = null;
  let heardAt = performance.now();
  let lost = null;

  const put = (element, phrase) => {
    element.querySelector("b").textContent = phrase?.main ?? "";
    element.querySelector("small").textContent = phrase?.small ?? "";
  };

  function label() {
    document.querySelectorAll("button[data-label]").forEach((button) => put(button, labels[button.dataset.label]));
    put($("#hint"), labels["qr.hint"]);
  }

  function drawQr(qr) {
    const holder = $("#qr");
    if (holder.dataset.path === (qr?.path ?? "")) return;
    holder.dataset.path = qr?.path ?? "";
    holder.replaceChildren();
    if (!qr) return;
    const picture = document.createElementNS(svg, "svg");
    picture.setAttribute("viewBox", `0 0 ${qr.size} ${qr.size}`);
    picture.setAttribute("shape-rendering", "crispEdges");
    const ground = document.createElementNS(svg, "rect");
    ground.setAttribute("width", qr.size);
    ground.setAttribute("height", qr.size);
    ground.setAttribute("fill", "#fff");
    const modules = document.createElementNS(svg, "path");
    modules.setAttribute("d", qr.path);
    modules.setAttribute("fill", "#000");
    picture.append(ground, modules);
    holder.append(picture);
  }

  // 支付成功 ¥12.50 reads as one text; the amount gets a line of its own so that it can be big.
  function drawResult(result) {
    const text = result?.main ?? "";
    const at = text.indexOf("¥");
    const amount = at > 0 ? [Object.assign(document.createElement("span"), { textContent: text.slice(at) })] : [];
    $("#result").replaceChildren(at > 0 ? text.slice(0, at) : text, ...amount);
    $("#result-small").textContent = result?.small ?? "";
  }

  function drawManager(next) {
    const pay = $("#keys button[data-key=pay]");
    if (labels["key.pay"]) put(pay, labels[window.canteenKeys.asksManager(next.state) ? "key.confirm" : "key.pay"]);
    $("#pin").textContent = "•".repeat(next.refund?.dots ?? 0);
    $("#refund-of").textContent = next.refund?.of?.main ?? "";
    main.dataset.pinFor = next.refund?.orderId ? "refund" : "damage";
    $("#alarm").hidden = !next.alarm;
    put($("#alarm div"), next.alarm);
    put($("#alarm button"), labels["key.confirm"] ?? { main: "确认", small: "Confirm" });
    $("#previous-refund").hidden = !next.previous?.refundable;
    $("#history-notice").textContent = next.notice ? next.headline.main : "";
  }

  function drawHistory(next) {
    const taps = next?.tapHistory?.map((row) => ({ ...row, stage: row.what }));
    const rows = next?.history ?? taps;
    $("#history").hidden = !rows;
    $("#history").dataset.taps = Boolean(taps);
    if (labels.list) {
      put($("#history h1"), labels[taps ? "list.taps" : "list"]);
      put($("#history-close"), labels[next?.cards && !taps ? "key.taps" : "key.close"]);
    }
    const cells = (row) => [row.time, `¥${row.amount}`, `${row.stage.main}${row.refund ? ` ${row.refund.main}` : ""}`]
      .map((text) => Object.assign(document.createElement("td"), { textContent: text }));
    const lines = (rows ?? []).map((row) => {
      const line = document.createElement("tr");
      if (row.orderId) line.dataset.order = row.orderId;
      line.dataset.tone = row.tone;
      line.dataset.chosen = row.chosen;
      line.dataset.refundable = row.refundable;
      line.append(...cells(row));
      return line;
    });
    if (rows?.length === 0) {
      const line = document.createElement("tr");
      line.append(Object.assign(document.createElement("td"), { textContent: `${labels["list.empty"]?.main ?? ""} ${labels["list.empty"]?.small ?? ""}` }));
      lines.push(line);
    }
    $("#history tbody").replaceChildren(...lines);
    $("#history tr[data-chosen=true]")?.scrollIntoView({ block: "nearest" });
  }

  function drawCountdown() {
    const left = view?.countdown ? Math.max(0, until - performance.now()) : 0;
    $("#countdown span").textContent = view?.countdown ? Math.ceil(left / 1000) : "";
    $("#timer").dataset.late = left < late;
    $("#bar i").style.transform = `scaleX(${view?.countdown ? left / view.countdown.totalMs : 0})`;
    if (view?.countdown && left === 0) drawQr(null);
    $("#clock").textContent = clockAhead === null ? "" : new Date(clockAhead + performance.now()).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
  }

  function draw(next) {
    view = next;
    clockAhead = next.clockMs - performance.now();
    if (next.countdown) until = performance.now() + next.countdown.remainingMs;
    $("#amount").textContent = next.amount;
    put($("#headline"), next.headline);
    drawResult(next.result);
    drawQr(next.qr);
    drawConnection(next.online, next.connection, next.connectionError);
    put($("#previous"), next.previous?.text);
    $("#previous").dataset.tone = next.previous?.tone ?? "";
    drawHistory(next);
    window.canteenCards.draw(next, labels);
    drawManager(next);
    drawCountdown();
    main.dataset.digits = next.amount.replace("¥", "").length;
    main.dataset.empty = next.state === "idle" && next.amount === "0.00";
    main.dataset.notice = next.notice === true;
    main.dataset.online = next.online;
    main.dataset.revision = next.revision;
    main.dataset.utterance = next.utterance?.id ?? "";
    main.dataset.state = next.state;
    window.canteenVoice.say(next.utterance);
  }

  function drawConnection(online, phrase, error) {
    $("#connection").dataset.online = online;
    put($("#connection"), phrase);
    $("#why").textContent = error ?? "";
  }

  // Nobody keeps this screen true any more: no code to pay by, no green that may be of another order.
  function disconnect() {
    const words = labels["link.page"] ?? { main: "屏幕未连接", small: "Screen not connected" };
    view = null;
    drawQr(null);
    drawResult(null);
    drawHistory(null);
    drawCountdown();
    $("#amount").textContent = "0.00";
    put($("#headline"), words);
    put($("#previous"), null);
    $("#previous-refund").hidden = true;
    $("#pin").textContent = "";
    $("#refund-of").textContent = "";
    drawConnection(false, words);
    main.dataset.digits = 4;
    main.dataset.empty = true;
    main.dataset.notice = false;
    $("#undo").hidden = true;
    $("#desk").hidden = true;
    main.dataset.online = false;
    main.dataset.state = "disconnected";
  }

  let events = null;
  let reopening = null;

  function open() {
    clearTimeout(reopening);
    reopening = null;
    events?.close();
    events = new EventSource("/events");
    events.onmessage = (event) => {
      clearTimeout(lost);
      lost = null;
      heardAt = performance.now();
      draw(JSON.parse(event.data));
    };
    events.onerror = () => {
      lost ??= setTimeout(disconnect, patience);
      // The browser tries again by itself, except after an answer that was not a stream.
      if (events.readyState === EventSource.CLOSED) reopen();
    };
  }

  function reopen() {
    reopening ??= setTimeout(open, 2_000);
  }

  function watch() {
    drawCountdown();
    if (performance.now() - heardAt < silence) return;
    heardAt = performance.now();
    disconnect();
    reopen();
  }

  async function loadLabels() {
    try {
      const answer = await fetch("/labels");
      if (!answer.ok) throw new Error(`labels: ${answer.status}`);
      labels = await answer.json();
      label();
      if (!view) return;
      drawManager(view);
      drawHistory(view);
      window.canteenCards.draw(view, labels);
    } catch {
      setTimeout(loadLabels, 2_000);
    }
  }

  window.canteenKeys.onLost = () => {
    disconnect();
    reopen();
  };
  open();
  setInterval(watch, 200);
  loadLabels();
})();
