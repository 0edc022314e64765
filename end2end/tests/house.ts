import { test as base, expect, type Browser, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export { expect };
export type House = { url: string; setupLink?: string; restart?: () => Promise<void> };

async function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

const binary = path.resolve(__dirname, '../../target/debug/handshake');

/** The library that sets a program's clock, wherever the system keeps it. */
function clockLibrary(): string {
  const folders = readdirSync('/usr/lib').map(name => `/usr/lib/${name}/faketime`).concat('/usr/lib/faketime');
  const found = folders.map(folder => `${folder}/libfaketime.so.1`).find(file => existsSync(file));
  if (!found) throw new Error('libfaketime is not there: `make test-tools` installs it');
  return found;
}

/** The day of every server here, so that what the tests read does not depend on the day on which they run. */
const TODAY = Date.UTC(2026, 10, 24, 8, 30);
const begun = Date.now();

/** As `2026-11-24 08:30:00`; a server that starts again is as much later as time has passed. */
function now(): string {
  return new Date(TODAY + Date.now() - begun).toISOString().slice(0, 19).replace('T', ' ');
}

/** A day so many days from a server's today, as `2026-11-24`. */
export function dayFromNow(days: number): string {
  return new Date(TODAY + days * 86_400_000).toISOString().slice(0, 10);
}

/** Runs a server on a folder until it is stopped, its clock set to `at`; a `fresh` one says how to set it up. */
async function run(folder: string, port: number, demo: boolean, fresh: boolean, at: string): Promise<{ house: House; stop: () => Promise<void> }> {
  const clock = { LD_PRELOAD: clockLibrary(), FAKETIME: `@${at}`, FAKETIME_DONT_FAKE_MONOTONIC: '1', TZ: 'UTC' };
  const server: ChildProcess = spawn(binary, ['serve', ...(demo ? ['--demo'] : [])], {
    env: { PATH: process.env.PATH, HANDSHAKE_DATA: folder, HANDSHAKE_ADDR: `127.0.0.1:${port}`, HANDSHAKE_LOG: 'warn', ...clock },
  });
  let said = '';
  const ended = new Promise<void>(resolve => server.on('exit', () => resolve()));
  const stop = async () => {
    server.kill('SIGTERM');
    await ended;
  };
  const house = await new Promise<House>((resolve, reject) => {
    const onSaid = (chunk: Buffer) => {
      said += chunk;
      const url = said.match(/Handshake is at (\S+)/)?.[1];
      const setupLink = said.match(/Set it up at (\S+)/)?.[1];
      if (url && (setupLink || !fresh)) resolve({ url, setupLink });
    };
    server.stdout?.on('data', onSaid);
    server.stderr?.on('data', chunk => (said += chunk));
    server.on('exit', code => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
  return { house, stop };
}

/** Starts a server on an empty folder and waits until it says where it is. */
async function start(demo: boolean): Promise<{ house: House; stop: () => void }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'handshake-e2e-'));
  const port = await freePort();
  let { house, stop } = await run(folder, port, demo, !demo, now());
  house.restart = async () => {
    await stop();
    ({ stop } = await run(folder, port, demo, false, now()));
  };
  return { house, stop: () => stop().then(() => rmSync(folder, { recursive: true, force: true })) };
}

/** A server whose day the test chooses: it is stopped, and started again on the same data with another clock. */
export class SetClock {
  private folder = mkdtempSync(path.join(tmpdir(), 'handshake-e2e-'));
  private port = 0;
  private stop = async () => {};
  house: House = { url: '' };

  /** `day` as 2026-10-05, at half past nine in Berlin in winter, half past ten in summer. */
  async moveTo(day: string): Promise<void> {
    await this.stop();
    const isFresh = this.port === 0;
    this.port ||= await freePort();
    const { house, stop } = await run(this.folder, this.port, false, isFresh, `${day} 08:30:00`);
    this.house = house;
    this.stop = stop;
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Whatever the browser complains about fails the test. Expected refusals (409, 422) are not complaints of the page. */
export function listen(page: Page, complaints: string[]): void {
  page.on('console', message => {
    if (message.type() === 'error' && !/status of (409|422)/.test(message.text())) complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', error => complaints.push(`${page.url()}: ${error.message}`));
  page.on('request', request => {
    if (!request.url().startsWith('http://127.0.0.1') && !request.url().startsWith('data:')) complaints.push(`a request left the house: ${request.url()}`);
  });
}

export const test = base.extend<{ complaints: string[]; fresh: House; freshDemo: House; clock: SetClock }, { demo: House }>({
  demo: [async ({}, use) => {
    const { house, stop } = await start(true);
    await use(house);
    stop();
  }, { scope: 'worker', timeout: 120_000 }],
  // Of each test's own: a setup link is good for one company only.
  fresh: async ({}, use) => {
    const { house, stop } = await start(false);
    await use(house);
    stop();
  },
  freshDemo: [async ({}, use) => {
    const { house, stop } = await start(true);
    await use(house);
    stop();
  }, { timeout: 120_000 }],
  clock: async ({}, use) => {
    const clock = new SetClock();
    await use(clock);
    await clock.end();
  },
  complaints: async ({}, use) => {
    const complaints: string[] = [];
    await use(complaints);
    expect(complaints).toEqual([]);
  },
});

export async function signIn(page: Page, house: House, email: string, password = 'handshake-demo'): Promise<string> {
  await page.goto(`${house.url}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/w\//);
  return new URL(page.url()).pathname;
}

/** A second person with a browser of their own. */
export async function someone(browser: Browser, complaints: string[], script: boolean): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: script });
  const page = await context.newPage();
  listen(page, complaints);
  return page;
}

/** Of everybody who is invited while a test sets a company up. */
export const PASSWORD = 'plum-orbit-candle-fjord';

/** The first administrator sets the company up; gives the invitations of the CMO and the CIO. */
export async function setUp(page: Page, link: string): Promise<string[]> {
  await page.goto(link);
  await page.getByLabel('Your name').fill('Ada Admin');
  await page.getByLabel('Your e-mail').fill('ada@acme.example');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByLabel('Name', { exact: true }).fill('Acme Retail');
  await page.getByLabel('CMO’s e-mail').fill('cmo@acme.example');
  await page.getByLabel('CIO’s e-mail').fill('cio@acme.example');
  await page.getByRole('button', { name: 'Set up the workspace' }).click();
  await expect(page.getByRole('heading', { name: 'Handshake is set up' })).toBeVisible();
  return page.locator('.copy code').allTextContents();
}

/** Somebody takes an invitation. */
export async function join(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Join the workspace' }).click();
  await expect(page.getByRole('heading', { name: 'Join' })).toBeHidden();
  await expect(page).toHaveTitle(/Overview · /);
}

/** The CMO starts a KPI in percent of which she and the CIO are the owners; then its targets are asked for. */
export async function startKpi(cmo: Page, home: string, title: string, measures: string, firstPeriod?: string): Promise<void> {
  await cmo.goto(`${home}/kpis/new`);
  await cmo.getByLabel('Title').fill(title);
  await cmo.getByLabel('What it measures').fill(measures);
  await cmo.getByLabel('Unit').fill('%');
  await cmo.getByLabel('Driver').selectOption({ label: 'Dana Reyes · Marketing' });
  await cmo.getByLabel('Owner from Marketing').selectOption({ label: 'Dana Reyes' });
  await cmo.getByLabel('Owner from Technology').selectOption({ label: 'Kofi Owusu' });
  if (firstPeriod) await cmo.getByLabel('First period').fill(firstPeriod);
  await cmo.getByRole('button', { name: 'Create the KPI' }).click();
  await expect(cmo.getByRole('heading', { name: 'Targets' })).toBeVisible();
}

/** Both sides agree to what lies on the table at a page. */
export async function agree(path: string, ...people: Page[]): Promise<void> {
  for (const who of people) {
    await who.goto(`${path}/sign`);
    await who.getByLabel('Agree', { exact: false }).first().check();
    await who.getByRole('button', { name: /^Sign the .* for / }).click();
    await expect(who.getByText(/Signed\. The other side|Agreed\. Both sides/).first()).toBeVisible();
  }
}

/** Waits until the page's islands answer. */
export async function alive(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-alive', '');
}
