// Live updates of the page "now". Without this script the page is loaded again every ten seconds.
"use strict";

(() => {
  const live = document.getElementById("live");
  const stale = document.getElementById("stale");
  const news = document.getElementById("news");
  if (!live || !stale || !news || !window.EventSource) return;

  // The terminal sends something at least every 15 seconds.
  const SILENCE = 40000;
  let watchdog;
  let known = idsOf(live);

  function idsOf(root) {
    return new Set(Array.from(root.querySelectorAll("[data-note]"), (note) => note.dataset.note));
  }

  function heard() {
    clearTimeout(watchdog);
    watchdog = setTimeout(lost, SILENCE);
    if (!stale.hidden) {
      stale.hidden = true;
      stale.textContent = "";
    }
  }

  function lost() {
    if (stale.hidden) {
      stale.hidden = false;
      stale.textContent = stale.dataset.text;
    }
  }

  function show(html) {
    sync(live, new DOMParser().parseFromString(html, "text/html").body);
    tell();
    retitle();
  }

  // Elements that stay are kept, so that focus, selection and a button that is being pressed stay where they are.
  function sync(before, after) {
    const coming = new Set(Array.from(after.children, key));
    let at = before.firstChild;
    for (const next of [...after.childNodes]) {
      while (at && key(at) && key(at) !== key(next) && !coming.has(key(at))) at = removed(at);
      if (at && at.nodeName === next.nodeName && key(at) === key(next)) {
        update(at, next);
        at = at.nextSibling;
      } else {
        before.insertBefore(next, at);
      }
    }
    while (at) at = removed(at);
  }

  function update(before, after) {
    if (before.nodeType !== Node.ELEMENT_NODE) {
      if (before.data !== after.data) before.data = after.data;
      return;
    }
    for (const { name } of [...before.attributes]) if (!after.hasAttribute(name)) before.removeAttribute(name);
    for (const { name, value } of after.attributes) if (before.getAttribute(name) !== value) before.setAttribute(name, value);
    sync(before, after);
  }

  function removed(node) {
    const next = node.nextSibling;
    node.remove();
    return next;
  }

  function key(node) {
    return node.nodeType === Node.ELEMENT_NODE ? node.dataset.note || node.id : "";
  }

  function tell() {
    const now = idsOf(live);
    const fresh = [...now].filter((id) => !known.has(id));
    known = now;
    if (fresh.length > 0) {
      const titles = fresh.map((id) => document.getElementById("note-" + id)).filter(Boolean);
      news.textContent = news.dataset.text + " " + titles.map((title) => title.textContent).join(" / ");
    }
  }

  function retitle() {
    const hero = document.getElementById("hero");
    if (hero) document.title = hero.dataset.title + document.title.slice(document.title.indexOf(" – "));
  }

  const events = new EventSource("/events");
  events.addEventListener("now", (event) => {
    heard();
    show(event.data);
  });
  events.addEventListener("ended", () => location.reload());
  events.onerror = () => {
    lost();
    // After an answer that is no stream the browser does not try again; a page that is loaded again leads to the login if that is why.
    if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
  };
  retitle();
  heard();
})();
