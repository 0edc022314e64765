import type { Page } from '@playwright/test';
import { PASSWORD, expect, join, setUp, signIn, someone, test, startKpi } from './house';

const TOUCHPOINTS: [string, string, string, string][] = [
  ['Newsletter', 'Notice', 'E-mail', 'Joined'], ['Website', 'Choose', 'Web', 'Joined'], ['App', 'Choose', 'App', 'Joined'],
  ['Web shop', 'Buy', 'Web', 'Joined'], ['Pickup', 'Receive', 'Store', 'Joined'], ['Chat', 'Get help', 'Chat', 'Joined'],
  ['Loyalty programme', 'Come back', 'App', 'Joined'], ['Parcel', 'Receive', 'Partner', 'Recorded'], ['Phone', 'Get help', 'Phone', 'Recorded'],
  ['Service mail', 'Get help', 'E-mail', 'Recorded'], ['Till', 'Buy', 'Store', 'Recorded'], ['Advice', 'Choose', 'Store', 'Nothing'],
  ['Social ads', 'Notice', 'Social', ''], ['Returns desk', 'Get help', 'Store', ''],
];

/** Enters a table by pasting it. */
async function paste(who: Page, room: string, table: string, lines: string[]): Promise<void> {
  await who.goto(`${room}/tables/${table}`);
  await who.getByLabel('Or paste the table').fill(lines.join('\n'));
  await who.getByRole('button', { name: 'Preview' }).click();
  await who.getByRole('button', { name: `Enter ${lines.length - 1} rows` }).click();
  await expect(who.getByText('Saved.')).toBeVisible();
}

/** Agrees to what waits for a signature at a page. */
async function sign(path: string, ...people: Page[]): Promise<void> {
  for (const who of people) {
    await who.goto(`${path}/sign`);
    await who.getByRole('radio', { name: /^Agree/ }).first().check();
    await who.getByRole('button', { name: /^Sign .* for / }).click();
    await expect(who.getByText(/Signed\. The other side|Agreed\. Both sides/).first()).toBeVisible();
  }
}

test('from an empty room to coverage, a leaver, an access that ends and the record', async ({ browser, clock, complaints, javaScriptEnabled }) => {
  test.setTimeout(300_000);
  const script = javaScriptEnabled !== false;
  const [ada, cmo, cio, lena, tom, priya] = await Promise.all([0, 1, 2, 3, 4, 5].map(() => someone(browser, complaints, script)));
  const everybody = [[ada, 'ada'], [cmo, 'cmo'], [cio, 'cio'], [lena, 'lena'], [priya, 'priya']] as const;
  let home = '';
  const wakeOn = async (day: string) => {
    await Promise.all(everybody.map(([who]) => who.goto('about:blank')));
    await clock.moveTo(day);
    for (const [who, name] of everybody) home = clock.house.url + await signIn(who, clock.house, `${name}@acme.example`, PASSWORD);
  };

  await test.step('5 October: a company of two leads invites three people', async () => {
    await clock.moveTo('2026-10-05');
    const links = await setUp(ada, clock.house.setupLink!);
    await join(cmo, links[0], 'Dana Reyes');
    await join(cio, links[1], 'Kofi Owusu');
    home = new URL(cmo.url()).origin + new URL(cmo.url()).pathname;
    for (const [lead, side, guest, name] of [[cmo, 'Marketing', lena, 'Lena Fischer'], [cmo, 'Marketing', tom, 'Tom Hale'], [cio, 'Technology', priya, 'Priya Nair']] as const) {
      await lead.goto(`${home}/members/invite`);
      await lead.getByLabel('E-mail').fill(`${name.split(' ')[0].toLowerCase()}@acme.example`);
      await lead.locator('#side').selectOption({ label: side });
      await lead.getByRole('radio', { name: /^Manager/ }).check();
      await lead.getByRole('button', { name: 'Send the invitation' }).click();
      await join(guest, (await lead.locator('.copy code').first().textContent())!, name);
    }
  });

  await test.step('the empty room says the next step; touchpoints and sources come in by tables', async () => {
    await cmo.goto(`${home}/sources`);
    await expect(cmo.getByText(/%/)).toHaveCount(0);
    await cmo.getByRole('link', { name: 'Add a touchpoint' }).first().click();
    await cmo.getByLabel('Name').fill('Newsletter');
    await cmo.getByLabel('What customers do there').selectOption({ label: 'Notice' });
    await cmo.getByLabel('Channel').selectOption({ label: 'E-mail' });
    await cmo.getByRole('button', { name: 'Add the touchpoint' }).click();
    await paste(cmo, `${home}/sources`, 'touchpoints', ['touchpoint;stage;channel', ...TOUCHPOINTS.slice(1).map(row => row.slice(0, 3).join(';'))]);
    await paste(cmo, `${home}/sources`, 'sources', [
      'source;holds;owner;custodian;sensitivity;form;people;data;protection',
      'Profile service;One profile a customer.;cmo@acme.example;cio@acme.example;Restricted;Named;customers;contact;Encrypted.',
      'Web shop events;What customers looked at.;lena@acme.example;priya@acme.example;Restricted;Pseudonymous;customers;behaviour;Encrypted.',
      'Survey tool;What customers told us.;tom@acme.example;priya@acme.example;Internal;Anonymous;customers;answers;Encrypted.',
    ]);
    await cmo.goto(`${home}/sources`);
    await expect(cmo.getByText('0 of 14 touchpoints, 0%')).toBeVisible();
  });

  await test.step('both sides sign the profile, and say what is joined: 7 of 14', async () => {
    await cmo.goto(`${home}/sources/1`);
    await cmo.getByRole('button', { name: 'Ask both to sign' }).click();
    await sign(`${home}/sources/1`, cmo, cio);
    await cmo.goto(`${home}/sources/profile`);
    await cmo.getByLabel('The profile').selectOption({ label: 'Profile service' });
    await cmo.getByRole('button', { name: 'Ask both leads' }).click();
    await sign(`${home}/sources/profile`, cmo, cio);
    const words = TOUCHPOINTS.filter(([, , , word]) => word).map(([name, , , word]) => `${name};Profile service;${word}`);
    await paste(cmo, `${home}/sources`, 'map', ['touchpoint;source;word', ...words]);
    await cio.goto(`${home}/sources`);
    await expect(cio.getByText('0 of 14 touchpoints, 0%')).toBeVisible();
    await paste(cio, `${home}/sources`, 'map', ['touchpoint;source;word', ...words]);
    await cmo.goto(`${home}/sources`);
    await expect(cmo.getByText('7 of 14 touchpoints, 50%')).toBeVisible();
  });

  await test.step('whoever leaves leaves an empty chair, which the lead fills', async () => {
    await ada.goto(`${home}/members`);
    await ada.getByRole('link', { name: 'Change the role of Tom Hale' }).click();
    await ada.getByRole('link', { name: 'Deactivate Tom Hale…' }).click();
    await expect(ada.getByText('Survey tool: owner')).toBeVisible();
    await ada.getByRole('button', { name: /^Deactivate/ }).click();
    await cmo.goto(`${home}/sources`);
    await expect(cmo.getByText(/No owner since/).first()).toBeVisible();
    await cmo.goto(`${home}/desk`);
    await cmo.getByRole('link', { name: 'Name somebody for Survey tool' }).click();
    await cmo.getByLabel('Owner, of Marketing').selectOption({ label: 'Lena Fischer' });
    await cmo.getByRole('button', { name: 'Save the chair' }).first().click();
    await expect(cmo.getByText('Owner: Lena Fischer')).toBeVisible();
  });

  await test.step('a use is signed with its source, and both sides read its levels', async () => {
    await lena.goto(`${home}/sources/2`);
    await lena.getByRole('link', { name: 'Add a use' }).click();
    await lena.getByLabel('Name').fill('Where customers stop');
    await lena.getByLabel('Purpose', { exact: true }).selectOption({ label: 'Improve the service' });
    await lena.getByLabel('The purpose in words').fill('See on which page customers give up.');
    await lena.getByLabel('Legal basis, Article 6(1)').selectOption({ value: 'legitimate_interests' });
    await lena.getByLabel('What it rests on').fill('Balancing test 7 of September');
    await lena.getByLabel('Kept for, in months').fill('12');
    await lena.getByLabel('Counted after').selectOption({ value: 'last_contact' });
    await lena.getByLabel('Then it is').selectOption({ value: 'deleted' });
    await lena.getByRole('button', { name: 'Add the use' }).click();
    await lena.getByRole('button', { name: 'Ask both to sign' }).click();
    await sign(`${home}/sources/2`, lena, priya);
    for (const who of [lena, priya]) {
      await who.goto(`${home}/sources/2/levels`);
      for (const parameter of ['unification', 'self_service']) {
        await who.locator(`#${parameter}-1`).check();
        await who.locator(`[name=${parameter}_evidence]`).fill('2 October, by the data team, 4,100 met');
      }
      await who.locator('#protection-3').check();
      await who.locator('[name=protection_evidence]').fill('A trial deletion on 1 October reached it in two hours');
      await who.getByRole('button', { name: /^Read it for/ }).click();
    }
    await expect(priya.getByText('Protection: Controlled')).toBeVisible();
  });

  let request = '';
  await test.step('6 October: access for a goal, approved by owner and custodian, opened', async () => {
    await wakeOn('2026-10-06');
    await startKpi(cmo, home, 'Orders that are finished', 'Orders of all baskets.');
    await cmo.goto(`${home}/goals/new`);
    await cmo.getByLabel('Goal').fill('Customers finish what they begin');
    await cmo.getByLabel('Why').fill('Every basket left behind is somebody whom we lost.');
    await cmo.getByLabel('Owner').selectOption({ label: 'Dana Reyes' });
    await cmo.getByLabel('From').fill('2026-10-06');
    await cmo.getByLabel('Reached by').fill('2027-12-31');
    await cmo.getByLabel('KPI 1').selectOption({ label: 'Orders that are finished' });
    await cmo.getByLabel('Baseline 1').fill('40');
    await cmo.getByLabel('Target 1').fill('55');
    await cmo.locator('main form button[type=submit]').first().click();
    await cmo.goto(`${home}/goals/1/access?source=2`);
    await cmo.getByLabel('What exactly').fill('Baskets of 12 months');
    await cmo.getByLabel('For which use').selectOption({ label: 'Web shop events: Where customers stop · Legitimate interests (f)' });
    await cmo.getByLabel('What for').fill('See where baskets are left.');
    await cmo.getByLabel('Which fields').fill('page, day');
    await cmo.getByLabel('Needed from').fill('2026-10-06');
    await cmo.getByLabel('Until').fill('2027-03-15');
    await cmo.getByRole('button', { name: 'Send the request' }).click();
    await expect(cmo.getByText('Proposed. Both sides have been asked to sign.')).toBeVisible();
    request = new URL(cmo.url()).pathname.split('/').pop()!;
    await sign(`${home}/access/${request}`, lena, priya);
    await priya.getByRole('button', { name: 'Confirm access is open…' }).click();
    await priya.getByRole('button', { name: 'It is open' }).click();
    await expect(priya.getByText(/Opened .* by Priya Nair/)).toBeVisible();
  });

  await test.step('4 January: both sides keep it, each for itself', async () => {
    await wakeOn('2027-01-04');
    for (const [who, side] of [[lena, 'Marketing'], [priya, 'Technology']] as const) {
      await who.goto(`${home}/access/${request}/certify`);
      await who.getByRole('radio', { name: /^Keep it as it is/ }).check();
      await who.getByRole('button', { name: `Answer for ${side}` }).click();
      await expect(who.getByText(/kept it/).first()).toBeVisible();
    }
  });

  await test.step('29 March: it is over and still open, and the level fell by itself', async () => {
    await wakeOn('2027-03-29');
    await priya.goto(`${home}/sources/2`);
    await expect(priya.getByText('Protection: Justified')).toBeVisible();
    await priya.goto(`${home}/access/${request}`);
    await expect(priya.getByText(/still open/)).toBeVisible();
    await priya.getByRole('button', { name: 'Confirm access is shut…' }).click();
    await priya.getByRole('button', { name: 'It is shut' }).click();
    await expect(priya.getByText(/shut .* by Priya Nair/).first()).toBeVisible();
  });

  await test.step('the record has the use, its ground and how long it is kept', async () => {
    await lena.goto(`${home}/sources/record`);
    await expect(lena.getByText('1 use, complete')).toBeVisible();
    await lena.getByLabel('Find a use').fill('balancing');
    await lena.getByRole('button', { name: 'Find', exact: true }).click();
    await lena.getByRole('link', { name: 'Where customers stop' }).click();
    await expect(lena.getByText('Balancing test 7 of September')).toBeVisible();
    await expect(lena.getByText('12 months after the last contact, then deleted')).toBeVisible();
  });

  await test.step('20 April: what nobody has said again counts no more', async () => {
    await wakeOn('2027-04-20');
    await cmo.goto(`${home}/sources`);
    await expect(cmo.getByText('0 of 14 touchpoints, 0%')).toBeVisible();
    await cmo.goto(`${home}/sources/2`);
    await expect(cmo.getByText('Protection: Outdated')).toBeVisible();
  });
});
