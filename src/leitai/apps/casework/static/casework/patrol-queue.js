// Findings that wait on the phone: the form puts them in, the form or the service worker sends them. Each keeps the key
// it was made with until it is answered, so that however often it is sent, it is one.
var leitaiQueue = (() => {
  "use strict";
  const NAME = "leitai-patrol", STORE = "findings", A_DAY = 86400000;
  const opened = () => new Promise((done, fail) => {
    const ask = indexedDB.open(NAME, 1);
    ask.onupgradeneeded = () => ask.result.createObjectStore(STORE, { keyPath: "once" });
    ask.onsuccess = () => done(ask.result);
    ask.onerror = () => fail(ask.error);
  });
  const run = async (mode, act) => {
    const base = await opened();
    try {
      return await new Promise((done, fail) => {
        const work = base.transaction(STORE, mode), ask = act(work.objectStore(STORE));
        work.oncomplete = () => done(ask.result);
        work.onerror = work.onabort = () => fail(work.error);
      });
    } finally { base.close() }
  };
  const put = one => run("readwrite", store => store.put(one));
  const remove = once => run("readwrite", store => store.delete(once));
  // The findings of a form's address, the oldest first; those that arrived a day ago are forgotten.
  const all = async base => {
    const found = (await run("readonly", store => store.getAll())).filter(one => one.base === base);
    for (const one of found) if (one.sent && Date.now() - Date.parse(one.made) > A_DAY) await remove(one.once);
    return found.sort((a, b) => a.made < b.made ? -1 : 1);
  };
  const post = async (base, one, token) => {
    const body = new FormData();
    for (const [name, value] of one.fields) body.append(name, value);
    body.append("once", one.once);
    body.append("made", one.made);
    for (const photo of one.photos) body.append("photo", new Blob([photo.data], { type: photo.type }), photo.name);
    const answer = await fetch(base, { method: "POST", body, redirect: "manual",
      headers: { Accept: "application/json", "X-CSRFToken": token } });
    if (answer.status === 201) {
      await put({ ...one, photos: [], fields: [], sent: await answer.json() });
      return "sent";
    }
    if (answer.status === 409 || answer.status === 413) {
      const told = answer.status === 409 ? await answer.json() : { error: "413" };
      if (told.code === "raced") return "busy";
      await put({ ...one, error: told.error });
      return "refused";
    }
    return answer.type === "opaqueredirect" || answer.status === 403 ? "signin" : "busy";
  };
  const sendAll = async base => {
    const waiting = (await all(base)).filter(one => !one.sent && !one.error);
    if (!waiting.length) return "done";
    let state = "done";
    try {
      const answer = await fetch(base + "/fresh", { redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect" || answer.status === 403) return "signin";
      if (!answer.ok) return "busy";
      const { account, token } = await answer.json();
      for (const one of waiting) {
        if (one.by !== account) { state = "other"; continue }
        const what = await post(base, one, token);
        if (what === "busy" || what === "signin") return what;
      }
    } catch { return "offline" }
    return state;
  };
  let sending = null;
  // One at a time, also between the page and the worker; answers done, offline, signin, other or busy.
  const send = base => {
    if (!sending) {
      const work = () => sendAll(base);
      sending = (navigator.locks ? navigator.locks.request(NAME, work) : work()).finally(() => { sending = null });
    }
    return sending;
  };
  return { put, remove, all, send };
})();
