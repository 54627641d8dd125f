// Sets the theme the reader chose, before the page is painted; without a choice the system's wish holds.
(function () {
  var root = document.documentElement;
  var wish = window.matchMedia("(prefers-color-scheme: dark)");
  function chosen() { try { return localStorage.getItem("leitai-theme"); } catch (error) { return null; } }
  function apply() { root.setAttribute("data-bs-theme", chosen() || (wish.matches ? "dark" : "light")); }
  apply();
  wish.addEventListener("change", apply);
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-theme-toggle]")) return;
    var next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    try { localStorage.setItem("leitai-theme", next); } catch (error) { /* private window: for this page only */ }
    root.setAttribute("data-bs-theme", next);
  });
})();
