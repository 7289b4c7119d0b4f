// Starts the console's example program with its invented terminal, and steers it line by line.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL("../../target", import.meta.url));
const program = `${target}/debug/examples/console`;
const browserProgram = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** The console, running: `address`, `password`, `steer(line)`, `stop()`. */
export async function startConsole() {
  assert.ok(existsSync(program), `${program} is missing. The cure:  cargo build --workspace --all-targets`);
  const child = spawn(program, ["--steered"], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const late = new Promise((_, no) => setTimeout(() => no(new Error("the console said nothing for 10 s")), 10_000).unref());
    return (await Promise.race([lines.next(), late])).value;
  };
  const [, address, password] = /^(http:\S+)\/ password (\S+)$/.exec(await next());
  return {
    address,
    password,
    async steer(line) {
      child.stdin.write(`${line}\n`);
      assert.equal(await next(), "done");
    },
    async stop() {
      const ended = new Promise((done) => child.once("exit", done));
      child.stdin.write("stop\n");
      await ended;
    },
  };
}

export async function startBrowser() {
  assert.ok(existsSync(browserProgram), `${browserProgram} is missing. The cure:  scripts/setup browser`);
  // As root, as in continuous integration, Chromium has no sandbox; it visits nothing but loopback.
  const sandbox = process.getuid() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: browserProgram, args: [...sandbox, "--disable-dev-shm-usage", "--lang=ja-JP"] });
}

/** A page that is logged in, in this language. What the browser complains about is collected in `page.complaints`. */
export async function loggedIn(browser, console_, { language = "ja", javaScriptEnabled = true, width = 1280, height = 800 } = {}) {
  const context = await browser.newContext({ javaScriptEnabled, viewport: { width, height }, locale: "ja-JP", reducedMotion: "reduce" });
  const page = await context.newPage();
  page.complaints = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.complaints.push(message.text()));
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("request", (request) => request.url().startsWith(console_.address) || page.complaints.push(`asks for ${request.url()}`));
  await page.goto(`${console_.address}/`);
  assert.equal(new URL(page.url()).pathname, "/login", "without login there is nothing but the login");
  if (language === "en") await page.getByRole("button", { name: "English" }).click();
  await page.getByLabel(language === "ja" ? "職員用パスワード" : "Staff password").fill(console_.password);
  await page.getByRole("button", { name: language === "ja" ? "ログインする" : "Log in now" }).click();
  await page.waitForURL(`${console_.address}/`);
  return page;
}
