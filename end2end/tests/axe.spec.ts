import { readFileSync } from 'node:fs';
import { expect, listen, signIn, test } from './house';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const PATHS = [
  '', 'attention', 'desk', 'definition', 'definition/clauses/new', 'definition/propose', 'definition/versions', 'definition/versions/4', 'definition/compare?from=3&to=4',
  'definition/compare?from=3&to=4&view=side-by-side', 'definition/rounds', 'definition/rounds/answer', 'definition/trace',
  'initiatives', 'initiatives/1', 'initiatives/new', 'initiatives/4', 'initiatives/4/edit', 'initiatives/4/check-in', 'initiatives/4/close', 'initiatives/1/retrospective', 'initiatives/9', 'initiatives/9/charter', 'initiatives/4/phase', 'initiatives/4/milestones/new',
  'decisions', 'decisions/1', 'decisions/4', 'decisions/6', 'decisions/7', 'decisions/new', 'decisions/6/options/new', 'decisions/6/propose', 'decisions/8/sign',
  'decisions/6/weights', 'decisions/8/weights/edit', 'decisions/6/scores', 'decisions/6/scoring/open', 'decisions/10/score', 'decisions/7/statement', 'decisions/2/review',
  'technologies', 'technologies/1', 'technologies/new', 'technologies/5', 'technologies/1/move',
  'milestones', 'milestones/1', 'milestones/1/edit', 'milestones/1/move', 'milestones/1/checkpoints/new', 'milestones/2', 'milestones/2/bulk', 'milestones/2/checkpoints/paste', 'milestones/baselines', 'milestones/baselines/1', 'milestones/archived',
  'kpis', 'kpis/1', 'kpis/new', 'kpis/1/targets', 'kpis/1/archive', 'kpis/9/targets/proposal', 'kpis/1/formula', 'kpis/1/feeds', 'kpis/import', 'goals', 'goals/1', 'access', 'capacity', 'reviews', 'reviews/new', 'reviews/rhythm', 'reviews/1', 'reviews/3', 'reviews/3/facts', 'reviews/3/changes', 'reviews/3/present/1', 'reviews/3/addenda/1', 'reviews/4', 'reviews/4/edit', 'reviews/4/freeze', 'reviews/4/items/1/plan', 'sources', 'sources/map', 'sources/profile', 'sources/new', 'sources/1', 'sources/1/edit', 'sources/1/chairs', 'sources/1/words', 'sources/9', 'sources/2/levels', 'sources/4/uses/1', 'sources/record', 'sources/record?find=consent', 'sources/touchpoints/6/edit', 'since?days=14', 'sources/quarters', 'sources/tables', 'sources/tables/map', 'access/new', 'access/2/certify', 'goals/1/access?kind=technology', 'sources/touchpoints/new', 'sources/touchpoints/6', 'sources/touchpoints/6/words', 'goals/new', 'goals/1/edit', 'goals/1/access', 'access/1', 'access/4', 'access/4/end', 'milestones/1/archive', 'history', 'search?q=consent', 'members', 'members/delegation', 'members/invite', 'settings', 'nowhere',
];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test(`no page breaks the rules of accessibility, ${colorScheme}, ${width} px`, async ({ browser, demo, complaints }) => {
      test.setTimeout(300_000);
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
      const page = await context.newPage();
      page.on('pageerror', error => complaints.push(error.message));
      const found: string[] = [];
      const check = async (path: string) => {
        await page.evaluate(axe);
        const violations = await page.evaluate(async () => {
          // @ts-expect-error axe is on the page now
          const { violations } = await axe.run(document, { resultTypes: ['violations'] });
          return violations.map((v: { id: string; nodes: { target: string[] }[] }) => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | ')}`);
        });
        found.push(...violations.map((violation: string) => `${path}: ${violation}`));
        // Between the two: a phone held sideways, a small window, a tablet; and 1280 px at 400 %.
        for (const between of colorScheme === 'dark' ? [] : width === 1280 ? [844, 961, 1024, 1181] : [320]) {
          await page.setViewportSize({ width: between, height: 900 });
          const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          if (beyond > 0) found.push(`${path}: ${beyond} px wider than ${between}`);
        }
        await page.setViewportSize({ width, height: 900 });
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (beyond > 0) found.push(`${path}: ${beyond} px wider than the window`);
      };
      for (const path of ['/sign-in', '/forgot-password']) {
        await page.goto(demo.url + path);
        await check(path);
      }
      const home = await signIn(page, demo, 'cmo@demo.example');
      for (const path of PATHS) {
        await page.goto(demo.url + home + (path && `/${path}`));
        await check(path);
      }
      await page.goto(`${demo.url}${home}/definition`);
      const clause = await page.locator('.clause .page-actions a').first().getAttribute('href');
      for (const part of ['', '/edit', '/suggest']) {
        await page.goto(demo.url + clause + part);
        await check(`a clause${part}`);
      }
      await page.goto(`${demo.url}/account`);
      await check('/account');
      await page.goto(`${demo.url}/account/letters`);
      await check('/account/letters');
      expect(found).toEqual([]);
      await context.close();
    });
  }
}
