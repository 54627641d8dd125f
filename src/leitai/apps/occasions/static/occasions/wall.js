// The meeting on a wall: arrows, space and page keys go from screen to screen, f fills the screen. Without it one scrolls.
(function () {
  "use strict";
  var screens = Array.prototype.slice.call(document.querySelectorAll(".screen"));
  function here() {
    var middle = window.innerHeight / 3, found = 0;
    screens.forEach(function (screen, number) { if (screen.getBoundingClientRect().top <= middle) found = number; });
    return found;
  }
  function go(number) {
    var to = screens[Math.max(0, Math.min(screens.length - 1, number))];
    to.scrollIntoView();
    history.replaceState(null, "", "#" + to.id);
  }
  function step(by) {
    // A screen that is taller than the wall is read to its end first.
    var box = screens[here()].getBoundingClientRect();
    if (by > 0 && box.bottom > window.innerHeight + 8) window.scrollBy(0, window.innerHeight * 0.8);
    else go(here() + by);
  }
  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (document.documentElement.requestFullscreen) document.documentElement.requestFullscreen();
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    var on = ["ArrowRight", "ArrowDown", "PageDown", " "], back = ["ArrowLeft", "ArrowUp", "PageUp"];
    if (event.key === " " && /^(BUTTON|A|SUMMARY)$/.test(event.target.tagName)) return;
    if (on.indexOf(event.key) >= 0) step(1);
    else if (back.indexOf(event.key) >= 0) go(here() - 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(screens.length - 1);
    else if (event.key === "f") { full(); return; }
    else return;
    event.preventDefault();
  });
  document.addEventListener("click", function (event) {
    var node = event.target.closest("[data-step],[data-full]");
    if (!node) return;
    if (node.hasAttribute("data-full")) full(); else step(Number(node.dataset.step));
  });
})();
