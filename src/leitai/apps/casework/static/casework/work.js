// Two conveniences of lists of cases: tick all, and say how many are ticked.
(function () {
  "use strict";
  var all = document.querySelector("[data-all]"), said = document.querySelector("[data-chosen]");
  if (!all) return;
  function boxes() { return Array.prototype.slice.call(document.querySelectorAll("input[name=ref]")); }
  var unticked = said && said.textContent;
  function tell() {
    var n = boxes().filter(function (box) { return box.checked; }).length;
    all.checked = n > 0 && n === boxes().length;
    all.indeterminate = n > 0 && !all.checked;
    if (said) said.textContent = n ? n + " / " + boxes().length : unticked;
  }
  all.addEventListener("change", function () { boxes().forEach(function (box) { box.checked = all.checked; }); tell(); });
  document.addEventListener("change", function (event) { if (event.target.name === "ref") tell(); });
})();
