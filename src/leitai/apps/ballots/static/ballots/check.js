// Holds the proof of a receipt against a head that was saved earlier, with nothing but what is on this page: RFC 9162
// (2.1.3.2 inclusion, 2.1.4.2 consistency) over the browser's own SHA-256, and Ed25519 where the browser has it.
(() => {
  const $ = id => document.getElementById(id), asked = $("result").dataset, words = $("words").content;
  const bytes = text => new TextEncoder().encode(text);
  const hex = text => {
    if (!/^([0-9a-f]{2})*$/.test(text)) throw new Error("not hex");
    return Uint8Array.from(text.match(/../g) || [], one => parseInt(one, 16));
  };
  const base64 = text => Uint8Array.from(atob(text), one => one.charCodeAt(0));
  const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
  const sha256 = async (...parts) => {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) { whole.set(part, at); at += part.length }
    return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  };
  const leafHash = leaf => sha256([0], leaf), node = (left, right) => sha256([1], left, right);
  // Sizes may pass 2 ** 31, where the operators for bits end.
  const odd = number => number % 2 === 1, half = number => Math.floor(number / 2);
  const isPower = number => { while (!odd(number)) number = half(number); return number === 1 };

  const includes = async (leaf, index, size, path, root) => {
    if (!(index >= 0 && index < size)) return false;
    let place = index, last = size - 1, found = leaf;
    for (const one of path) {
      if (last === 0) return false;
      if (odd(place) || place === last) {
        found = await node(one, found);
        while (!odd(place) && place) { place = half(place); last = half(last) }
      } else found = await node(found, one);
      place = half(place); last = half(last);
    }
    return last === 0 && same(found, root);
  };
  const grows = async (first, second, path, firstRoot, secondRoot) => {
    if (!(first > 0 && first < second) || !path.length) return false;
    const all = [...path];
    if (isPower(first)) all.unshift(firstRoot);
    let place = first - 1, last = second - 1;
    while (odd(place)) { place = half(place); last = half(last) }
    let before = all[0], now = all[0];
    for (const one of all.slice(1)) {
      if (last === 0) return false;
      if (odd(place) || place === last) {
        before = await node(one, before); now = await node(one, now);
        while (!odd(place) && place) { place = half(place); last = half(last) }
      } else now = await node(now, one);
      place = half(place); last = half(last);
    }
    return last === 0 && same(before, firstRoot) && same(now, secondRoot);
  };

  const count = value => { if (!Number.isSafeInteger(value) || value < 0) throw new Error("no count"); return value };
  const readProof = text => {
    const it = JSON.parse(text), leaf = it.leaf.split("\n");
    if (it.format !== asked.proof || leaf[0] !== "leitai verdict 1" || leaf.length !== 9) throw new Error("no proof");
    const [, place, unit, , grade, , at, receipt] = leaf;
    return { leaf: bytes(it.leaf), index: count(it.index), size: count(it.size), path: it.path.map(hex), root: hex(it.root),
      hash: it.hash, note: it.note, said: { place, unit, grade, at, receipt } };
  };
  const readRoad = text => {
    const it = JSON.parse(text);
    if (it.format !== asked.road) throw new Error("no road");
    return { first: count(it.first), second: count(it.second), path: it.path.map(hex) };
  };
  const readNote = text => {
    if (text.trim().startsWith("{")) text = JSON.parse(text).note;
    const [body, under] = text.replace(/\r\n/g, "\n").trim().split("\n\n"), [origin, size, root, ...rest] = body.split("\n");
    const more = Object.fromEntries(rest.map(line => [line.split(" ", 1)[0], line.slice(line.indexOf(" ") + 1)]));
    if (!/^[0-9]{1,15}$/.test(size) || !more.at) throw new Error("no head");
    const lines = [...(under || "").matchAll(/^— (\S+) ([A-Za-z0-9+/=]+)$/gm)];
    return { text: body + "\n", origin, size: Number(size), root: base64(root), at: more.at, hash: more.hash || "sha256",
      signatures: lines.map(([, name, value]) => ({ name, value: base64(value) })) };
  };
  // true or false, or null where this browser cannot tell.
  const signed = async note => {
    try {
      const raw = base64($("key").value.trim());
      const key = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
      for (const { name, value } of note.signatures) {
        const id = (await sha256(bytes(name + "\n\x01"), raw)).slice(0, 4);
        if (same(id, value.slice(0, 4)) && await crypto.subtle.verify("Ed25519", key, value.slice(4), bytes(note.text))) return true;
      }
      return false;
    } catch (error) { return error.name === "NotSupportedError" ? null : false }
  };

  const word = (id, values) => words.getElementById(id).textContent.replace(/\{(\w+)\}/g, (_, name) =>
    name === "at" ? values.at.slice(0, 19).replace("T", " ") : values[name]);
  const show = (verdict, steps) => {
    const line = document.createElement("p"), list = document.createElement("ul");
    line.className = ["holds", "alone", "later"].includes(verdict) ? "stands" : "stands aside";
    line.textContent = word(verdict);
    list.className = "checks";
    for (const [kind, id, values, link] of steps) {
      const item = document.createElement("li");
      item.className = kind;
      item.textContent = word(id, values || {});
      if (link) {
        const anchor = document.createElement("a");
        anchor.href = anchor.textContent = link;
        item.append(" ", anchor);
      }
      list.append(item);
    }
    $("result").replaceChildren(line, list);
    $("result").dataset.verdict = verdict;
  };
  const parsed = (read, text) => { try { return read(text) } catch { return null } };

  const road = async (proof, first, second, steps) => {
    const address = `${asked.api}${proof.said.place}/log/proof/consistency?first=${first}&second=${second}`;
    let found = $("road").value.trim() ? parsed(readRoad, $("road").value) : undefined;
    if (found === null) steps.push(["wrong", "no-road"]);
    if (!(found && found.first === first && found.second === second) && location.protocol.startsWith("http")) try {
      const text = await (await fetch(address)).text();
      if ((found = parsed(readRoad, text))) $("road").value = text;
    } catch { /* no network: the address is shown */ }
    if (found && found.first === first && found.second === second) return found;
    steps.push(["open", "road-open", { first, second }, address]);
    $("more").open = true;
    return null;
  };
  const check = async () => {
    const steps = [], proof = parsed(readProof, $("proof").value), text = $("head").value.trim();
    if (!window.crypto || !crypto.subtle) return show("useless", [["wrong", "no-crypto"]]);
    if (!proof) return show("useless", [["wrong", "no-proof"]]);
    if (proof.hash !== "sha256") return show("useless", [["open", "no-hash", { hash: proof.hash }]]);
    const saw = (good, id, values) => { steps.push([good ? "good" : "wrong", `${id}-${good ? "good" : "wrong"}`, values]); return good };
    const trust = async note => {
      const held = await signed(note);
      if (held === null) steps.push(["open", "signed-open"]);
      else saw(held, "signed", note);
      return held !== false;
    };
    steps.push(["", "leaf", proof.said]);
    let good = saw(await includes(await leafHash(proof.leaf), proof.index, proof.size, proof.path, proof.root), "path", proof);
    const own = proof.note ? parsed(readNote, proof.note) : null;
    if (own) {
      good = saw(own.size === proof.size && own.hash === proof.hash && same(own.root, proof.root), "note", own) && good;
      good = await trust(own) && good;
    } else steps.push(["open", "note-none"]);
    if (!text) {
      steps.push(["open", "head-none"]);
      return show(good ? "alone" : "wrong", steps);
    }
    const head = parsed(readNote, text);
    if (!head) return show(good ? "useless" : "wrong", [...steps, ["wrong", "no-head"]]);
    if (!head.origin.endsWith(`/${proof.said.place}/verdicts`) || (own && own.origin !== head.origin)) {
      return show(good ? "useless" : "wrong", [...steps, ["wrong", "head-other", head]]);
    }
    good = await trust(head) && good;
    if (head.size === proof.size || head.hash !== proof.hash) {
      good = saw(head.hash === proof.hash && same(head.root, proof.root), "head", head) && good;
      return show(good ? "holds" : "wrong", steps);
    }
    const late = head.size <= proof.index;
    if (late) steps.push(["open", "older", { index: proof.index, size: head.size }]);
    if (head.size > 0) {
      const [first, second] = head.size < proof.size ? [head, proof] : [proof, head];
      const between = await road(proof, first.size, second.size, steps);
      if (!between) return show(good ? "unsure" : "wrong", steps);
      good = saw(await grows(first.size, second.size, between.path, first.root, second.root), "road", between) && good;
    }
    show(good ? (late ? "later" : "holds") : "wrong", steps);
  };

  $("check").addEventListener("submit", event => { event.preventDefault(); check() });
  document.querySelectorAll("[data-into]").forEach(input => input.addEventListener("change", async () => {
    if (input.files[0]) $(input.dataset.into).value = await input.files[0].text();
  }));
  const receipt = decodeURIComponent(location.hash.slice(1));
  if (receipt && location.protocol.startsWith("http")) {
    fetch(`${asked.receipts}${encodeURIComponent(receipt)}/proof.json`).then(async answer => {
      if (answer.ok) { $("proof").value = await answer.text(); check() }
    }, () => {});
  }
})();
