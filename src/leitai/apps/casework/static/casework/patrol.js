// The patrol's form with photos that can be looked at, the place of the phone, and a queue on the phone. Without this
// script, or where the phone can keep nothing, the form is sent as forms are.
(() => {
  "use strict";
  const form = document.getElementById("patrol");
  if (!form || !window.fetch) return;
  const words = form.dataset, base = location.pathname, boxes = form.elements;
  const most = +words.most, shots = [];
  const make = (tag, text, more) => Object.assign(document.createElement(tag), { textContent: text || "" }, more);
  const key = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), n => n.toString(16).padStart(2, "0")).join("");
  const clock = at => new Date(at).toLocaleString(document.documentElement.lang || undefined,
    { timeZone: words.zone, month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });

  // Only the questions of the kind that is chosen.
  const narrow = () => form.querySelectorAll("[data-kind]").forEach(one => {
    one.hidden = one.dataset.kind !== boxes.kind.value;
  });
  boxes.kind.addEventListener("change", narrow);
  narrow();

  // Photos: each can be looked at and left out.
  const thumbs = document.getElementById("thumbs");
  const draw = () => thumbs.replaceChildren(...shots.map((shot, at) => {
    const figure = make("figure"), drop = make("button", words.drop, { type: "button", className: "btn btn-sm" });
    drop.onclick = () => { URL.revokeObjectURL(shot.url); shots.splice(at, 1); draw() };
    figure.append(make("img", "", { src: shot.url, alt: shot.file.name }), drop);
    return figure;
  }));
  const inputs = [document.getElementById("camera"), document.getElementById("album")];
  inputs.forEach(input => {
    input.addEventListener("change", () => {
      for (const file of input.files) {
        if (shots.length < most) shots.push({ file, url: URL.createObjectURL(file) });
        else say(words.many);
      }
      input.value = "";
      draw();
    });
  });

  // The place of the phone, when it is asked for.
  const spot = document.getElementById("spot"), line = spot.querySelector("[role=status]");
  const set = here => ["latitude", "longitude", "accuracy"].forEach(name => { boxes[name].value = here ? here[name] : "" });
  if (navigator.geolocation && window.isSecureContext) {
    spot.hidden = false;
    spot.querySelector("button").onclick = () => {
      line.textContent = words.wait;
      navigator.geolocation.getCurrentPosition(found => {
        set(found.coords);
        line.textContent = words.found.replace("%m", Math.ceil(found.coords.accuracy));
      }, () => { set(null); line.textContent = words.none }, { enableHighAccuracy: true, timeout: 30000 });
    };
  }

  // The queue as it stands, and what hinders it.
  const room = document.getElementById("waiting"), list = document.getElementById("found");
  const state = document.getElementById("state"), again = document.getElementById("again");
  const say = text => { room.hidden = false; state.textContent = text };
  const show = async () => {
    const all = await leitaiQueue.all(base);
    list.replaceChildren(...all.map(one => {
      const item = make("li"), name = one.sent && one.sent.url ? make("a", one.title, { href: one.sent.url }) : make("b", one.title);
      const told = one.sent ? words.sent + " " + one.sent.ref + " · " + clock(one.sent.arrived)
        : one.error ? words.refused + ": " + one.error : words.waiting;
      item.append(name, make("div", words.made + " " + clock(one.made) + " · " + told, { className: "quiet small" }));
      if (one.error) {
        const drop = make("button", words.remove, { type: "button", className: "btn btn-sm" });
        drop.onclick = () => leitaiQueue.remove(one.once).then(show);
        item.append(drop);
      }
      return item;
    }));
    const waits = all.some(one => !one.sent && !one.error);
    room.hidden = !all.length;
    again.hidden = !waits;
    return waits;
  };
  let timer, tries = 0;
  const send = async () => {
    clearTimeout(timer);
    if (!await show()) { state.textContent = ""; return }
    state.textContent = words.sending;
    const what = await leitaiQueue.send(base);
    state.textContent = what === "done" ? "" : words[what];
    if (!await show()) { tries = 0; return }
    timer = setTimeout(send, 1000 * Math.min(60, 2 ** ++tries));
  };

  form.addEventListener("submit", async event => {
    if (!window.indexedDB || form.dataset.plain) return;
    event.preventDefault();
    if (!boxes.where.value.trim() && !boxes.latitude.value) { say(words.nowhere); boxes.where.focus(); return }
    const fields = [...new FormData(form)].filter(([name, value]) =>
      typeof value === "string" && !["once", "made", "csrfmiddlewaretoken"].includes(name));
    const made = new Date().toISOString();
    try {
      const photos = await Promise.all(shots.map(async ({ file }) =>
        ({ name: file.name, type: file.type, data: await file.arrayBuffer() })));
      await leitaiQueue.put({ once: key(), base, by: words.account, title: boxes.title.value, made, fields, photos });
    } catch { // the phone keeps nothing: send it as forms are sent
      const files = new DataTransfer();
      shots.forEach(({ file }) => files.items.add(file));
      inputs[1].files = files.files;
      boxes.made.value = made;
      form.dataset.plain = "1";
      return form.submit();
    }
    shots.splice(0).forEach(shot => URL.revokeObjectURL(shot.url));
    form.reset();
    set(null);
    line.textContent = "";
    draw();
    narrow();
    tries = 0;
    room.scrollIntoView({ block: "nearest" });
    if (registered && registered.sync) registered.sync.register("patrol").catch(() => {});
    send();
  });
  again.onclick = () => { tries = 0; send() };
  addEventListener("online", () => { tries = 0; send() });

  // The form itself is put by, so that it opens without a network.
  let registered;
  if (navigator.serviceWorker && window.caches && window.isSecureContext) {
    navigator.serviceWorker.register(words.worker, { scope: base }).then(async found => {
      registered = found;
      const own = [...document.querySelectorAll("script[src],link[rel=stylesheet],link[rel=icon]")].map(one => one.src || one.href);
      await (await caches.open("leitai-patrol")).addAll([...new Set([base, ...own])]);
      form.dataset.ready = "1";
    }).catch(() => { /* then it opens only with a network */ });
    navigator.serviceWorker.addEventListener("message", show);
  }
  if (window.indexedDB) send().catch(() => {});
})();
