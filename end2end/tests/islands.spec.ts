import { alive, expect, listen, signIn, test } from './house';

test('a chart reads out its periods by pointer and by key', async ({ page, demo, complaints }) => {
  listen(page, complaints);
  const home = await signIn(page, demo, 'observer@demo.example');
  await page.goto(`${demo.url}${home}/kpis/1`);
  await alive(page);
  const chart = page.getByRole('group', { name: 'Chart.' });
  const said = page.locator('.chart-said');
  await expect(said).toHaveText(/arrow keys/);
  await chart.focus();
  await page.keyboard.press('Home');
  const first = await said.textContent();
  expect(first).toMatch(/target/);
  await page.keyboard.press('ArrowRight');
  await expect(said).not.toHaveText(first!);
  await chart.hover({ position: { x: 400, y: 80 } });
  await expect(said).toHaveText(/\d/);
});

test('pages without islands ship no client code', async ({ page, demo, complaints }) => {
  listen(page, complaints);
  const home = await signIn(page, demo, 'observer@demo.example');
  const fetched: string[] = [];
  page.on('request', request => fetched.push(request.url()));
  for (const path of ['', 'definition', 'initiatives', 'decisions', 'kpis', 'history', 'members']) await page.goto(demo.url + home + (path && `/${path}`));
  expect(fetched.filter(url => /\.(wasm|js)$/.test(url))).toEqual([]);
});

test('nothing that a visitor typed is run', async ({ page, demo, complaints }) => {
  listen(page, complaints);
  page.on('dialog', dialog => complaints.push(`a dialog: ${dialog.message()}`));
  const home = await signIn(page, demo, 'marketing@demo.example');
  await page.goto(`${demo.url}${home}/decisions/new`);
  await page.getByLabel('The question').fill('</title><script>alert(1)</script><img src=x onerror=alert(2)>');
  await page.getByLabel('Context').fill('</textarea><script>alert(3)</script>');
  await page.getByRole('button', { name: 'Create the decision' }).click();
  await expect(page.getByRole('heading', { name: '<script>alert(1)</script>' })).toBeVisible();
  await page.getByRole('link', { name: 'Change', exact: true }).click();
  await expect(page.getByLabel('Context')).toHaveValue('</textarea><script>alert(3)</script>');
});

test('a key leads past the navigation, and the main pages keep their outline', async ({ page, demo, complaints }) => {
  listen(page, complaints);
  const home = await signIn(page, demo, 'observer@demo.example');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.goto(`${demo.url}${home}`);
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - heading /day \\d+ \\w+/ [level=1]
    - heading "Waiting for you" [level=2]
    - heading /Since Monday/ [level=2]
    - heading "Who waits for whom" [level=2]
    - heading "Due this week" [level=2]
    - heading "Needs attention" [level=2]
    - list
    - heading "Where we stand" [level=2]
    - heading "Initiatives" [level=2]
    - table
    - heading "KPIs" [level=2]
    - heading "Waiting for signatures" [level=2]
    - list
  `);
});

test('what was filled in before the client code arrived counts', async ({ page, demo, complaints }) => {
  listen(page, complaints);
  const home = await signIn(page, demo, 'marketing.manager@demo.example');
  await page.addInitScript(() => {
    const arrived = new Promise<void>(resolve => window.addEventListener('code-arrives', () => resolve()));
    const start = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...given) => {
      await arrived;
      return start(...given);
    };
  });
  const arrive = () => page.evaluate(() => window.dispatchEvent(new Event('code-arrives')));

  await page.goto(`${demo.url}${home}/decisions/10/score`);
  const rows = page.getByRole('radiogroup');
  for (let row = 0; row < await rows.count(); row++) await rows.nth(row).getByLabel('4', { exact: true }).check();
  const total = page.locator('.totals li').first();
  await expect(total).toContainText('to go');
  await arrive();
  await expect(total).toContainText('4.0');
  await rows.first().getByLabel('5', { exact: true }).check();
  await expect(total).toContainText(/4\.[1-9]/);

  await page.goto(`${demo.url}${home}/milestones`);
  // As a browser fills it in again on coming back.
  await page.getByLabel('Find an initiative or a milestone').evaluate((find: HTMLInputElement) => (find.value = 'consent'));
  await expect(page.locator('.is-faded')).toHaveCount(0);
  await arrive();
  await expect(page.locator('.is-faded').first()).toBeAttached();
});

test('a file beyond all measure is answered, not cut off', async ({ page, demo }) => {
  const home = await signIn(page, demo, 'technology.manager@demo.example');
  await page.goto(`${demo.url}${home}/desk`);
  const pass = await page.locator('form[action$="/pass"]').first().getAttribute('action');
  await page.goto(demo.url + pass);
  await page.getByLabel('A file').setInputFiles({ name: 'minutes.txt', mimeType: 'text/plain', buffer: Buffer.alloc(13_000_000, 'x') });
  await page.getByRole('button', { name: 'Mark the checkpoint done' }).click();
  await expect(page.getByRole('heading', { name: 'Too large' })).toBeVisible();
});
