// The service worker of a scorer's sheet: opens it where there is no network, from what the sheet put by. It touches
// nothing else of the house, and sends nothing: marks wait in the sheet itself.
"use strict";
const CACHE = "leitai-score", BASE = new URL(self.registration.scope).pathname;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", event => {
  const url = new URL(event.request.url), page = url.pathname === BASE;
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (!page && !url.pathname.startsWith("/static/")) return;
  event.respondWith((async () => {
    const kept = await caches.open(CACHE);
    try {
      const answer = await fetch(event.request);
      if (answer.ok && !answer.redirected) await kept.put(page ? BASE : event.request, answer.clone());
      return answer;
    } catch (lost) {
      const found = await kept.match(page ? BASE : event.request, { ignoreSearch: page });
      if (found) return found;
      throw lost;
    }
  })());
});
