// The service worker of the patrol's form: opens the form where there is no network, from what the form put by, and
// sends what waits when the network is back, also after the page was closed. It touches nothing else of the house.
"use strict";
const CACHE = "leitai-patrol", BASE = new URL(self.registration.scope).pathname;
importScripts("/static/casework/patrol-queue.js");

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
self.addEventListener("sync", event => {
  if (event.tag === "patrol") event.waitUntil(leitaiQueue.send(BASE).then(state => {
    if (state === "offline" || state === "busy") throw new Error(state);
    return self.clients.matchAll().then(all => all.forEach(one => one.postMessage("patrol")));
  }));
});
