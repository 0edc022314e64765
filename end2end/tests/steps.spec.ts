import { expect, join, setUp, signIn, someone, test, startKpi } from './house';
import type { Locator, Page } from '@playwright/test';

/** Counts what somebody needs: pages that the browser is made to ask for, and keys beside what is typed as text. */
class StepCounter {
  pageLoads = 0;
  keys = 0;
  constructor(private page: Page) {
    page.on('request', request => {
      const isOfThePage = request.isNavigationRequest() && request.frame() === page.mainFrame();
      if (isOfThePage && !request.redirectedFrom()) this.pageLoads++;
    });
  }

  start(): void {
    this.pageLoads = this.keys = 0;
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      this.keys++;
      await this.page.keyboard.press(key);
    }
  }

  /** Goes down the rows until one of them is reached. */
  async downTo(field: Locator): Promise<void> {
    for (let rows = 0; rows < 20; rows++) {
      await this.press('j');
      if (await field.evaluate(found => found === document.activeElement)) return;
    }
    throw new Error('no row leads there');
  }
}

test('a checkpoint is marked done from the desk in one step', async ({ page, freshDemo, complaints }) => {
  const home = await signIn(page, freshDemo, 'technology@demo.example');
  const steps = new StepCounter(page);
  await page.goto(`${freshDemo.url}${home}/desk`);
  steps.start();
  await steps.downTo(page.getByLabel('Evidence for Migrate the app’s old consents'));
  await page.keyboard.type('https://wiki.example/consents');
  await steps.press('Enter');
  await expect(page.getByText('Migrate the app’s old consents')).toHaveCount(0);
  expect(steps.pageLoads).toBe(1);
  // The third row, and Enter.
  expect(steps.keys).toBe(4);
});

test('a value is entered from the desk with its digits and Enter', async ({ page, browser, fresh, complaints }) => {
  const links = await setUp(page, fresh.setupLink!);
  const [cmo, cio] = [await someone(browser, complaints, true), await someone(browser, complaints, true)];
  await join(cmo, links[0], 'Dana Reyes');
  await join(cio, links[1], 'Kofi Owusu');
  const home = new URL(cmo.url()).origin + new URL(cmo.url()).pathname;
  await startKpi(cmo, home, 'Repeat purchase rate', 'Bought again within 90 days.');
  const steps = new StepCounter(cmo);
  await cmo.goto(`${home}/desk`);
  const field = cmo.getByLabel(/^Repeat purchase rate, /);
  await field.focus();
  steps.start();
  await steps.press('2', '1', '.', '4', 'Enter');
  await expect(cmo.getByText('Repeat purchase rate, October: 21.4%')).toBeVisible();
  expect(steps.pageLoads).toBe(1);
  expect(steps.keys).toBe(5);
});

test('a decision is signed in two steps, with the whole text on screen', async ({ page, freshDemo, complaints }) => {
  const home = await signIn(page, freshDemo, 'cio@demo.example');
  const steps = new StepCounter(page);
  await page.goto(`${freshDemo.url}${home}/desk`);
  steps.start();
  await page.getByRole('link', { name: 'Read and sign How do we ask again for old consents?' }).click();
  await expect(page.getByText('This is what you sign, in full.', { exact: false })).toBeVisible();
  await page.getByLabel('Agree', { exact: false }).first().check();
  await page.getByRole('button', { name: 'Sign this decision for Technology' }).click();
  await expect(page.getByText(/Signed\. The other side/).first()).toBeVisible();
  expect(steps.pageLoads).toBe(2);
});

test('keys lead to the rooms, say what they are, and can be turned off', async ({ page, demo, complaints }) => {
  const home = await signIn(page, demo, 'cmo@demo.example');
  await page.keyboard.press('g');
  await page.keyboard.press('k');
  await page.waitForURL(`**${home}/kpis`);
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(keys).toBeVisible();
  await keys.getByLabel('Use single letters on this device').uncheck();
  await page.keyboard.press('Escape');
  await expect(keys).toBeHidden();
  await page.evaluate(() => {
    (window as any).leads = 0;
    addEventListener('click', event => (event.target as Element).closest('[data-key]') && (window as any).leads++, true);
    document.getElementById('keys')!.addEventListener('toggle', event => (event as ToggleEvent).newState === 'open' && (window as any).leads++);
  });
  for (const key of ['?', 'g', 'd']) await page.keyboard.press(key);
  expect(await page.evaluate(() => (window as any).leads)).toBe(0);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('searchbox').first()).toBeFocused();
});
