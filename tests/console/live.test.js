// Live updates, and what other pages of the same browser cannot do.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { loggedIn, startBrowser, startConsole } from "./steered.js";

let console_, browser;
before(async () => {
  [console_, browser] = await Promise.all([startConsole(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await console_?.stop().catch(() => {});
});

test("a note that comes in is seen and announced within one second", async () => {
  await console_.steer("clear");
  const page = await loggedIn(browser, console_);
  await page.getByText("対応待ちはありません。").waitFor();
  const begin = Date.now();
  await console_.steer("note");
  await page.locator(".note").waitFor();
  assert.ok(Date.now() - begin < 1000, `${Date.now() - begin} ms`);
  assert.equal(await page.locator("#news").textContent(), "新しいお知らせ： 筆談をご希望です");
  assert.ok((await page.title()).startsWith("(1) "), await page.title());
  assert.match(await page.locator("#hero").getAttribute("class"), /go/);
  await page.context().close();
});

test("a step that changes is seen within one second, and what does not change keeps the focus", async () => {
  await console_.steer("fill");
  const page = await loggedIn(browser, console_);
  const button = page.locator(".note button").first();
  await button.focus();
  const kept = await button.evaluateHandle((element) => element);
  const begin = Date.now();
  await console_.steer("step card_left");
  await page.getByText("カードを患者さんに返してください").waitFor();
  assert.ok(Date.now() - begin < 1000, `${Date.now() - begin} ms`);
  assert.ok(await kept.evaluate((element) => element === document.activeElement), "the button is still there and has the focus");
  await console_.steer("note");
  await page.locator(".note").nth(3).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), await button.getAttribute("id"), "also when its list changes");
  await page.context().close();
});

test("a button that is being pressed while the list changes is pressed", async () => {
  await console_.steer("clear");
  await console_.steer("note");
  await console_.steer("note");
  const page = await loggedIn(browser, console_);
  const second = page.locator(".note button").nth(1);
  const id = await second.getAttribute("value");
  const { x, y, width, height } = await second.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await console_.steer("note");
  await console_.steer("step waiting");
  await page.locator(".note").nth(2).waitFor();
  await page.mouse.up();
  await page.locator(`[data-note="${id}"]`).waitFor({ state: "detached" });
  assert.equal(await page.locator(".note").count(), 2);
  await page.context().close();
});

test("another desk's work is seen, and a session that ended leads to the login", async () => {
  await console_.steer("clear");
  await console_.steer("note");
  const [one, two] = await Promise.all([loggedIn(browser, console_), loggedIn(browser, console_)]);
  await one.locator(".note button").click();
  await two.getByText("対応待ちはありません。").waitFor({ timeout: 1500 });
  // The same session in a second page of the browser.
  const other = await one.context().newPage();
  await other.goto(console_.address);
  await other.getByRole("button", { name: "ログアウト" }).click();
  await console_.steer("step waiting");
  await one.waitForURL(`${console_.address}/login`, { timeout: 3000 });
  await Promise.all([one.context().close(), two.context().close()]);
});

test("a foreign page can neither send a form, nor frame a page, nor read one", async () => {
  await console_.steer("clear");
  await console_.steer("note");
  const page = await loggedIn(browser, console_);
  const id = await page.locator(".note button").getAttribute("value");
  const token = await page.locator("input[name=form]").first().inputValue();
  // Another port of the same address is the same site: its requests carry the cookie.
  const foreign = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html");
    answer.end(`<iframe src="${console_.address}/"></iframe><form method="post" action="${console_.address}/settle">
      <input name="form" value="${token}"><input name="note" value="${id}"><button>go</button></form>`);
  });
  await new Promise((done) => foreign.listen(0, "127.0.0.1", done));
  const evil = await page.context().newPage();
  await evil.goto(`http://127.0.0.1:${foreign.address().port}/`);
  assert.ok(!(await evil.frames()[1].content()).includes("note-"), "framed");
  const read = await evil.evaluate((address) => fetch(address, { credentials: "include" }).then((answer) => answer.text(), () => "refused"), console_.address);
  assert.equal(read, "refused");
  const answer = evil.waitForResponse(`${console_.address}/settle`);
  await evil.getByRole("button", { name: "go" }).click();
  assert.equal((await answer).status(), 403);
  assert.equal(await page.locator(".note").count(), 1, "the note is still there");
  foreign.close();
  await page.context().close();
});

test("without JavaScript the page is loaded again by itself", { timeout: 60_000 }, async () => {
  await console_.steer("clear");
  const page = await loggedIn(browser, console_, { javaScriptEnabled: false });
  await console_.steer("note");
  await page.locator(".note").waitFor({ timeout: 15_000 });
  await page.context().close();
});

test("a terminal that is gone is told, nothing old looks new", async () => {
  const page = await loggedIn(browser, console_);
  assert.equal(await page.locator("#stale").isVisible(), false);
  await console_.stop();
  await page.getByText("端末とつながっていません").waitFor({ timeout: 5000 });
  await page.context().close();
});
