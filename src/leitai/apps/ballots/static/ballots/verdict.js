// A verdict given where the network is weak is kept on the phone and sent until it is answered, always with the same
// key: however often it arrives, it is one. Without this script the form is sent as forms are.
(() => {
  const form = document.querySelector("form"), room = "leitai verdict ", mine = room + location.pathname;
  if (!form || !window.fetch || !window.AbortController) return;
  const place = document.getElementById("told"), buttons = [...form.querySelectorAll("[name=grade]")];
  let store, kept, timer, sending, tries = 0;
  try { store = localStorage; kept = JSON.parse(store.getItem(mine)) } catch { /* this phone keeps nothing */ }

  const tell = (text, more) => {
    const line = document.createElement("p");
    line.className = kept ? "stands" : "told";
    line.textContent = text;
    place.replaceChildren(line, ...(more || []));
  };
  const freeze = () => buttons.forEach(one => {
    one.disabled = !!kept;
    one.classList.toggle("chosen", !!kept && one.value === kept.form.grade);
  });
  // The receipt, or why there is none, or after how many seconds to ask again, or nothing.
  const post = async () => {
    for (const to of new Set([kept.to, location.origin + location.pathname])) {
      const stop = new AbortController(), clock = setTimeout(() => stop.abort(), 15000);
      try {
        const answer = await fetch(to, { method: "POST", headers: { Accept: "application/json" },
          body: new URLSearchParams(kept.form), keepalive: true, signal: stop.signal });
        const told = await answer.json();
        if (told.receipt || (told.error && answer.status < 500 && ![408, 429].includes(answer.status))) return told;
        return { wait: +answer.headers.get("Retry-After") || 2 };
      } catch { // nothing came, or the door's answer may not be read here: the page's own address takes it too
      } finally { clearTimeout(clock) }
    }
    return {};
  };
  const send = async () => {
    if (sending || !kept) return;
    clearTimeout(timer);
    sending = true;
    let saved = true;
    try { store.setItem(mine, JSON.stringify(kept)) } catch { saved = false }
    const said = (buttons.find(one => one.value === kept.form.grade) || form).innerText + " · ", words = form.dataset;
    if (!tries) tell(said + words.sending);
    const told = await post();
    sending = false;
    if (told.url || told.error) {
      try { store.removeItem(mine) } catch { /* nothing was kept */ }
      if (told.url) return location.assign(told.url);
      kept = null;
      freeze();
      return tell(told.error);
    }
    const again = document.createElement("button");
    again.className = "send";
    again.textContent = words.again;
    again.onclick = send;
    tell(said + words[told.wait ? "busy" : saved ? "kept" : "held"], [again]);
    timer = setTimeout(send, 1000 * (told.wait || Math.min(60, 2 ** tries)) * (1 + Math.random() / 4));
    tries++;
  };
  form.addEventListener("submit", event => {
    if (!event.submitter) return;
    event.preventDefault();
    tries = 0;
    kept = { to: form.action, form: { ...Object.fromEntries(new FormData(form)), grade: event.submitter.value } };
    freeze();
    send();
  });
  addEventListener("online", send);
  addEventListener("pageshow", event => event.persisted && location.reload());
  if (kept) { freeze(); send() }
  const other = Object.keys(store || {}).find(key => key.startsWith(room) && key !== mine);
  if (other) {
    const line = document.getElementById("other");
    line.hidden = false;
    line.querySelector("a").href = other.slice(room.length);
  }
})();
