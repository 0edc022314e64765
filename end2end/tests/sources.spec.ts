import { expect, listen, signIn, someone, test } from './house';

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
    await expect(cmo.getByText('Marketing says 8, Technology says 7; 7 stands.')).toBeVisible();
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
    await cmo.getByRole('link', { name: 'Gift cards' }).click();
    await cmo.getByRole('button', { name: 'Accept it' }).click();
    await cmo.goto(room);
    await expect(cmo.getByText('7 of 15 touchpoints, 46%')).toBeVisible();
  });

  await test.step('a word is hidden until the other side has answered, and the lower one stands', async () => {
    await cmo.getByRole('link', { name: 'Gift cards' }).click();
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
    await expect(observer.getByText('7 of 15 touchpoints, 46%')).toBeVisible();
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
    await cmo.getByLabel('Legal basis, Article 6(1)').selectOption({ value: 'consent' });
    await cmo.getByRole('button', { name: 'Save the use' }).click();
    await expect(cmo.getByText('Say which wording, and where the consents are kept.').first()).toBeVisible();
    await cmo.getByLabel('What it rests on').fill('The wording of the ad settings, version 2');
    await cmo.getByRole('button', { name: 'Save the use' }).click();
    await expect(cmo.getByText('Agreed; changed since')).toBeVisible();
    await observer.reload();
    await expect(observer.getByText('11 uses, 1 with something missing')).toBeVisible();
  });
});
