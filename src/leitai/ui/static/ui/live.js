// What a page does while it is open: countdowns, filters that apply themselves, lists worked by keyboard, print and copy.
// Everything here is a convenience: without it the page says the same and every form can be sent by hand.
(function () {
  "use strict";

  // The place's present may lag behind the clock's (a demonstration), so time runs from what the server said.
  var said = Date.parse(document.body.dataset.now || "") || Date.now();
  var loaded = Date.now();
  var words = document.body.dataset;

  function fill(pattern, value) { return (pattern || "{}").replace("{}", value); }

  function span(seconds) {
    var minutes = Math.floor(seconds / 60);
    if (seconds < 600) return fill(words.minutesSeconds, minutes + ":" + String(Math.floor(seconds % 60)).padStart(2, "0"));
    if (minutes < 120) return fill(words.minutes, minutes);
    if (minutes < 2880) return fill(words.hours, Math.floor(minutes / 60));
    return fill(words.days, Math.floor(minutes / 1440));
  }

  function tick() {
    var now = said + (Date.now() - loaded);
    document.querySelectorAll("time[data-due]").forEach(function (node) {
      var left = (Date.parse(node.dataset.due) - now) / 1000;
      var text = left >= 0 ? fill(words.left, span(left)) : fill(words.late, span(-left));
      if (node.textContent !== text) node.textContent = text;
      node.classList.toggle("late", left < 0);
      if (left >= 0) return;
      node.classList.remove("soon");
      // The light was right when the page was made; it must not go on saying "on time".
      var line = node.closest("li,tr,article"), light = line && line.querySelector(".light:not(.red)");
      if (light) light.remove();
    });
  }
  if (document.querySelector("time[data-due]")) tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:afterSwap", tick);

  document.addEventListener("change", function (event) {
    var form = event.target.form;
    if (form && form.hasAttribute("data-autosubmit") && event.target.tagName === "SELECT") form.requestSubmit();
  });

  // On a phone the navigation is wider than the screen: show where the reader is.
  var here = document.querySelector("nav.main [aria-current]");
  if (here) here.closest("ul").scrollLeft = here.parentNode.offsetLeft - here.closest("ul").offsetLeft - 24;

  // The account of a line opens below it; pressed again it closes.
  document.addEventListener("htmx:beforeRequest", function (event) {
    var slot = event.detail.target;
    if (slot && slot.classList.contains("why-slot") && slot.firstElementChild) {
      event.preventDefault();
      slot.textContent = "";
    }
  });

  document.addEventListener("click", function (event) {
    var node = event.target.closest("[data-print],[data-copy]");
    if (!node) return;
    if (node.hasAttribute("data-print")) window.print();
    else if (navigator.clipboard) navigator.clipboard.writeText(node.dataset.copy).then(function () { node.setAttribute("data-copied", ""); });
  });

  // A list marked data-keys is walked with j and k; Enter opens the line's first link, x ticks its box.
  function lines() { return Array.prototype.slice.call(document.querySelectorAll("[data-keys] [data-line]")); }
  function go(step) {
    var all = lines(), at = all.findIndex(function (line) { return line.hasAttribute("data-here"); });
    if (!all.length) return;
    if (at >= 0) all[at].removeAttribute("data-here");
    var next = all[Math.min(all.length - 1, Math.max(0, at + step))];
    next.setAttribute("data-here", "");
    next.scrollIntoView({ block: "nearest" });
    var link = next.querySelector("a[href],button,summary");
    if (link) link.focus({ preventScroll: true });
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "x") {
      var here = document.querySelector("[data-keys] [data-here] input[type=checkbox]");
      if (here) here.click();
    } else if (event.key === "/") {
      var search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
    }
  });
})();
