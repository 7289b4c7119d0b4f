// Writes the README's pictures: `npm run screenshots`. Looked at by people, compared by nobody.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { loggedIn, startBrowser, startConsole } from "./steered.js";

const folder = process.argv[2] ?? fileURLToPath(new URL("../../reader-daemon/console/screenshots/", import.meta.url));
await mkdir(folder, { recursive: true });
const [console_, browser] = await Promise.all([startConsole(), startBrowser()]);
try {
  const language = process.env.CONSOLE_LANGUAGE ?? "ja";
  const page = await loggedIn(browser, console_, { language, width: Number(process.env.WIDTH ?? 1280) });
  const shoot = async (name) => {
    await page.mouse.move(0, 0);
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  };
  await console_.steer("clear");
  await page.waitForTimeout(400);
  await shoot("now-calm");
  await console_.steer("fill");
  await console_.steer("away");
  await page.waitForTimeout(400);
  await shoot("now");
  await console_.steer("close");
  await page.goto(`${console_.address}/visual-check`);
  await shoot("visual-check");
  await page.goto(`${console_.address}/health`);
  await page.locator("form[action='/health'] button").click();
  await page.locator("table").waitFor();
  await shoot("health-trouble");
  await console_.steer("back");
  await page.locator("form[action='/health'] button").click();
  await page.locator(".verdict.good").waitFor();
  await shoot("health");
  await page.goto(`${console_.address}/journal?search=visit_`);
  await page.setViewportSize({ width: page.viewportSize().width, height: 900 });
  await page.screenshot({ path: `${folder}/journal.png` });
  await page.goto(`${console_.address}/statistics`);
  await shoot("statistics");
  await page.locator("form[action='/logout'] button").click();
  await page.waitForURL(`${console_.address}/login`);
  await shoot("login");
} finally {
  await browser.close();
  await console_.stop();
}
