// A scorer's sheet. Every change is a mark of its own, kept on the phone with the key it was made with until the server
// has answered it; what is shown is what the server has, with what waits laid over it.
(() => {
  "use strict";
  const sheet = document.getElementById("sheet"), words = sheet.dataset, base = location.pathname;
  const standing = document.getElementById("standing"), state = document.getElementById("state");
  const hand = document.getElementById("hand"), notYet = document.getElementById("not-yet");
  const missing = document.getElementById("missing"), given = document.getElementById("given");
  const fields = new Map(); // "turn-criterion" to its boxes
  let keeps = true, told = ""; // what the last sending met with
  const read = () => { try { return JSON.parse(localStorage.getItem(words.key)) || {} } catch { return {} } };
  const store = Object.assign({ queue: [], marks: {}, handing: false, handed: false }, read());
  const keep = () => { try { localStorage.setItem(words.key, JSON.stringify(store)) } catch { keeps = false } };
  const key = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), n => n.toString(16).padStart(2, "0")).join("");
  if (words.done) store.handed = true;

  document.querySelectorAll(".mark").forEach(room => {
    const site = +room.closest("[data-site]").dataset.site, criterion = room.dataset.criterion;
    const [slider, box] = room.querySelectorAll("input"), error = room.querySelector(".errors");
    fields.set(site + "-" + criterion, { site, criterion, room, slider, box, error });
    slider.addEventListener("input", () => { box.value = slider.value });
    slider.addEventListener("change", () => { box.value = slider.value; change(site + "-" + criterion) });
    box.addEventListener("change", () => change(site + "-" + criterion));
  });
  if (!Object.keys(store.marks).length) fields.forEach((one, id) => { if (one.box.dataset.was) store.marks[id] = one.box.dataset.was });

  const change = id => {
    const one = fields.get(id), points = one.box.value.trim().replace("，", ".").replace(",", ".").replace("。", ".");
    const good = /^\d{1,4}(\.\d{1,2})?$/.test(points) && +points <= +one.box.dataset.most;
    one.error.textContent = good ? "" : words.wrong.replace("%m", +one.box.dataset.most);
    one.box.setAttribute("aria-invalid", String(!good));
    if (!good || store.handing || store.handed) return;
    store.queue.push({ once: key(), site: one.site, criterion: one.criterion, points, at: new Date().toISOString() });
    keep();
    draw();
    tries = 0;
    later(300); // a few changes go together
  };

  // What is shown: the server's marks, and over them those that wait.
  const draw = () => {
    const now = { ...store.marks };
    store.queue.forEach(one => { now[one.site + "-" + one.criterion] = one.points });
    const closed = store.handing || store.handed, open = new Set(), all = new Set();
    fields.forEach((one, id) => {
      const known = id in now;
      all.add(one.site);
      if (!known) open.add(one.site);
      one.room.classList.toggle("unmarked", !known);
      if (known && document.activeElement !== one.box) { one.box.value = now[id]; one.slider.value = now[id] }
      one.box.disabled = one.slider.disabled = closed;
    });
    const waits = store.queue.length;
    given.textContent = words.given.replace("%n", all.size - open.size).replace("%m", all.size);
    state.textContent = store.handed ? words.handed : [
      waits === 1 ? words.waitsOne : waits ? words.waits.replace("%n", waits) : Object.keys(now).length ? words.sent : words.none,
      store.handing ? words.handing : told, keeps ? "" : words.lost].filter(Boolean).join(". ").replace(/([.。])\. /g, "$1 ");
    standing.classList.toggle("waits", !store.handed && (waits > 0 || store.handing));
    standing.classList.toggle("sent", store.handed || (!waits && !store.handing && Object.keys(now).length > 0));
    hand.disabled = closed;
    hand.closest(".card").hidden = store.handed;
    return fields.size - [...fields.keys()].filter(id => id in now).length;
  };

  let timer, tries = 0, sending = false;
  const later = wait => { clearTimeout(timer); timer = setTimeout(send, wait) };
  const send = async () => {
    if (sending) return later(500);
    if (store.handed) return draw();
    sending = true;
    const batch = store.queue.slice(0, 200), hands = store.handing && batch.length === store.queue.length;
    try {
      const answer = await fetch(base, { method: "POST", credentials: "omit", cache: "no-store",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ marks: batch, hand_in: hands }) });
      const back = (answer.headers.get("content-type") || "").includes("json") ? await answer.json() : {};
      if (answer.ok) take(back);
      told = back.error || (answer.ok ? "" : words.busy);
      if (answer.ok && back.error) store.handing = false;
    } catch { told = words.offline }
    sending = false;
    keep();
    draw();
    if (store.queue.length || store.handing) later(1000 * Math.min(60, 2 ** ++tries));
  };
  const take = back => {
    const over = new Set([...back.taken, ...Object.keys(back.refused)]);
    store.queue.forEach(one => {
      if (one.once in back.refused) fields.get(one.site + "-" + one.criterion).error.textContent = back.refused[one.once];
    });
    store.queue = store.queue.filter(one => !over.has(one.once));
    store.marks = back.marks;
    if (Object.keys(back.refused).length) store.handing = false;
    if (back.handed_in) { store.handed = true; store.handing = false }
    tries = 0;
  };

  const ask = lacks => {
    missing.hidden = notYet.hidden = !lacks;
    missing.textContent = lacks ? words.missing.replace("%n", lacks) : "";
  };
  hand.addEventListener("click", () => {
    const lacks = draw();
    if (lacks && missing.hidden) { ask(lacks); return }
    ask(0);
    store.handing = true;
    keep();
    draw();
    tries = 0;
    send();
  });
  notYet.addEventListener("click", () => ask(0));
  document.getElementById("marks").addEventListener("submit", event => event.preventDefault());
  addEventListener("online", () => { tries = 0; send() });
  draw();
  send();

  // The sheet itself is put by, so that it opens without a network.
  if (navigator.serviceWorker && window.caches && window.isSecureContext) {
    navigator.serviceWorker.register(words.worker, { scope: base }).then(async () => {
      const own = [...document.querySelectorAll("script[src],link[rel=stylesheet],link[rel=icon]")].map(one => one.src || one.href);
      await (await caches.open("leitai-score")).addAll([...new Set([base, ...own])]);
      sheet.dataset.ready = "1";
    }).catch(() => { /* then it opens only with a network; marks are kept all the same */ });
  }
})();
