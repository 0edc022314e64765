import { dayFromNow, expect, listen, signIn, someone, test } from './house';

test('both sides say what they know of their customer, and the record follows', async ({ page: cmo, browser, freshDemo, complaints, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false;
  listen(cmo, complaints);
  const home = freshDemo.url + await signIn(cmo, freshDemo, 'cmo@demo.example');
  const cio = await someone(browser, complaints, script);
  await signIn(cio, freshDemo, 'cio@demo.example');
  const observer = await someone(browser, complaints, script);
  await signIn(observer, freshDemo, 'observer@demo.example');
  await observer.setViewportSize({ width: 390, height: 844 });
  const room = `${home}/sources`;

  await test.step('the room says how much of the way is joined, and what would add most', async () => {
    await cmo.goto(home);
    await cmo.getByRole('link', { name: 'Sources', exact: true }).first().click();
    await expect(cmo.getByText('7 of 14 touchpoints, 50%')).toBeVisible();
    await expect(cmo.getByText('Marketing counts 8, Technology 7. The lower answer, 7, counts.')).toBeVisible();
    await expect(cmo.getByText(/to the profile would add “Till” and “Parcel”/)).toBeVisible();
  });

  await test.step('Technology suggests a touchpoint, which counts once Marketing accepts it', async () => {
    await cio.goto(`${room}/touchpoints/new`);
    await cio.getByLabel('Name').fill('Gift cards');
    await cio.getByLabel('What customers do there').selectOption({ label: 'Buy' });
    await cio.getByLabel('Channel').selectOption({ label: 'Store' });
    await cio.getByRole('button', { name: 'Add the touchpoint' }).click();
    await expect(cio.getByText('Technology suggests this touchpoint.')).toBeVisible();
    await cmo.goto(room);
    await expect(cmo.getByText('7 of 14 touchpoints, 50%')).toBeVisible();
    await cmo.getByRole('link', { name: 'Gift cards' }).first().click();
    await cmo.getByRole('button', { name: 'Accept it' }).click();
    await cmo.goto(room);
    await expect(cmo.getByText('7 of 15 touchpoints, 47%')).toBeVisible();
  });

  await test.step('a word is hidden until the other side has answered, and the lower one stands', async () => {
    await cmo.getByRole('link', { name: 'Gift cards' }).first().click();
    await cmo.getByRole('link', { name: 'Say what is recorded…' }).click();
    await cmo.getByLabel('Store system').selectOption({ label: 'Joined' });
    await cmo.getByRole('button', { name: 'Save Marketing’s answers' }).click();
    await expect(cmo.getByText(/Marketing: joined \(Dana Reyes/)).toBeVisible();
    const place = cmo.url().split('?')[0];
    await cio.goto(place);
    await expect(cio.getByText('Marketing: joined')).toHaveCount(0);
    await cio.getByRole('link', { name: 'Say what is recorded…' }).click();
    await cio.getByLabel('Store system').selectOption({ label: 'Recorded' });
    await cio.getByRole('button', { name: 'Save Technology’s answers' }).click();
    await expect(cio.getByText(/Marketing: joined .* Technology: recorded/)).toBeVisible();
    await observer.goto(`${room}/map`);
    await expect(observer.getByText('7 of 15 touchpoints, 47%')).toBeVisible();
    const beyond = await observer.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(beyond).toBe(0);
  });

  await test.step('an empty chair stands on the desk, and is filled by a name that signs', async () => {
    await cmo.goto(`${home}/desk`);
    await cmo.getByRole('link', { name: 'Name somebody for Survey tool' }).click();
    await cmo.getByLabel('Owner, of Marketing').selectOption({ label: 'Dana Reyes' });
    await cmo.getByRole('button', { name: 'Save the chair' }).first().click();
    await expect(cmo.getByText('Owner: Dana Reyes')).toBeVisible();
    await cmo.getByRole('button', { name: 'Ask both to sign' }).click();
    await cmo.getByRole('link', { name: 'Sign for Marketing…' }).click();
    await cmo.getByRole('radio', { name: /^Agree/ }).first().check();
    await cmo.getByRole('button', { name: 'Sign this entry for Marketing' }).click();
    await expect(cmo.getByText('1 of 2 signed.')).toBeVisible();
    await cio.goto(`${room}/9`);
    await cio.getByRole('link', { name: 'Sign for Technology…' }).click();
    await cio.getByRole('radio', { name: /^Agree/ }).first().check();
    await cio.getByRole('button', { name: 'Sign this entry for Technology' }).click();
    await expect(cio.getByText('Agreed', { exact: true })).toBeVisible();
  });

  await test.step('the record names what is missing, and loses it once it is said', async () => {
    await observer.goto(`${room}/record`);
    await expect(observer.getByText('11 uses, 2 with something missing')).toBeVisible();
    await expect(observer.getByText('Missing: the legal basis')).toBeVisible();
    await cmo.goto(`${room}/4`);
    await cmo.getByRole('link', { name: 'Look-alike audiences' }).click();
    await cmo.getByRole('link', { name: 'Change', exact: true }).click();
    await cmo.getByLabel('Legal basis, Article 6(1)').selectOption({ value: 'consent' });
    await cmo.getByRole('button', { name: 'Save the use' }).click();
    await expect(cmo.getByText('Say which wording, and where the consents are kept.').first()).toBeVisible();
    await cmo.getByLabel('What it rests on').fill('The wording of the ad settings, version 2');
    await cmo.getByRole('button', { name: 'Save the use' }).click();
    await expect(cmo.getByText(/Changed since both holders signed it on/)).toBeVisible();
    await cmo.goto(`${room}/4`);
    await expect(cmo.getByText('Agreed; changed since')).toBeVisible();
    await observer.reload();
    await expect(observer.getByText('11 uses, 1 with something missing')).toBeVisible();
  });
});

test('access is asked for, opened, certified and shut; levels fall with facts; both leads sign the quarter', async ({ page: cmo, browser, freshDemo, complaints, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false;
  listen(cmo, complaints);
  const home = freshDemo.url + await signIn(cmo, freshDemo, 'cmo@demo.example');
  const people: Record<string, import('@playwright/test').Page> = {};
  for (const name of ['marketing', 'marketing.manager', 'technology.manager', 'cio']) {
    people[name] = await someone(browser, complaints, script);
    await signIn(people[name], freshDemo, `${name}@demo.example`);
  }
  const [ana, lena, priya, cio] = ['marketing', 'marketing.manager', 'technology.manager', 'cio'].map((name) => people[name]);

  let request = '';
  await test.step('a marketer asks for data from its own page, within what its sensitivity allows', async () => {
    await ana.goto(`${home}/sources/2`);
    await ana.getByRole('link', { name: 'Ask for access…' }).click();
    await ana.getByRole('link', { name: /Customers come back/ }).click();
    await expect(ana.getByLabel(/^Sales warehouse · Confidential/)).toBeChecked();
    await ana.getByLabel('What exactly').fill('Sums of each store');
    await ana.getByLabel('For which use').selectOption({ label: 'Sales warehouse: Repeat purchase rate · Legitimate interests (f)' });
    await ana.getByLabel('What for').fill('See in which stores customers come back.');
    await ana.getByLabel('Which fields').fill('day, store, sum');
    await ana.getByLabel('Needed from').fill(dayFromNow(0));
    const until = ana.getByLabel('Until');
    const proposed = await until.inputValue();
    await until.fill(new Date(Date.parse(proposed) + 60 * 86_400_000).toISOString().slice(0, 10));
    await ana.getByRole('button', { name: 'Send the request' }).click();
    await expect(ana.getByText(/Confidential data is opened for 365 days at most/).first()).toBeVisible();
    await expect(ana.getByLabel('Which fields')).toHaveValue('day, store, sum');
    await ana.getByLabel('Until').fill(dayFromNow(100));
    await ana.getByRole('button', { name: 'Send the request' }).click();
    await expect(ana.getByText('Proposed. Both sides have been asked to sign.')).toBeVisible();
    request = ana.url().split('?')[0];
  });

  await test.step('both sides approve it, and the custodian opens it', async () => {
    for (const [who, side] of [[lena, 'Marketing'], [priya, 'Technology']] as const) {
      await who.goto(request);
      await who.getByRole('link', { name: `Approve for ${side}…` }).click();
      await who.getByRole('radio', { name: /^Agree/ }).first().check();
      await who.getByRole('button', { name: `Sign this request for ${side}` }).click();
    }
    await expect(priya.getByText(/Approved by both sides/).first()).toBeVisible();
    await priya.getByRole('button', { name: 'Confirm access is open…' }).click();
    await priya.getByRole('button', { name: 'It is open' }).click();
    await expect(priya.getByText(/Opened .* by Priya Nair/)).toBeVisible();
  });

  await test.step('what is near its day is kept by the other side, and what is over is shut', async () => {
    await priya.goto(`${home}/access/2`);
    await priya.getByRole('link', { name: 'Keep or end it…' }).click();
    await priya.getByRole('radio', { name: /^Keep it as it is/ }).check();
    await priya.getByRole('button', { name: 'Answer for Technology' }).click();
    await expect(priya.getByText(/Technology: Priya Nair kept it/)).toBeVisible();
    await priya.goto(`${home}/access/1`);
    await expect(priya.getByText(/still open/)).toBeVisible();
    await priya.getByRole('button', { name: 'Confirm access is shut…' }).click();
    await priya.getByRole('button', { name: 'It is shut' }).click();
    await expect(priya.getByText(/shut .* by Priya Nair/).first()).toBeVisible();
  });

  await test.step('a level falls with the fact, and nobody writes it', async () => {
    await cmo.goto(`${home}/sources/2`);
    await expect(cmo.getByText('Protection: Justified')).toBeVisible();
    await cmo.getByRole('link', { name: 'Add a use' }).click();
    await cmo.getByLabel('Name').fill('Guessing');
    await cmo.getByLabel('Purpose', { exact: true }).selectOption({ label: 'Train a model' });
    await cmo.getByLabel('The purpose in words').fill('Guess who buys.');
    await cmo.getByRole('button', { name: 'Add the use' }).click();
    await expect(cmo.getByText('Protection: Classified')).toBeVisible();
    await expect(cmo.getByText('1 use lacks something that the record needs.')).toBeVisible();
  });

  await test.step('both leads sign the quarter, and see what each side believed', async () => {
    await cmo.goto(`${home}/sources`);
    await cmo.getByRole('button', { name: 'Yes', exact: true }).click();
    await expect(cmo.getByText(/You said “Yes”/)).toBeVisible();
    await cmo.getByRole('button', { name: /^Draw the map of/ }).click();
    for (const [who, side] of [[cmo, 'Marketing'], [cio, 'Technology']] as const) {
      await who.goto(`${home}/sources/quarters`);
      await who.getByRole('link', { name: `Sign for ${side}…` }).click();
      await who.getByRole('radio', { name: /^Agree/ }).first().check();
      await who.getByRole('button', { name: `Sign this map for ${side}` }).click();
    }
    await cio.goto(`${home}/sources/quarters`);
    await expect(cio.getByText(/7 of 14 touchpoints, 50%/)).toBeVisible();
    await expect(cio.getByText(/Said yes: Marketing fewer than 3 answered, Technology fewer than 3 answered/)).toBeVisible();
  });

  await test.step('a table that was taken out changes nothing, and a changed one shows each change', async () => {
    const taken = await cmo.request.get(`${home}/sources/files/touchpoints.csv`);
    const table = await taken.text();
    await cmo.goto(`${home}/sources/tables`);
    await cmo.getByRole('link', { name: 'Bring in' }).first().click();
    await cmo.getByLabel('File').setInputFiles({ name: 'touchpoints.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
    await cmo.getByRole('button', { name: 'Preview' }).click();
    await expect(cmo.getByText('The table changes nothing: everything is there as it says.')).toBeVisible();
    await cmo.goto(`${home}/sources/tables/touchpoints`);
    await cmo.getByLabel('Or paste the table').fill('touchpoint;known by\nPhone;the customer number\n');
    await cmo.getByRole('button', { name: 'Preview' }).click();
    await expect(cmo.getByText('known by: phone number → the customer number')).toBeVisible();
    await cmo.getByRole('button', { name: 'Enter 1 row' }).click();
    await expect(cmo.getByText('Saved.')).toBeVisible();
  });
});
