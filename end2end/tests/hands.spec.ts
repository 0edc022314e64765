import { expect, signIn, test } from './house';
import type { Page } from '@playwright/test';

const SMALL = [{ width: 390, height: 844 }, { width: 640, height: 512 }, { width: 320, height: 256 }];

/** Focuses everything that can be, one after the other, and gives what is covered by something else then. */
async function covered(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const focusable = 'a[href]:not([tabindex="-1"]), button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
    const hidden: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>(focusable)) {
      if (!element.checkVisibility({ visibilityProperty: true }) || (element as HTMLInputElement).disabled) continue;
      element.focus();
      if (document.activeElement !== element) continue;
      const box = element.getBoundingClientRect();
      // What is larger than the window is seen in part.
      const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
      const y = box.height > innerHeight ? innerHeight / 2 : box.top + box.height / 2;
      const seen = document.elementFromPoint(x, y);
      const label = (element as HTMLInputElement).labels?.[0];
      const isSeen = seen && (element.contains(seen) || seen.contains(element) || label?.contains(seen));
      // A tick that is drawn by its label has no place of its own.
      if (!isSeen && box.width > 2) hidden.push(`${element.tagName} ${(element.getAttribute('aria-label') ?? element.textContent ?? element.id).trim().slice(0, 40)}`);
    }
    return hidden;
  });
}

test('no focused control hides behind a bar', async ({ browser, demo, complaints }) => {
  test.setTimeout(240_000);
  const found: string[] = [];
  for (const viewport of SMALL) {
    const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.on('pageerror', error => complaints.push(error.message));
    const home = await signIn(page, demo, 'cmo@demo.example');
    for (const path of ['', 'desk', 'decisions/8/sign', 'decisions/10/score', 'decisions/8/weights/edit', 'milestones/2', 'milestones/2/bulk', 'kpis/1/targets', 'initiatives/4/check-in', 'definition/propose', 'members']) {
      await page.goto(`${demo.url}${home}${path && `/${path}`}`);
      for (const hidden of await covered(page)) found.push(`${viewport.width} × ${viewport.height}, ${path}: ${hidden}`);
    }
    await context.close();
  }
  expect(found).toEqual([]);
});

test('Enter sends a form, whatever other buttons it has', async ({ page, demo, complaints }) => {
  const home = await signIn(page, demo, 'cmo@demo.example');
  for (const path of ['kpis/1/targets', 'decisions/8/weights/edit', 'initiatives/new']) {
    await page.goto(`${demo.url}${home}/${path}`);
    const first = page.locator('main form.form').last().locator('button[type=submit]').first();
    expect(await first.getAttribute('name'), path).toBeNull();
  }
});

test('what is chosen is seen in forced colours', async ({ browser, demo, complaints }) => {
  const context = await browser.newContext({ forcedColors: 'active', reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.on('pageerror', error => complaints.push(error.message));
  const home = await signIn(page, demo, 'cmo@demo.example');
  const looks = (selector: string) => page.locator(selector).first().evaluate(element => {
    const { backgroundColor, borderTopColor, borderTopWidth, outlineStyle, color } = getComputedStyle(element);
    return [backgroundColor, borderTopColor, borderTopWidth, outlineStyle, color].join();
  });
  await page.goto(`${demo.url}${home}/milestones`);
  expect(await looks('.timeline-zoom [aria-current]')).not.toEqual(await looks('.timeline-zoom a:not([aria-current])'));
  await page.goto(`${demo.url}${home}/decisions/10/score`);
  const radios = page.locator('input[type=radio]');
  await radios.first().check({ force: true });
  const [chosen, other] = await Promise.all([0, 1].map(index => radios.nth(index).evaluate(input => {
    const drawn = (input as HTMLInputElement).labels?.[0] ?? input;
    const { backgroundColor, borderTopColor, borderTopWidth, outlineStyle, color } = getComputedStyle(drawn);
    return [backgroundColor, borderTopColor, borderTopWidth, outlineStyle, color, getComputedStyle(input).appearance].join();
  })));
  const drawsItself = (await radios.first().evaluate(input => getComputedStyle(input).appearance)) !== 'none';
  if (!drawsItself) expect(chosen).not.toEqual(other);
  await context.close();
});

/** Fills a form with one word as long as each field takes. */
async function fillWithOneWord(page: Page): Promise<void> {
  await page.locator('main form.form').last().evaluate(form => {
    const word = 'Donaudampfschifffahrtsgesellschaft'.repeat(200);
    for (const field of form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>('input, textarea, select')) {
      if (field instanceof HTMLSelectElement) {
        if (!field.value && field.required) field.selectedIndex = Math.min(1, field.options.length - 1);
      } else if (field.type === 'date') {
        if (!field.value && field.required) field.value = '2027-06-30';
      } else if (field.type === 'radio') {
        const group = [...form.querySelectorAll<HTMLInputElement>(`input[name="${field.name}"]`)];
        if (!group.some(one => one.checked)) group[0].checked = true;
      } else if (!['hidden', 'checkbox', 'file', 'submit'].includes(field.type) && !field.value && !['column', 'links', 'contacts'].includes(field.name) && !/^(kpi|baseline|target)-[2-9]/.test(field.name)) {
        const isNumber = field.type === 'number' || ['decimal', 'numeric'].includes(field.inputMode);
        // The first KPI should fall.
        field.value = isNumber ? (field.name.startsWith('target-') ? '0.5' : '1') : word.slice(0, Math.min(field.maxLength > 0 ? field.maxLength : 100, 600));
      }
    }
  });
}

test('one long word widens no page', async ({ page, freshDemo, complaints }) => {
  test.setTimeout(240_000);
  const home = `${freshDemo.url}${await signIn(page, freshDemo, 'cmo@demo.example')}`;
  const made: string[] = [];
  for (const form of ['decisions/new', 'definition/clauses/new', 'goals/new', 'initiatives/new', 'technologies/new', 'sources/new', 'sources/touchpoints/new', 'initiatives/4/milestones/new', 'milestones/2/checkpoints/new', 'decisions/8/options/new', 'kpis/new']) {
    await page.goto(`${home}/${form}`);
    await fillWithOneWord(page);
    await page.locator('main form.form').last().locator('button[type=submit].is-primary').last().click();
    await page.waitForLoadState();
    // A KPI asks for its targets next; what is refused stays on its form.
    expect(page.url(), `${form}: ${await page.locator('.problems').allTextContents()}`).not.toMatch(/\/new(\?|$)/);
    made.push(page.url().split('?')[0]);
  }
  const found: string[] = [];
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    const lists = ['', 'attention', 'desk', 'definition', 'definition/trace', 'decisions', 'goals', 'initiatives', 'milestones', 'technologies', 'kpis', 'sources', 'sources/map', 'history', 'since', 'search?q=donau'];
    for (const path of [...made, ...lists.map(list => `${home}${list && `/${list}`}`)]) {
      await page.goto(path);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (beyond > 0) found.push(`${path} is ${beyond} px wider than ${width}`);
    }
  }
  expect(found).toEqual([]);
});

test('a name is completed after an @, and the comment edited', async ({ page, freshDemo, complaints }) => {
  const home = `${freshDemo.url}${await signIn(page, freshDemo, 'cmo@demo.example')}`;
  await page.goto(`${home}/milestones/2`);
  const comment = page.getByLabel('Comment', { exact: true });
  await comment.pressSequentially('Is this still true, @Pri');
  const names = page.getByRole('listbox', { name: 'People' });
  await expect(names.getByRole('option')).toHaveCount(1);
  await comment.press('Enter');
  await expect(comment).toHaveValue(/@Priya \S+ $/);
  await expect(names).toBeHidden();
  await page.getByRole('button', { name: 'Comment' }).click();
  await expect(page.getByText(/^Notified: Priya/)).toBeVisible();
  await page.getByRole('link', { name: /^Edit the comment of/ }).last().click();
  await page.getByLabel('Comment', { exact: true }).fill('It is.');
  await page.getByRole('button', { name: 'Save the comment' }).click();
  await expect(page.getByText(', edited')).toBeVisible();
});
