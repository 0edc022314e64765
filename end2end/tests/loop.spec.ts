import { agree, expect, join, listen, setUp, someone, test, startKpi } from './house';

test('a company runs the whole loop, from nothing to the overview', async ({ page, browser, fresh, complaints, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false;
  listen(page, complaints);

  const links = await test.step('the first administrator sets it up and invites both leads', () => setUp(page, fresh.setupLink!));
  const [cmo, cio] = [await someone(browser, complaints, script), await someone(browser, complaints, script)];
  await join(cmo, links[0], 'Dana Reyes');
  await join(cio, links[1], 'Kofi Owusu');
  const home = new URL(cmo.url()).origin + new URL(cmo.url()).pathname;

  await test.step('both sides start a KPI and give it targets', async () => {
    await startKpi(cmo, home, 'Repeat purchase rate', 'Bought again within 90 days.');
    await cmo.locator('.strip input').first().fill('26');
    await cmo.getByRole('button', { name: 'Ask both owners to sign' }).click();
    await expect(cmo.getByText('0 of 2 signed.')).toBeVisible();
    await agree(`${home}/kpis/1/targets/proposal`, cmo, cio);
  });

  await test.step('both leads ratify the definition', async () => {
    await cio.goto(`${home}/definition/clauses/new`);
    await cio.getByLabel('Title').fill('One memory');
    await cio.getByLabel('The promise to the customer').fill('Nobody has to tell us twice.');
    await cio.getByLabel('What it means for Marketing').fill('One profile, no list of our own.');
    await cio.getByLabel('What it means for Technology').fill('The profile answers within 500 ms.');
    await cio.getByLabel('Repeat purchase rate').check();
    await cio.getByRole('button', { name: 'Add the clause' }).click();
    await cmo.goto(`${home}/definition`);
    await cmo.getByRole('link', { name: 'Propose version 1…' }).click();
    await cmo.getByRole('button', { name: 'Propose to both leads' }).click();
    for (const [who, side] of [[cmo, 'Marketing'], [cio, 'Technology']] as const) {
      await who.goto(`${home}/definition/versions/1`);
      await who.getByRole('link', { name: `Sign for ${side}…` }).click();
      await expect(who.getByText('Nobody has to tell us twice.')).toBeVisible();
      await who.getByLabel('Agree', { exact: false }).first().check();
      await who.getByRole('button', { name: `Sign version 1 for ${side}` }).click();
    }
    await expect(cio.getByText('Agreed. Both sides have signed the same text.')).toBeVisible();
    await expect(cio.getByText('In force').first()).toBeVisible();
  });

  await test.step('a cross-team starts an initiative', async () => {
    await cmo.goto(`${home}/initiatives/new`);
    await cmo.getByLabel('Title').fill('One customer profile');
    await cmo.getByLabel('Purpose').fill('Whoever speaks with a customer sees the same person.');
    await cmo.getByLabel('End').fill('2099-12-31');
    await cmo.getByLabel('Co-lead from Marketing').selectOption({ label: 'Dana Reyes' });
    await cmo.getByLabel('Co-lead from Technology').selectOption({ label: 'Kofi Owusu' });
    await cmo.getByLabel('Dana Reyes · Marketing').check();
    await cmo.getByLabel('1 · One memory').check();
    await cmo.getByLabel('Repeat purchase rate').check();
    await cmo.getByRole('button', { name: 'Propose the initiative' }).click();
    await cmo.getByRole('link', { name: 'Start…' }).click();
    await cmo.getByRole('button', { name: 'Confirm' }).click();
    await expect(cmo.getByText('Add somebody from Technology first.').first()).toBeVisible();
    await cmo.goto(`${home}/initiatives/1/edit`);
    await cmo.getByLabel('Kofi Owusu · Technology').check();
    await cmo.getByRole('button', { name: 'Save the initiative' }).click();
    await cmo.getByRole('link', { name: 'Start…' }).click();
    await cmo.getByRole('button', { name: 'Confirm' }).click();
    await agree(`${home}/initiatives/1/charter`, cmo, cio);
    await cmo.goto(`${home}/initiatives/1`);
    await cmo.getByRole('link', { name: 'Check in', exact: true }).click();
    await cmo.getByLabel('On track').check();
    await cmo.getByLabel('Confidence').selectOption('80');
    await cmo.getByLabel('What is new').fill('Two of three sources deliver.');
    await cmo.getByLabel('Next step').fill('Match rules agreed');
    await cmo.getByRole('button', { name: 'Check in', exact: true }).click();
    await expect(cmo.getByText('Checked in.')).toBeVisible();
  });

  await test.step('it promises a milestone', async () => {
    await cmo.getByRole('link', { name: 'Add a milestone' }).click();
    await cmo.getByLabel('Title').fill('Match rules agreed');
    await cmo.getByLabel('Outcome').fill('Both sides agree when two records are one person.');
    await cmo.getByLabel('Promised for').fill('2099-06-30');
    await cmo.getByLabel('Driver').selectOption({ label: 'Kofi Owusu · Technology' });
    await cmo.getByRole('button', { name: 'Promise the milestone' }).click();
    await cmo.getByRole('link', { name: 'Add a checkpoint' }).click();
    await cmo.getByLabel('What will be done').fill('Rules for mail and phone');
    await cmo.getByLabel('Owner').selectOption({ label: 'Kofi Owusu · Technology' });
    await cmo.getByRole('button', { name: 'Add the checkpoint' }).click();
    await expect(cmo.getByText('0 of 1 done')).toBeVisible();
  });

  await test.step('both sides sign a technology decision, one with a condition', async () => {
    await cio.goto(`${home}/decisions/new`);
    await cio.getByLabel('The question').fill('Which platform do we build on?');
    await cio.getByLabel('Context').fill('Seven tools hold parts of the customer.');
    await cio.getByLabel('Initiative').selectOption({ label: 'One customer profile' });
    await cio.getByRole('button', { name: 'Create the decision' }).click();
    for (const option of ['Composable', 'Suite A']) {
      await cio.getByRole('link', { name: 'Add an option' }).click();
      await cio.getByLabel('Option', { exact: true }).fill(option);
      await cio.getByLabel('Yearly cost').fill('120,000');
      await cio.getByRole('button', { name: 'Add the option' }).click();
    }
    await cio.getByRole('link', { name: 'Propose an option…' }).click();
    await cio.getByLabel('Composable').check();
    await cio.getByLabel('Why this one').fill('The data stays where it is governed.');
    await cio.getByRole('button', { name: 'Propose to both sides' }).click();
    await cio.getByRole('link', { name: 'Sign for Technology…' }).click();
    await cio.locator('input[name=verdict][value=agree_with_conditions]').check();
    await cio.getByRole('button', { name: 'Sign this decision for Technology' }).click();
    await expect(cio.getByRole('heading', { name: 'Please fix' })).toBeVisible();
    await cio.locator('#reason').fill('Brand teams get the segment builder.');
    await cio.getByLabel('Milestone of the condition').selectOption({ label: 'One customer profile · Match rules agreed' });
    await cio.locator('#owner').selectOption({ label: 'Dana Reyes · Marketing' });
    await cio.locator('#due_on').fill('2099-01-15');
    await cio.getByRole('button', { name: 'Sign this decision for Technology' }).click();
    await expect(cio.getByText('1 of 2 signed.')).toBeVisible();
    await cmo.goto(`${home}/decisions/1/sign`);
    await cmo.locator('input[name=verdict][value=agree]').check();
    await cmo.getByRole('button', { name: 'Sign this decision for Marketing' }).click();
    await expect(cmo.getByText('Agreed. Both sides have signed the same text.')).toBeVisible();
  });

  await test.step('the team passes its checkpoints in place and both sides accept', async () => {
    // One act, and for a moment one to undo it; the row and the count beside Desk are true after each.
    await cio.goto(`${home}/desk`);
    const count = () => cio.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: /^Desk/ }).innerText();
    const before = await count();
    const rules = cio.getByRole('listitem').filter({ hasText: 'Rules for mail and phone' });
    await rules.getByLabel('Evidence for Rules for mail and phone').fill('Not yet.');
    await cio.keyboard.press('Enter');
    await expect(cio.getByText('Marked done.')).toBeVisible();
    expect(await count()).not.toBe(before);
    await cio.getByRole('button', { name: 'Undo' }).click();
    await expect(cio.getByText('Reopened.')).toBeVisible();
    await expect(rules).toHaveCount(1);
    expect(await count()).toBe(before);
    for (const [who, title] of [[cio, 'Rules for mail and phone'], [cmo, 'Brand teams get the segment builder.']] as const) {
      await who.goto(`${home}/desk`);
      const row = who.getByRole('listitem').filter({ hasText: title });
      await row.getByLabel(`Evidence for ${title}`).fill('196 of 200 were one person.');
      await row.getByRole('button', { name: `Mark done: ${title}` }).click();
      await expect(who.getByText('Marked done.')).toBeVisible();
      await expect(row).toHaveCount(0);
    }
    for (const [who, side] of [[cmo, 'Marketing'], [cio, 'Technology']] as const) {
      await who.goto(`${home}/milestones/1`);
      await who.getByRole('link', { name: `Accept for ${side}…` }).click();
      await who.locator('input[name=verdict][value=agree]').check();
      await who.getByRole('button', { name: `Sign this milestone for ${side}` }).click();
    }
    await expect(cio.getByText('Accepted').first()).toBeVisible();
  });

  await test.step('both owners report the number', async () => {
    await cmo.goto(`${home}/desk`);
    const row = cmo.getByRole('listitem').filter({ hasText: 'Repeat purchase rate' });
    await row.getByRole('textbox').fill('21.4');
    await row.getByRole('button', { name: 'Enter' }).click();
    await expect(cmo.getByText('Entered. Both owners')).toBeVisible();
    for (const who of [cmo, cio]) {
      await who.goto(`${home}/desk`);
      const row = who.getByRole('listitem').filter({ hasText: 'Repeat purchase rate' });
      await row.getByRole('button', { name: 'At risk' }).click();
      await expect(who.getByText('Confirmed.')).toBeVisible();
    }
  });

  await test.step('an executive sees all of it on one page', async () => {
    await page.goto(home);
    for (const words of ['Version 1', 'One customer profile', 'On track', '2 of 2 done', 'Match rules agreed', '21.4', 'target 26', 'Confirmed by both sides']) {
      await expect(page.getByText(words).first()).toBeVisible();
    }
    await page.goto(`${home}/history`);
    await expect(page.getByText('Kofi Owusu signed').first()).toBeVisible();
  });
});
