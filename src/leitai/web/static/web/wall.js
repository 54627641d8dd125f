// The wall while it hangs: tiles fetched again when they change, grey when they are not known to be so, turned and
// walked by keys. The page is right without this, as of when it was made, and says when that was.
(function () {
  "use strict";

  var body = document.getElementById("wall-data"), base = body.dataset.base, grid = document.querySelector(".wall-grid");
  var word = document.querySelector("[data-word]"), face = document.querySelector("[data-clock-face]");
  var dialog = document.querySelector("[data-owed]");
  var ASK = 20, GAP = 4, LONE = 90, BACK = 60; // seconds: without a stream; between fetches of a tile; silence; idle
  var seq = Number(body.dataset.seq), held = 0, shut = false, source = null, asked = 0, streamUrl = body.dataset.stream;

  // How old anything is, is told by a clock that only runs on; the screen's own may be wrong and be set.
  function mono() { return performance.now() / 1000; }
  var heard = mono(), house = { at: Date.parse(body.dataset.clock), mono: heard }, present = { at: Date.parse(body.dataset.present), mono: heard };
  function hear(said) {
    heard = mono();
    house = { at: Date.parse(said.clock), mono: heard };
    present = { at: Date.parse(said.present), mono: heard };
    held = said.held;
  }
  function now(of) { return of.at + (mono() - of.mono) * 1000; }

  // Tiles
  var state = {}; // by key: when it came, whether it is being fetched, whether it changed meanwhile
  function tileOf(key) { return document.getElementById("tile-" + key); }
  document.querySelectorAll("[data-tile]").forEach(function (node) {
    state[node.dataset.tile] = { came: heard, tried: heard, busy: false, wanted: false };
  });

  function fetchTile(key) {
    var one = state[key];
    if (!one || shut) return;
    if (one.busy || mono() - one.tried < GAP) { one.wanted = true; return; }
    one.busy = true; one.wanted = false; one.tried = mono();
    fetch(base + "tile/" + key, { redirect: "error", signal: AbortSignal.timeout(20000) }).then(function (answer) {
      if (answer.status === 403 || answer.status === 404) { close(); return null; }
      return answer.ok ? answer.text() : null;
    }).then(function (text) {
      if (text === null) return;
      var part = document.createElement("template");
      part.innerHTML = text;
      var fresh = part.content.querySelector("[data-tile]"), old = tileOf(key);
      if (!fresh || !old) return;
      var place = old.contains(document.activeElement) ? focused(old) : -1;
      old.replaceWith(fresh);
      if (place >= 0) { var links = fresh.querySelectorAll("a[href]"); if (links[place]) links[place].focus({ preventScroll: true }); }
      one.came = mono();
      house = { at: Math.max(now(house), Date.parse(fresh.dataset.at)), mono: mono() };
    }).catch(function () { /* cut off: it turns grey by itself */ }).then(function () { one.busy = false; age(); });
  }
  function focused(node) { return Array.prototype.indexOf.call(node.querySelectorAll("a[href]"), document.activeElement); }

  // Taken down, or signed out: nothing more is fetched and nothing stays in colour.
  function close() {
    shut = true;
    if (source) source.close();
    source = null;
    if (dialog.open) dialog.close();
    tell();
  }

  function age() {
    Object.keys(state).forEach(function (key) {
      var node = tileOf(key), one = state[key], fresh = Number(node.dataset.fresh);
      // By the screen's clock since it came, and by the house's since it was made: whichever is longer.
      var old = Math.max(mono() - one.came, (now(house) - Date.parse(node.dataset.at)) / 1000);
      var stale = shut || old > fresh;
      node.classList.toggle("old", stale);
      var said = node.querySelector("[data-old-word]"), minutes = String(Math.floor(old / 60));
      if (said.dataset.own === undefined) said.dataset.own = said.textContent;
      var text = stale ? body.dataset.old.replace("{}", minutes) : said.dataset.own;
      if (said.textContent !== text) said.textContent = text;
      if (!shut && (one.wanted || old > fresh / 3)) fetchTile(key);
    });
  }

  function tell() {
    var silent = mono() - heard, text = "";
    if (shut) text = body.dataset.shut;
    else if (silent > LONE) text = body.dataset.cut.replace("{}", String(Math.floor(silent / 60)));
    else if (held > 60) text = body.dataset.held.replace("{}", String(Math.floor(held / 60)));
    word.hidden = !text;
    if (word.textContent !== text) word.textContent = text;
  }

  // The stream; without one, or while it is broken, the same is asked for now and then.
  function take(said, number) {
    if (number > seq || said.seq < seq) seq = number;
    hear(said);
    said.tiles.forEach(fetchTile);
    tell();
  }
  function listen() {
    if (!streamUrl || source || shut) return;
    source = new EventSource(streamUrl + "?after=" + seq);
    source.addEventListener("tiles", function (event) { take(JSON.parse(event.data), Number(event.lastEventId)); });
    source.onerror = function () { if (source && source.readyState === 2) { source.close(); source = null; asked = Math.min(asked, mono() - ASK + 3); } };
  }
  function ask() {
    if (shut || mono() - asked < ASK) return;
    asked = mono();
    fetch(base + "pulse?after=" + seq, { redirect: "error", signal: AbortSignal.timeout(15000) }).then(function (answer) {
      if (answer.status === 403 || answer.status === 404) { close(); return null; }
      return answer.ok ? answer.json() : null;
    }).then(function (said) {
      if (!said) return;
      take(said, said.seq);
      streamUrl = said.stream;
      listen();
    }).catch(function () { /* cut off: the word above the tiles says so */ });
  }
  listen();

  // The clock: the place's present.
  var shown = new Intl.DateTimeFormat(document.documentElement.lang || "zh", { timeZone: body.dataset.zone, month: "short", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  function tick() {
    var at = new Date(now(present));
    face.textContent = shown.format(at);
    face.setAttribute("datetime", at.toISOString());
    document.querySelectorAll(".wall-grid time[data-due]").forEach(function (node) { node.classList.toggle("late", Date.parse(node.dataset.due) < at); });
    if (!source || source.readyState !== 1 || mono() - heard > LONE / 2) ask();
    age();
    tell();
    turnOn();
    if (dialog.open && mono() - touched > BACK) dialog.close();
  }

  // Turning
  var views = Array.prototype.map.call(document.querySelectorAll("[data-view][aria-pressed]"), function (one) { return one.dataset.view; });
  var seconds = Number(body.dataset.turn), turned = mono(), touched = mono();
  function view(key) {
    grid.dataset.view = key;
    turned = mono();
    document.querySelectorAll("[data-view][aria-pressed]").forEach(function (one) { one.setAttribute("aria-pressed", String(one.dataset.view === key)); });
  }
  function step(by) { view(views[(views.indexOf(grid.dataset.view) + by + views.length) % views.length]); }
  function turnOn() { if (seconds && !dialog.open && mono() - turned >= seconds) step(1); }
  function turning() {
    seconds = seconds ? 0 : 20;
    document.querySelector("[data-turning]").setAttribute("aria-pressed", String(Boolean(seconds)));
    if (!seconds) view("all");
  }
  function full() { if (document.fullscreenElement) document.exitFullscreen(); else document.documentElement.requestFullscreen().catch(function () { /* not allowed here */ }); }

  // What was promised, over the wall; without a script the link leads to a page.
  function owed(href) {
    fetch(href + "&part", { redirect: "error" }).then(function (answer) { return answer.ok ? answer.text() : null; }).then(function (text) {
      if (text === null) return;
      dialog.innerHTML = text;
      touched = mono();
      if (!dialog.open) dialog.showModal();
    }).catch(function () { location.href = href; });
  }
  dialog.addEventListener("close", function () { dialog.textContent = ""; });

  document.addEventListener("click", function (event) {
    touched = mono();
    var link = event.target.closest("a[data-owed-of]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); owed(link.href || link.getAttribute("href")); return; }
    if (event.target === dialog) dialog.close();
    var node = event.target.closest("[data-view][aria-pressed],[data-turning],[data-full],[data-print]");
    if (!node) return;
    if (node.hasAttribute("data-print")) { event.preventDefault(); window.print(); }
    else if (node.hasAttribute("data-turning")) turning();
    else if (node.hasAttribute("data-full")) full();
    else view(node.dataset.view);
  });
  document.addEventListener("keydown", function (event) {
    touched = mono();
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    var number = Number(event.key);
    if (event.key === "ArrowRight") step(1);
    else if (event.key === "ArrowLeft") step(-1);
    else if (event.key === " " && !event.target.closest("a,button")) { event.preventDefault(); turning(); }
    else if (event.key === "f") full();
    else if (event.key === "d") document.querySelector("[data-theme-toggle]").click();
    else if (event.key === "p") window.print();
    else if (event.key !== " " && number >= 0 && number < views.length) view(views[number]);
  });

  var wish = new URLSearchParams(location.search).get("theme");
  if (wish === "dark" || wish === "light") document.documentElement.setAttribute("data-bs-theme", wish);
  setInterval(tick, 1000);
  tick();
})();
