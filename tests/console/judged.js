// What every page has to fulfil, whatever it shows.
import assert from "node:assert/strict";
import axe from "axe-core";

/** axe-core finds nothing serious or critical. */
export async function accessible(page, where) {
  // Evaluated by the debugger: the page's policy lets no script of another in.
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(() => axe.run(document));
  assert.ok(passes.length > 10, `${where}: axe looked at ${passes.length} rules only`);
  const bad = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  assert.deepEqual(bad.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`), [], where);
}

/** Letters of at least 16 px, targets of at least 44 px, nothing wider than the window. */
export async function measured(page, where) {
  const { small, narrow, wide } = await page.evaluate(() => {
    const seen = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 1;
    const small = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const element = walk.currentNode.parentElement;
      // Letters in a drawing are scaled with it.
      const scale = element.closest("svg")?.getScreenCTM().a ?? 1;
      const size = parseFloat(getComputedStyle(element).fontSize) * scale;
      if (walk.currentNode.data.trim() && seen(element) && size < 15.95) small.push(`${size} ${walk.currentNode.data.trim()}`);
    }
    const narrow = [...document.querySelectorAll("a, button, input:not([type=hidden])")]
      .filter((element) => seen(element) && !element.classList.contains("skip"))
      .map((element) => ({ text: element.textContent.trim() || element.id, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.height < 44 || box.width < 44)
      .map(({ text, box }) => `${text} ${box.width}x${box.height}`);
    return { small, narrow, wide: document.documentElement.scrollWidth - window.innerWidth };
  });
  assert.deepEqual(small, [], `${where}: letters below 16 px`);
  assert.deepEqual(narrow, [], `${where}: targets below 44 px`);
  assert.ok(wide <= 0, `${where}: ${wide} px wider than the window`);
}
