import { expect, signIn, someone, test } from './house';

const QUESTION = 'Which customer data platform do we build on?';

// The demo's people, each in a browser of their own.
test('a contested choice is weighed, scored blind and signed', async ({ browser, freshDemo, complaints, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false;
  const [cmo, lena, priya, cio] = await Promise.all([0, 1, 2, 3].map(() => someone(browser, complaints, script)));
  const home = freshDemo.url + await signIn(cmo, freshDemo, 'cmo@demo.example');
  await signIn(lena, freshDemo, 'marketing.manager@demo.example');
  await signIn(priya, freshDemo, 'technology.manager@demo.example');
  await signIn(cio, freshDemo, 'cio@demo.example');

  await cmo.goto(`${home}/decisions/new`);
  await cmo.getByLabel('The question').fill('Which consent tool?');
  await cmo.getByLabel('Context').fill('Two tools ask today.');
  await cmo.getByLabel('2 · Asked once, kept safe').check();
  await cmo.getByLabel('Links').fill('The audit https://example.com/audit');
  await cmo.getByRole('button', { name: 'Create the decision' }).click();
  const path = cmo.url().split('?')[0];
  for (const [title, cost] of [['Build', '80000'], ['Buy', '30000']]) {
    await cmo.goto(`${path}/options/new`);
    await cmo.getByLabel('Option', { exact: true }).fill(title);
    await cmo.getByLabel('Yearly cost').fill(cost);
    await cmo.getByRole('button', { name: 'Add the option' }).click();
  }

  await cmo.getByRole('link', { name: 'Write the criteria' }).click();
  await cmo.getByRole('button', { name: 'Consent and preferences' }).click();
  await expect(cmo.getByLabel('Criterion 1', { exact: true })).toHaveValue('Lawfulness');
  await cmo.getByLabel('Criterion 5', { exact: true }).fill('');
  await cmo.getByRole('button', { name: 'Ask both sides to sign these weights' }).click();
  for (const [who, side] of [[lena, 'Marketing'], [priya, 'Technology']] as const) {
    await who.goto(`${path}/weights`);
    await who.getByRole('link', { name: `Sign for ${side}…` }).click();
    await who.getByLabel('Agree', { exact: false }).first().check();
    await who.getByRole('button', { name: `Sign these weights for ${side}` }).click();
  }
  await expect(priya.getByText('Agreed. Both sides have signed the same text.')).toBeVisible();

  await cmo.goto(path);
  await cmo.getByRole('link', { name: 'Open scoring…' }).click();
  await cmo.getByLabel('Answers per side').fill('1');
  await cmo.getByRole('button', { name: 'Open scoring' }).click();
  const score = async (who: typeof cmo, build: number, buy: number) => {
    await who.goto(`${home}/desk`);
    await who.getByRole('link', { name: 'Score: Which consent tool?' }).click();
    const rows = who.getByRole('radiogroup');
    for (let row = 0; row < await rows.count(); row++) {
      await rows.nth(row).getByLabel(String(row % 2 === 0 ? build : buy), { exact: true }).check();
    }
    if (script) await expect(who.locator('.totals li').first()).toContainText(`${build}.0`);
    await who.getByRole('button', { name: 'Give my scores' }).click();
  };
  await score(lena, 2, 5);
  await priya.goto(`${path}/scores`);
  await expect(priya.getByText('5.0')).toHaveCount(0);
  await score(priya, 5, 3);
  await expect(priya.getByText('The sides differ: Marketing rates “Buy” highest, Technology “Build”.')).toBeVisible();

  await cmo.goto(`${path}/propose`);
  await cmo.getByLabel('Buy', { exact: false }).first().check();
  await cmo.getByLabel('Why this one').fill('It is lawful today, and we can leave it.');
  await cmo.getByRole('button', { name: 'Propose to both sides' }).click();
  await priya.goto(`${path}/sign`);
  await priya.getByRole('radio', { name: /^Object/ }).check();
  await priya.getByRole('button', { name: 'Object for Technology' }).click();
  await expect(priya.getByText('Say why, in a sentence the other side can act on.').first()).toBeVisible();
  await priya.getByLabel('Your condition, or why you object').fill('It leaves our governance.');
  await priya.getByRole('button', { name: 'Object for Technology' }).click();
  await expect(priya.getByText('Technology objected.')).toBeVisible();
  await cmo.goto(`${home}/desk`);
  await cmo.getByRole('link', { name: 'Propose again: Which consent tool?' }).click();
  await cmo.getByLabel('Build', { exact: false }).first().check();
  await cmo.getByLabel('Why this one').fill('It stays under our governance.');
  await cmo.getByRole('button', { name: 'Propose to both sides' }).click();
  await lena.goto(`${path}/sign`);
  await lena.getByRole('radio', { name: /^Agree with a condition/ }).check();
  await lena.getByLabel('Your condition, or why you object').fill('Withdrawals reach the newsletter within a minute.');
  const milestones = lena.getByLabel('Milestone of the condition');
  await milestones.selectOption(await milestones.locator('option', { hasText: 'Match rules agreed' }).getAttribute('value'));
  await lena.getByLabel('Owner', { exact: false }).selectOption({ label: 'Jonas Thorne · Technology' });
  await lena.getByLabel('Due', { exact: false }).fill('2027-01-15');
  await lena.getByRole('button', { name: 'Sign this decision for Marketing' }).click();
  await expect(lena.getByText('Withdrawals reach the newsletter within a minute.').first()).toBeVisible();
  await cio.goto(`${path}/sign`);
  await cio.getByRole('radio', { name: /^Agree (Marketing|Technology)/ }).check();
  await cio.getByRole('button', { name: 'Sign this decision for Technology' }).click();
  // The condition is a checkpoint now.
  await cio.getByRole('link', { name: 'Match rules agreed' }).first().click();
  await expect(cio.getByText('Withdrawals reach the newsletter within a minute.', { exact: true })).toBeVisible();
  await cmo.goto(`${home}/technologies`);
  await expect(cmo.getByRole('table').getByRole('link', { name: 'Build', exact: true })).toBeVisible();
  await cmo.goto(`${path}/review`);
  await cmo.getByLabel('Partly met', { exact: false }).check();
  await cmo.getByLabel('What came of this decision').fill('Lawful, but slow.');
  await cmo.getByRole('button', { name: 'Record the result' }).click();
  await expect(cmo.getByText('Lawful, but slow.')).toBeVisible();
  await cmo.getByRole('link', { name: 'Reopen as a new decision' }).click();
  await cmo.getByLabel('The question').fill('Which consent tool, once more?');
  await cmo.getByLabel('Context').fill('Lawful, but slow.');
  await cmo.getByRole('button', { name: 'Create the decision' }).click();
  await expect(cmo.getByText('Would replace')).toBeVisible();
  await cmo.goto(`${home}/decisions/6`);
  await expect(cmo.getByRole('heading', { name: QUESTION })).toBeVisible();
});

test('a definition is talked over and rated before it is signed', async ({ browser, freshDemo, complaints, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false;
  const [cmo, cio] = await Promise.all([0, 1].map(() => someone(browser, complaints, script)));
  const home = freshDemo.url + await signIn(cmo, freshDemo, 'cmo@demo.example');
  await signIn(cio, freshDemo, 'cio@demo.example');

  // Marketing accepts what Technology suggested.
  await cmo.goto(`${home}/definition`);
  await cmo.getByRole('link', { name: /suggestion: the clause Never more than welcome/ }).click();
  await expect(cmo.locator('.suggestion ins').first()).toBeVisible();
  await cmo.getByRole('button', { name: 'Accept' }).click();
  await expect(cmo.getByText('through which every message leaves').first()).toBeVisible();

  // A comment names the other lead, who finds it on the desk.
  await cmo.getByLabel('Comment').fill('@Kofi Owusu, **thank you**.');
  await cmo.getByRole('button', { name: 'Comment' }).click();
  await cio.goto(`${home}/desk`);
  await cio.getByRole('button', { name: 'Read what Dana Reyes wrote' }).click();
  await expect(cio.locator('.comment strong', { hasText: 'thank you' })).toBeVisible();

  // Two at once see that they are two; a preview saves nothing.
  await cmo.getByRole('link', { name: 'Edit', exact: true }).click();
  await cio.getByRole('link', { name: 'Edit', exact: true }).click();
  await expect(cio.getByText('Also editing this clause: Dana Reyes')).toBeVisible();
  await cio.getByLabel('The promise to the customer').fill('We write **only** when there is something to say.');
  await cio.getByRole('button', { name: 'Preview' }).click();
  await expect(cio.locator('.preview strong')).toHaveText('only');
  await cio.getByRole('button', { name: 'Save the clause' }).click();
  await cmo.getByLabel('The promise to the customer').fill('We write when it helps.');
  await cmo.getByRole('button', { name: 'Save the clause' }).click();
  await expect(cmo.getByRole('heading', { name: 'Somebody changed this while you were editing' })).toBeVisible();
  await cmo.getByText('The text as it is now', { exact: true }).click();
  await expect(cmo.getByText('We write **only** when there is something to say.')).toBeVisible();
  await expect(cmo.getByLabel('The promise to the customer')).toHaveValue('We write when it helps.');

  // The round that is open closes with both leads' ratings, and says what to talk about.
  for (const [who, rating] of [[cmo, '5'], [cio, '1']] as const) {
    await who.goto(`${home}/definition/rounds/answer`);
    const rows = who.getByRole('radiogroup');
    for (let row = 0; row < await rows.count(); row++) await rows.nth(row).getByLabel(rating, { exact: true }).check();
    await who.getByRole('button', { name: 'Give my ratings' }).click();
  }
  await expect(cio.getByText(/Talk about .* first/)).toBeVisible();
  await expect(cio.getByRole('heading', { name: 'How the gap moved' })).toBeVisible();

  await cmo.goto(`${home}/definition/propose`);
  await cmo.getByRole('button', { name: 'Propose to both leads' }).click();
  for (const [who, side] of [[cmo, 'Marketing'], [cio, 'Technology']] as const) {
    await who.goto(`${home}/definition/versions/5/sign`);
    await who.getByLabel('Agree', { exact: false }).first().check();
    await who.getByRole('button', { name: `Sign version 5 for ${side}` }).click();
  }
  await expect(cio.getByText('Both leads renew it by').first()).toBeVisible();
  await cio.goto(`${home}/definition/versions/3`);
  await cio.getByRole('link', { name: 'Use as the draft…' }).click();
  await cio.getByRole('button', { name: 'Restore version 3' }).click();
  await expect(cio.getByText('This version is the draft now.')).toBeVisible();
});
