// Clicks through every page in both languages, with and without JavaScript, at both widths.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, measured } from "./judged.js";
import { loggedIn, startBrowser, startConsole } from "./steered.js";

const WORDS = {
  ja: { pages: [["いま", "/"], ["点検", "/health"], ["記録", "/journal"], ["統計", "/statistics"]], look: "いま点検する", ready: "本日使えます", logOut: "ログアウト", show: "表示する", search: "検索", older: "古いほうへ" },
  en: { pages: [["Now", "/"], ["Health", "/health"], ["Journal", "/journal"], ["Statistics", "/statistics"]], look: "Look now", ready: "Ready for today", logOut: "Log out", show: "Show", search: "Search", older: "Older" },
};

let console_, browser;
before(async () => {
  [console_, browser] = await Promise.all([startConsole(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await console_?.stop();
});

for (const language of ["ja", "en"]) {
  for (const javaScriptEnabled of [true, false]) {
    for (const width of [1280, 400]) {
      const where = `${language}, ${javaScriptEnabled ? "with" : "without"} JavaScript, ${width} px`;
      test(`every page: ${where}`, { timeout: 120_000 }, async () => {
        await console_.steer("fill");
        await console_.steer("away");
        const words = WORDS[language];
        const page = await loggedIn(browser, console_, { language, javaScriptEnabled, width });
        const judge = async (what) => {
          assert.equal(await page.locator("html").getAttribute("lang"), language);
          await measured(page, `${what}, ${where}`);
          if (javaScriptEnabled) await accessible(page, `${what}, ${where}`);
        };
        for (const [name, path] of words.pages) {
          await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
          await page.waitForURL(`${console_.address}${path}`);
          assert.equal(await page.locator("[aria-current=page]").textContent(), name);
          assert.ok((await page.title()).includes(name), `${await page.title()} names ${name}`);
          await judge(path);
        }

        await page.goto(`${console_.address}/health`);
        await console_.steer("back");
        await page.getByRole("button", { name: words.look }).click();
        await page.getByRole("heading", { level: 1, name: words.ready }).waitFor();
        await judge("health, ready");
        await console_.steer("away");
        await page.getByRole("button", { name: words.look }).click();
        await page.getByText("check cable and power of the clinic's PC").waitFor();
        await judge("health, not ready");

        await page.goto(`${console_.address}/journal`);
        await page.getByLabel(words.search).fill("visit_ended");
        await page.getByRole("button", { name: words.show }).click();
        assert.equal(await page.locator("tbody tr").count(), 70, "what was searched for");
        await page.getByLabel(words.search).fill("");
        await page.getByRole("button", { name: words.show }).click();
        await page.getByRole("link", { name: words.older }).click();
        await page.getByText("2 / 3").waitFor();
        await judge("journal, page 2");
        const saved = page.waitForEvent("download");
        await page.getByRole("link", { name: "CSV" }).click();
        assert.match((await saved).suggestedFilename(), /^journal_\d{4}-\d\d-\d\d_\d{4}-\d\d-\d\d\.csv$/);

        assert.equal((await page.goto(`${console_.address}/nowhere`)).status(), 404);
        await judge("404");
        await page.locator("main a").click();
        await console_.steer("close");
        await page.reload();
        await page.locator("#visual a").click();
        await judge("visual check");
        await page.locator("main button").click();
        await page.waitForURL(`${console_.address}/`);
        assert.equal(await page.locator("#visual a").count(), 0, "it is open again");

        const notes = await page.locator(".note").count();
        await page.locator(".note button").first().click();
        await page.waitForFunction((before) => document.querySelectorAll(".note").length === before - 1, notes);

        await page.getByRole("button", { name: words.logOut }).click();
        await page.waitForURL(`${console_.address}/login`);
        await judge("login");
        await page.goto(`${console_.address}/journal`);
        assert.equal(new URL(page.url()).pathname, "/login", "logged out is out");
        const complaints = page.complaints.filter((text) => !text.includes("404"));
        assert.deepEqual(complaints, [], where);
        await page.context().close();
      });
    }
  }
}

test("everything can be reached and done with the keyboard, and is seen to have the focus", async () => {
  await console_.steer("fill");
  const page = await loggedIn(browser, console_);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip", "the first stop skips the navigation");
  assert.ok((await page.locator(".skip").boundingBox()).y >= 0, "and is seen");
  const reached = new Set();
  for (let stop = 0; stop < 30; stop += 1) {
    await page.keyboard.press("Tab");
    const { name, outline, shadow } = await page.evaluate(() => {
      const { outlineWidth, outlineStyle, boxShadow } = getComputedStyle(document.activeElement);
      return { name: document.activeElement.id || document.activeElement.textContent.trim(), outline: `${outlineStyle} ${outlineWidth}`, shadow: boxShadow };
    });
    if (await page.evaluate(() => document.activeElement === document.body)) break;
    assert.equal(outline, "solid 4px", name);
    assert.ok(shadow.includes("255, 212, 61"), `${name}: ${shadow}`);
    reached.add(name);
  }
  for (const name of ["いま", "点検", "記録", "統計", "English", "ログアウト"]) assert.ok(reached.has(name), `${name} of ${[...reached]}`);
  const settle = [...reached].find((name) => name.startsWith("settle-"));
  await page.locator(`#${settle}`).focus();
  await page.keyboard.press("Enter");
  await page.locator(`#${settle}`).waitFor({ state: "detached" });
  await page.context().close();
});

test("a printed page has no navigation and no buttons", async () => {
  const page = await loggedIn(browser, console_);
  for (const path of ["/", "/health", "/journal", "/statistics"]) {
    await page.goto(`${console_.address}${path}`);
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator("nav:visible, button:visible").count(), 0, path);
    assert.ok(await page.locator("h1").first().isVisible(), path);
    await page.emulateMedia({ media: "screen" });
  }
  await page.context().close();
});
