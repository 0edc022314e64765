import { alive, expect, signIn, someone, test } from './house';

// A quarter in the life of an initiative: silence that climbs the ladder, a slip that hits another milestone, numbers
// from a table, a red month with its action, and an ending that both co-leads sign.
test('an initiative is answered for by both sides', async ({ browser, freshDemo, complaints, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false;
  const [cmo, cio, priya, ana] = await Promise.all([0, 1, 2, 3].map(() => someone(browser, complaints, script)));
  const home = freshDemo.url + await signIn(cmo, freshDemo, 'cmo@demo.example');
  await signIn(cio, freshDemo, 'cio@demo.example');
  await signIn(priya, freshDemo, 'technology.manager@demo.example');
  await signIn(ana, freshDemo, 'marketing@demo.example');

  await test.step('silence has climbed the ladder, and whoever was passed over sees it', async () => {
    await cio.goto(`${home}/desk`);
    await expect(cio.getByText('Priya Nair has not checked in on “Answers in two hours”')).toBeVisible();
    await priya.goto(`${home}/desk`);
    await expect(priya.getByText(/Priya Nair was reminded .* informed/).first()).toBeVisible();
    await priya.getByRole('link', { name: 'Check in on Answers in two hours' }).click();
    await expect(priya.getByText('1 before it')).toHaveCount(0);
    await priya.getByRole('radio', { name: /^At risk/ }).check();
    await priya.getByLabel('What is new').fill('Half a thought');
    await priya.getByRole('button', { name: 'Save draft' }).click();
    await expect(priya.getByText('Draft saved. Only you can see it.')).toBeVisible();
    await expect(priya.getByLabel('What is new')).toHaveValue('Half a thought');
    await priya.getByLabel('What is new').fill('The mail provider moved; chat arrives.');
    await priya.getByLabel('Confidence').selectOption('60');
    await priya.getByLabel('Next step').fill('Move the mail rules');
    await priya.getByRole('button', { name: 'Check in', exact: true }).click();
    await expect(priya.getByText(/No check-in for/).first()).toBeVisible();
    await ana.goto(`${home}/desk`);
    await ana.getByRole('button', { name: 'Confirm that you have read the check-in of Priya Nair on Answers in two hours' }).click();
    await ana.goto(`${home}/initiatives/9`);
    await expect(ana.getByText('Read by Ana Sousa').first()).toBeVisible();
  });

  await test.step('a slip shows whom it hits', async () => {
    await cmo.goto(`${home}/milestones`);
    if (script) {
      await alive(cmo);
      // The timeline finds a row, and a milestone is moved with the keyboard: it asks for the reason.
      await cmo.getByLabel('Find an initiative or a milestone').fill('One customer');
      await expect(cmo.locator('.timeline-names .is-faded').first()).toBeAttached();
      const mark = cmo.locator('.timeline-picture a', { hasText: 'Match rules agreed' });
      await mark.focus();
      await cmo.keyboard.press('Alt+Shift+ArrowRight');
      await cmo.keyboard.press('Enter');
    } else {
      await cmo.getByRole('link', { name: 'Match rules agreed', exact: true }).click();
      await cmo.getByRole('link', { name: 'Move the date' }).click();
    }
    await expect(cmo.getByRole('heading', { name: 'Milestones that depend on it' })).toBeVisible();
    await cmo.getByLabel('New date').fill('2027-12-20');
    await cmo.getByLabel('Reason for the change').fill('The lawyers read it first.');
    await cmo.getByRole('button', { name: 'Move the milestone' }).click();
    await expect(cmo.getByText(/days too late/).first()).toBeVisible();
    await cmo.goto(`${home}/milestones/baselines`);
    await expect(cmo.getByRole('row', { name: /Match rules agreed/ }).getByText('Changed')).toBeVisible();
  });

  await test.step('checkpoints come from lines, and go back', async () => {
    await cio.goto(`${home}/milestones`);
    await cio.getByRole('link', { name: 'Match rules agreed', exact: true }).click();
    await cio.getByRole('link', { name: 'Paste a list' }).click();
    await cio.getByLabel('Lines', { exact: true }).fill('Rules read by the lawyers | Jonas Thorne | 2027-01-10\nRules signed');
    await cio.getByRole('button', { name: 'Preview' }).click();
    await expect(cio.getByText('Jonas Thorne, due 10 Jan 2027')).toBeVisible();
    await cio.getByRole('button', { name: 'Add 2 checkpoints' }).click();
    await expect(cio.getByText('Rules read by the lawyers', { exact: true })).toBeVisible();
    await cio.getByRole('button', { name: 'Undo the last bulk change…' }).click();
    await cio.getByRole('button', { name: 'Undo it' }).click();
    await expect(cio.getByText('Rules read by the lawyers', { exact: true })).toHaveCount(0);
  });

  await test.step('numbers come from a table, looked at first', async () => {
    await cmo.goto(`${home}/kpis/import`);
    await cmo.getByLabel('File').setInputFiles({ name: 'values.csv', mimeType: 'text/csv', buffer: Buffer.from('kpi,period,value\nNo such KPI,2026-01,1\n') });
    await cmo.getByRole('button', { name: 'Preview' }).click();
    await expect(cmo.getByText('No KPI is called “No such KPI”.')).toBeVisible();
    await cmo.getByLabel('Or paste the table').fill('kpi;period;value;because\nRepeat purchase rate;2026-10;21,5;Late receipts\n');
    await cmo.getByRole('button', { name: 'Preview' }).click();
    await expect(cmo.getByText('1 value would be entered.')).toBeVisible();
    await cmo.getByRole('button', { name: 'Enter 1 value' }).click();
    await expect(cmo.getByText('All values are entered.')).toBeVisible();
  });

  await test.step('a red month brings an action; the split is shown, and the number recovers', async () => {
    await cmo.goto(`${home}/kpis`);
    await cmo.getByRole('link', { name: 'Profiles with consent' }).click();
    await expect(cmo.getByText(/^Recovering/).first()).toBeVisible();
    await expect(cmo.getByText(/Trend: about/)).toBeVisible();
    await cmo.goto(`${home}/milestones`);
    await cmo.getByRole('link', { name: 'Consent service live', exact: true }).click();
    await expect(cmo.getByText('Ask again in the app at the next sign-in', { exact: true })).toBeVisible();
  });

  await test.step('both co-leads sign how it ended', async () => {
    await ana.goto(`${home}/initiatives/9/close`);
    await ana.getByLabel('Missed', { exact: false }).check();
    await ana.getByLabel('What worked').fill('Chat and mail arrive in one place.');
    await ana.getByLabel('What did not').fill('Answers still take a day.');
    await ana.getByLabel('What we keep').fill('Ask the service team first.');
    await ana.getByRole('button', { name: 'Ask both co-leads to sign' }).click();
    for (const [who, side] of [[ana, 'Marketing'], [priya, 'Technology']] as const) {
      await who.goto(`${home}/initiatives/9/retrospective/sign`);
      await who.getByLabel('Agree', { exact: false }).first().check();
      await who.getByRole('button', { name: `Sign the retrospective for ${side}` }).click();
    }
    await expect(priya.getByText('Agreed. Both sides have signed the same text.')).toBeVisible();
    await ana.goto(`${home}/initiatives/9`);
    await expect(ana.getByText('Missed').first()).toBeVisible();
    await expect(ana.getByRole('link', { name: 'Check in', exact: true })).toHaveCount(0);
  });
});
