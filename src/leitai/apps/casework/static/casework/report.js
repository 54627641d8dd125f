// The place of the telephone, only after a tap on the button that says so; and it can be taken back.
(() => {
  const box = document.getElementById("spot"), form = document.querySelector("form");
  if (!box || !form || !navigator.geolocation || !window.isSecureContext) return;
  const button = box.querySelector("button"), line = box.querySelector("p"), ask = button.textContent;
  const set = (here) => {
    for (const name of ["latitude", "longitude", "accuracy"]) form.elements[name].value = here ? here[name] : "";
    button.textContent = here ? box.dataset.drop : ask;
    line.textContent = here ? box.dataset.found.replace("%m", Math.ceil(here.accuracy)) : "";
  };
  box.hidden = false;
  const before = form.elements;
  if (before.latitude.value) set({ latitude: before.latitude.value, longitude: before.longitude.value, accuracy: +before.accuracy.value || 0 });
  button.addEventListener("click", () => {
    if (form.elements.latitude.value) return set(null);
    line.textContent = box.dataset.wait;
    navigator.geolocation.getCurrentPosition(found => set(found.coords), () => { line.textContent = box.dataset.none },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
  });
  // Pressed twice it is sent once, and the page says that it is on its way; a page that is come back to can send again.
  const send = form.querySelector("button.send:not([type=button])");
  form.addEventListener("submit", () => setTimeout(() => { send.disabled = true }));
  addEventListener("pageshow", () => { send.disabled = false });
})();
