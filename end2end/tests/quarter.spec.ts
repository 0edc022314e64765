import type { Page } from '@playwright/test';
import { PASSWORD, agree, expect, join, setUp, signIn, someone, test, startKpi } from './house';

async function promise(page: Page, home: string, title: string, due: string, asksOtherSide: boolean): Promise<void> {
  await page.goto(`${home}/initiatives/1/milestones/new`);
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Outcome').fill('It runs with real customers.');
  await page.getByLabel('Promised for').fill(due);
  await page.getByLabel('Driver').selectOption({ label: 'Dana Reyes · Marketing' });
  if (asksOtherSide) await page.getByLabel('The other side has to accept each checkpoint').check();
  await page.getByRole('button', { name: 'Promise the milestone' }).click();
}

// A quarter in the life of an initiative, from its first check-in to its retrospective, on a clock that the test sets.
test('a quarter in the life of an initiative', async ({ browser, clock, complaints, javaScriptEnabled }) => {
  test.setTimeout(240_000);
  const script = javaScriptEnabled !== false;
  const [ada, cmo, cio] = await Promise.all([0, 1, 2].map(() => someone(browser, complaints, script)));
  let home = '';
  const wakeOn = async (day: string) => {
    // A page that is left open would go on looking ahead while there is no server.
    await Promise.all([cmo, cio].map(who => who.goto('about:blank')));
    await clock.moveTo(day);
    for (const [who, email] of [[cmo, 'cmo@acme.example'], [cio, 'cio@acme.example']] as const) {
      home = clock.house.url + await signIn(who, clock.house, email, PASSWORD);
    }
  };

  await test.step('5 October: both leads start a number and an initiative', async () => {
    await clock.moveTo('2026-10-05');
    const links = await setUp(ada, clock.house.setupLink!);
    await join(cmo, links[0], 'Dana Reyes');
    await join(cio, links[1], 'Kofi Owusu');
    home = new URL(cmo.url()).origin + new URL(cmo.url()).pathname;
    await startKpi(cmo, home, 'Repeat purchase rate', 'Bought again within 90 days.', '2026-10-01');
    for (const month of ['2026-10-01', '2026-11-01', '2026-12-01']) await cmo.locator(`#low-${month}`).fill('26');
    await cmo.getByRole('button', { name: 'Ask both owners to sign' }).click();
    await agree(`${home}/kpis/1/targets/proposal`, cmo, cio);
    await cmo.goto(`${home}/initiatives/new`);
    await cmo.getByLabel('Title').fill('One customer profile');
    await cmo.getByLabel('Purpose').fill('Whoever speaks with a customer sees the same person.');
    await cmo.getByLabel('End').fill('2026-12-31');
    await cmo.getByLabel('Co-lead from Marketing').selectOption({ label: 'Dana Reyes' });
    await cmo.getByLabel('Co-lead from Technology').selectOption({ label: 'Kofi Owusu' });
    await cmo.getByLabel('Check-in', { exact: true }).selectOption('weekly');
    await cmo.getByLabel('Dana Reyes · Marketing').check();
    await cmo.getByLabel('Kofi Owusu · Technology').check();
    await cmo.getByLabel('Repeat purchase rate').check();
    await cmo.getByRole('button', { name: 'Propose the initiative' }).click();
    await cmo.getByRole('link', { name: 'Start…' }).click();
    await cmo.getByRole('button', { name: 'Confirm' }).click();
    await agree(`${home}/initiatives/1/charter`, cmo, cio);
    await promise(cmo, home, 'Feed live', '2026-11-15', true);
    await cmo.getByRole('link', { name: 'Add a checkpoint' }).click();
    await cmo.getByLabel('What will be done').fill('Feed tested with orders');
    await cmo.getByLabel('How we know it is done').fill('A day of orders arrives within a minute.');
    await cmo.getByLabel('Owner').selectOption({ label: 'Dana Reyes · Marketing' });
    await cmo.getByLabel('Due').fill('2026-11-10');
    await cmo.getByRole('button', { name: 'Add the checkpoint' }).click();
    await promise(cmo, home, 'Offers use it', '2026-11-30', false);
    await cmo.getByLabel('Depends on').selectOption({ label: 'One customer profile · Feed live' });
    await cmo.getByRole('button', { name: 'Add' }).click();
    await expect(cmo.getByText('In time, 15 days to spare')).toBeVisible();
    await cmo.goto(`${home}/goals/new`);
    await cmo.getByLabel('Goal', { exact: true }).fill('Customers come back');
    await cmo.getByLabel('Why').fill('Keeping is cheaper than winning.');
    await cmo.getByLabel('From', { exact: true }).fill('2026-10-01');
    await cmo.getByLabel('Reached by').fill('2027-09-30');
    await cmo.getByLabel('KPI 1').selectOption({ label: 'Repeat purchase rate' });
    await cmo.locator('#baseline-1').fill('22');
    await cmo.locator('#target-1').fill('30');
    await cmo.getByLabel('One customer profile').check();
    await cmo.getByRole('button', { name: 'Create the goal' }).click();
    await expect(cmo.getByText('Not started').first()).toBeVisible();
  });

  await test.step('12 October: a check-in that the other side acknowledges', async () => {
    await wakeOn('2026-10-12');
    await cmo.goto(`${home}/desk`);
    await cmo.getByRole('link', { name: 'Check in on One customer profile' }).click();
    await cmo.getByRole('radio', { name: /^On track/ }).check();
    await cmo.getByLabel('Confidence').selectOption('80');
    await cmo.getByLabel('What is new').fill('The feed is drawn.');
    await cmo.getByLabel('Next step').fill('Build it');
    await cmo.getByRole('button', { name: 'Check in', exact: true }).click();
    await cio.goto(`${home}/desk`);
    await cio.getByRole('button', { name: 'Confirm that you have read the check-in of Dana Reyes on One customer profile' }).click();
    await cmo.goto(`${home}/initiatives/1`);
    await expect(cmo.getByText('Read by Kofi Owusu').first()).toBeVisible();
    await expect(cmo.getByText('On track').first()).toBeVisible();
  });

  await test.step('19 to 24 October: silence climbs the ladder', async () => {
    await wakeOn('2026-10-19');
    await cmo.goto(`${home}/desk`);
    await expect(cmo.getByText('Due soon').first()).toBeVisible();
    await cio.goto(`${home}/desk`);
    await expect(cio.getByText('Late with others')).toHaveCount(0);
    await wakeOn('2026-10-20');
    await cio.goto(`${home}/desk`);
    await expect(cio.getByText('Dana Reyes has not checked in on “One customer profile”')).toBeVisible();
    await expect(cio.getByText('Dana Reyes was reminded on 19 Oct. Kofi Owusu was informed on 20 Oct.').first()).toBeVisible();
    // Whoever was passed over sees it too.
    await cmo.goto(`${home}/desk`);
    await expect(cmo.getByText('Dana Reyes was reminded on 19 Oct. Kofi Owusu was informed on 20 Oct.').first()).toBeVisible();
    await wakeOn('2026-10-24');
    await cmo.goto(home);
    await expect(cmo.getByText('Check-in due 5 days ago').first()).toBeVisible();
    await cmo.goto(`${home}/initiatives/1/check-in`);
    await cmo.getByRole('radio', { name: /^At risk/ }).check();
    await cmo.getByLabel('Confidence').selectOption('60');
    await cmo.getByLabel('What is new').fill('A test account came late.');
    await cmo.getByLabel('Next step').fill('Test with orders');
    await cmo.getByRole('button', { name: 'Check in', exact: true }).click();
    await cio.goto(`${home}/desk`);
    await expect(cio.getByText('Late with others')).toHaveCount(0);
  });

  await test.step('6 November: October is red, and the sides see it differently', async () => {
    await wakeOn('2026-11-06');
    await cmo.goto(`${home}/initiatives/1`);
    await expect(cmo.getByText('No news').first()).toBeVisible();
    await cmo.goto(`${home}/kpis/1/periods/2026-10-01`);
    await cmo.locator('#value').fill('15');
    await cmo.getByRole('button', { name: 'Enter the value' }).click();
    await cmo.goto(`${home}/kpis/1/periods/2026-10-01`);
    await cmo.getByRole('radio', { name: /^At risk/ }).check();
    // Its own limits call it off track: who sees it otherwise says why.
    await cmo.getByRole('button', { name: 'Confirm October for Marketing' }).click();
    await expect(cmo.locator('#insight-problem')).toContainText('By the numbers this is off track.');
    await cmo.getByLabel('Explanation, or what is wrong with the number').fill('The last weeks are better.');
    await cmo.getByRole('button', { name: 'Confirm October for Marketing' }).click();
    // Nobody is anchored: Technology sees that Marketing has attested, not what.
    await cio.goto(`${home}/kpis/1`);
    await expect(cio.getByText('Confirmed; shown once both sides have')).toBeVisible();
    await cio.goto(`${home}/kpis/1/periods/2026-10-01`);
    await expect(cio.getByText('At risk', { exact: true }).and(cio.locator('.pill'))).toHaveCount(0);
    await cio.getByRole('radio', { name: /^Off track/ }).check();
    await cio.locator('#insight').fill('Offers come a week late.');
    await cio.locator('#action').fill('Nightly feed to the offers');
    await cio.locator('#action_owner').selectOption({ label: 'Kofi Owusu · Technology' });
    await cio.locator('#action_due_on').fill('2026-11-20');
    await cio.locator('#action_milestone').selectOption({ label: 'One customer profile · Feed live' });
    await cio.getByRole('button', { name: 'Confirm October for Technology' }).click();
    await cmo.goto(home);
    await expect(cmo.getByText('Marketing says at risk, Technology says off track').first()).toBeVisible();
    await cmo.goto(`${home}/milestones/1`);
    await expect(cmo.getByText('Nightly feed to the offers', { exact: true })).toBeVisible();
  });

  await test.step('10 November: a slip shows whom it hits', async () => {
    await wakeOn('2026-11-10');
    await cmo.goto(`${home}/milestones/1/move`);
    await expect(cmo.getByText('affected if the date moves past 30 Nov')).toBeVisible();
    await cmo.getByLabel('New date').fill('2026-12-05');
    await cmo.getByLabel('Reason for the change').fill('The test account came late.');
    await cmo.getByRole('button', { name: 'Move the milestone' }).click();
    await cio.goto(`${home}/milestones/2`);
    await expect(cio.getByText('5 days too late')).toBeVisible();
    await cio.goto(`${home}/milestones/1`);
    await expect(cio.getByText('due 5 Dec · moved, first promised for 15 Nov')).toBeVisible();
  });

  await test.step('19 November: evidence as a file, returned, given again, accepted by the other side', async () => {
    await wakeOn('2026-11-19');
    await cmo.goto(`${home}/milestones/1`);
    await cmo.getByRole('link', { name: 'Attach a file to Feed tested with orders' }).click();
    await cmo.getByLabel('A file').setInputFiles({ name: 'orders.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') });
    await cmo.getByRole('button', { name: 'Mark the checkpoint done' }).click();
    await expect(cmo.getByText('that is what its name says').first()).toBeVisible();
    await cmo.getByLabel('Evidence').fill('Half a day of orders');
    await cmo.getByRole('button', { name: 'Mark the checkpoint done' }).click();
    await cio.goto(`${home}/desk`);
    await cio.getByRole('link', { name: 'Return Feed tested with orders' }).click();
    await cio.getByLabel('What is missing').fill('The afternoon is missing.');
    await cio.getByRole('button', { name: 'Return the checkpoint' }).click();
    await cmo.goto(`${home}/milestones/1`);
    await expect(cmo.getByText('Returned by Kofi Owusu: The afternoon is missing.')).toBeVisible();
    await cmo.getByRole('link', { name: 'Attach a file to Feed tested with orders' }).click();
    await cmo.getByLabel('A file').setInputFiles({ name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from('order,seconds\n1,12\n2,9\n') });
    await cmo.getByRole('button', { name: 'Mark the checkpoint done' }).click();
    await cio.goto(`${home}/desk`);
    await cio.getByRole('button', { name: 'Accept Feed tested with orders' }).click();
    await cio.goto(`${home}/milestones/1`);
    await expect(cio.getByText('accepted 19 Nov by Kofi Owusu')).toBeVisible();
    const saved = cio.waitForEvent('download');
    await cio.getByRole('link', { name: 'orders.csv' }).click();
    expect((await saved).suggestedFilename()).toBe('orders.csv');
    // The corrective action is a checkpoint like any other: the other side accepts it.
    await cio.getByRole('link', { name: 'Attach a file to Nightly feed to the offers' }).click();
    await cio.getByLabel('Evidence').fill('It ran for three nights.');
    await cio.getByRole('button', { name: 'Mark the checkpoint done' }).click();
    await cmo.goto(`${home}/milestones/1`);
    await cmo.getByRole('button', { name: 'Accept Nightly feed to the offers' }).click();
    await expect(cmo.getByText('2 of 2 done, 2 accepted by the other side')).toBeVisible();
  });

  await test.step('4 December: the number recovers, both sides accept the milestone', async () => {
    await wakeOn('2026-12-04');
    await cmo.goto(`${home}/kpis/1/periods/2026-11-01`);
    await cmo.locator('#value').fill('21');
    await cmo.getByRole('button', { name: 'Enter the value' }).click();
    await cmo.goto(`${home}/kpis/1`);
    await expect(cmo.getByText('Recovering')).toBeVisible();
    for (const [who, side] of [[cmo, 'Marketing'], [cio, 'Technology']] as const) {
      await who.goto(`${home}/milestones/1/sign`);
      await expect(who.getByText('A day of orders arrives within a minute.')).toBeVisible();
      await who.locator('input[name=verdict][value=agree]').check();
      await who.getByRole('button', { name: `Sign this milestone for ${side}` }).click();
    }
    await expect(cio.getByText('Agreed. Both sides have signed the same text.')).toBeVisible();
    // The work is done and the goal has not moved: both are said.
    await cmo.goto(`${home}/goals/1`);
    await expect(cmo.getByText(/^0% of the way/).first()).toBeVisible();
    await expect(cmo.getByText('2 of 2 checkpoints done')).toBeVisible();
  });

  await test.step('28 December: both co-leads sign how it ended', async () => {
    await wakeOn('2026-12-28');
    await cmo.goto(`${home}/milestones/2/archive`);
    await cmo.getByLabel('Reason').fill('The offers wait for the new engine.');
    await cmo.getByRole('button', { name: 'Archive the milestone' }).click();
    await cmo.goto(`${home}/initiatives/1/close`);
    await cmo.getByLabel('Achieved', { exact: false }).check();
    await cmo.getByLabel('What worked').fill('One feed, tested by both.');
    await cmo.getByLabel('What did not').fill('A silent fortnight in October.');
    await cmo.getByLabel('What we keep').fill('Ask for the test account first.');
    await cmo.getByRole('button', { name: 'Ask both co-leads to sign' }).click();
    for (const [who, side] of [[cmo, 'Marketing'], [cio, 'Technology']] as const) {
      await who.goto(`${home}/initiatives/1/retrospective/sign`);
      await who.getByLabel('Agree', { exact: false }).first().check();
      await who.getByRole('button', { name: `Sign the retrospective for ${side}` }).click();
    }
    await expect(cio.getByText('Agreed. Both sides have signed the same text.')).toBeVisible();
    await cmo.goto(`${home}/initiatives/1`);
    await expect(cmo.getByText('Achieved').first()).toBeVisible();
    await cmo.getByText(/^Show \d+ earlier entries$/).click();
    await expect(cmo.getByText('No check-in for 2 Nov.')).toBeVisible();
  });
});
