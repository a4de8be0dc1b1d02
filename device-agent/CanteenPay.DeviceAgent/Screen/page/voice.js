// Plays what the machine says: one after another, never two at once, each once - also when the page is loaded anew or open twice.
(() => {
  "use strict";

  const remembered = "canteen-said";
  const maxRemembered = 50;
  const slack = 3_000;
  const waiting = [];
  let playing = false;

  const said = () => JSON.parse(localStorage.getItem(remembered) ?? "[]");
  const write = (ids) => localStorage.setItem(remembered, JSON.stringify(ids.slice(-maxRemembered)));

  // Only one page at a time; without locks (an old browser) each page minds only itself.
  const alone = (act) => (navigator.locks ? navigator.locks.request(remembered, act) : act());

  // A sound that neither ends nor fails would silence the till for good.
  function over(sound, durationMs) {
    return new Promise((done) => {
      const limit = setTimeout(done, durationMs + slack);
      sound.onended = sound.onerror = () => {
        clearTimeout(limit);
        done();
      };
    });
  }

  async function play({ id, url, until, durationMs }) {
    if (performance.now() >= until || said().includes(id)) return;
    write([...said(), id]);
    const sound = new Audio(url);
    const ended = over(sound, durationMs);
    try {
      // A play that does not begin is given up with the same limit.
      await Promise.race([sound.play(), ended]);
      await ended;
    } catch (refusal) {
      // The browser wants a key press first: not said, so that another page, or this one later, may. Or the sound is gone.
      if (refusal.name === "NotAllowedError") write(said().filter((other) => other !== id));
      console.warn("not played", url, refusal.name);
    }
    sound.pause();
  }

  async function playNext() {
    if (playing || waiting.length === 0) return;
    playing = true;
    const next = waiting.shift();
    await alone(() => play(next));
    playing = false;
    playNext();
  }

  window.canteenVoice = {
    say(utterance) {
      if (!utterance?.play || waiting.some((other) => other.id === utterance.id) || said().includes(utterance.id)) return;
      waiting.push({ ...utterance, until: performance.now() + utterance.remainingMs });
      playNext();
    },
  };
})();
