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

  // Only blocks that differ are replaced, so that focus and selection stay where they are.
  function show(html) {
    const next = new DOMParser().parseFromString(html, "text/html").body;
    const focused = document.activeElement && document.activeElement.id;
    const before = blocks(live);
    const after = blocks(next);
    if ([...before.keys()].join() === [...after.keys()].join()) {
      for (const [id, block] of after) {
        if (block.outerHTML !== before.get(id).outerHTML) before.get(id).replaceWith(block);
      }
    } else {
      live.replaceChildren(...next.childNodes);
    }
    if (focused && (!document.activeElement || document.activeElement === document.body)) {
      const again = document.getElementById(focused);
      if (again) again.focus({ preventScroll: true });
    }
    tell();
    retitle();
  }

  function blocks(root) {
    return new Map(Array.from(root.querySelectorAll("section[id], div[id]"), (block) => [block.id, block]));
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
