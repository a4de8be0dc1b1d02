// Plays what the machine says: one after another, never two at once, each once - also when the page is loaded anew.
(() => {
  "use strict";
  const remembered = "canteen-said";
  const maxRemembered = 50;
  const said = JSON.parse(localStorage.getItem(remembered) ?? "[]");
  const waiting = [];
  let playing = false;

  function remember(id) {
    said.push(id);
    said.splice(0, said.length - maxRemembered);
    localStorage.setItem(remembered, JSON.stringify(said));
  }

  async function playNext() {
    if (playing || waiting.length === 0) return;
    playing = true;
    const { url } = waiting.shift();
    try {
      const sound = new Audio(url);
      await sound.play();
      await new Promise((over) => { sound.onended = over; sound.onerror = over; });
    } catch (refusal) {
      // The browser wants a key press first, or the sound is gone: the text on the screen says it all.
      console.warn("not played", url, refusal.name);
    }
    playing = false;
    playNext();
  }

  window.canteenVoice = {
    say(utterance) {
      if (!utterance?.play || said.includes(utterance.id)) return;
      remember(utterance.id);
      waiting.push(utterance);
      playNext();
    },
  };
})();
