import type { Page } from '@playwright/test';
import { expect, listen, signIn, someone, test } from './house';

/** Opens one of the stage's forms, unless it is open already. */
async function unfold(page: Page, form: string): Promise<void> {
  const details = page.locator(`#${form}`);
  if (await details.getAttribute('open') === null) await details.locator('summary').click();
}

test('both leads hold the next review, from its page to sealed minutes', async ({ page: cmo, browser, freshDemo, complaints, javaScriptEnabled }) => {
  const script = javaScriptEnabled !== false;
  listen(cmo, complaints);
  const home = freshDemo.url + await signIn(cmo, freshDemo, 'cmo@demo.example');
  const cio = await someone(browser, complaints, script);
  await signIn(cio, freshDemo, 'cio@demo.example');
  const observer = await someone(browser, complaints, script);
  await signIn(observer, freshDemo, 'observer@demo.example');
  await observer.setViewportSize({ width: 390, height: 844 });
  const review = `${home}/reviews/4`;

  await test.step('the overview leads to it, and its agenda has proposed itself', async () => {
    await cmo.goto(home);
    await cmo.getByRole('link', { name: /Next review in 3 days/ }).click();
    await expect(cmo.getByRole('heading', { name: 'Review 4' })).toBeVisible();
    await expect(cmo.getByText('Show both owners where the two counts differ').first()).toBeVisible();
    await expect(cmo.getByText('A loyalty card for companies?')).toBeVisible();
    await expect(cmo.getByText(/of 45 minutes planned/)).toBeVisible();
  });

  await test.step('Technology raises a topic and Marketing freezes the facts', async () => {
    await cio.goto(review);
    await cio.getByText('Raise a topic').click();
    await cio.getByLabel('Topic', { exact: true }).fill('Who answers on New Year’s Eve?');
    await cio.getByRole('button', { name: 'Raise it' }).click();
    await expect(cio.getByText('Who answers on New Year’s Eve?')).toBeVisible();
    await cmo.goto(review);
    await cmo.getByRole('link', { name: 'Freeze the facts…' }).click();
    await cmo.getByRole('button', { name: 'Freeze the facts' }).click();
    await expect(cmo.getByText('Frozen. From now on the review shows these facts.')).toBeVisible();
    await cmo.getByRole('link', { name: 'What changed since the last review' }).click();
    await expect(cmo.getByText(/Between review 3/)).toBeVisible();
  });

  await test.step('Marketing begins and drives, the others follow', async () => {
    await cmo.goto(review);
    await cmo.getByRole('button', { name: 'Begin the review' }).click();
    await expect(cmo.getByText('You drive the stage.')).toBeVisible();
    await cio.goto(`${review}/present`);
    await observer.goto(`${review}/present`);
    await expect(observer.getByText('Dana Reyes drives the stage.')).toBeVisible();
    await expect(observer.getByRole('button', { name: /→/ })).toHaveCount(0);
  });

  await test.step('a note, a decision and an action are recorded in place', async () => {
    await unfold(cmo, 'stage-note');
    await cmo.getByLabel('Note', { exact: true }).fill('Sam shows it on Monday.');
    await cmo.getByRole('button', { name: 'Note it' }).click();
    await expect(cmo.getByText('Sam shows it on Monday.')).toBeVisible();
    await unfold(cmo, 'stage-resolution');
    await cmo.getByLabel('What both leads decide, in one line').fill('The count of Technology counts.');
    await cmo.getByRole('button', { name: 'Record it' }).click();
    await expect(cmo.getByText('The count of Technology counts.')).toBeVisible();
    await unfold(cmo, 'stage-action');
    await cmo.getByLabel('What is to be done').fill('Write the count down');
    await cmo.getByLabel('Who does it').selectOption({ label: 'Sam Okafor · Marketing' });
    await cmo.getByRole('button', { name: 'Give the action' }).click();
    await expect(cmo.getByText('Write the count down')).toBeVisible();
  });

  await test.step('the server ends in the middle of the meeting and comes back: same item, and the clocks have gone on', async () => {
    const clocks = async () => (await cmo.locator('[data-clock]').evaluateAll(all => all.map(clock => Number((clock as HTMLElement).dataset.clock))));
    const place = cmo.locator('.stage-place');
    await cmo.goto(`${review}/present`);
    const [before, shown, at] = [await clocks(), await place.textContent(), Date.now()];
    // A page that is left open would go on listening while there is no server.
    for (const who of [cmo, cio, observer]) await who.goto('about:blank');
    await freshDemo.restart!();
    for (const who of [cmo, cio, observer]) await who.goto(`${review}/present`);
    await expect(place).toHaveText(shown!);
    await expect(cmo.getByText('Sam shows it on Monday.')).toBeVisible();
    const [after, passed] = [await clocks(), (Date.now() - at) / 1000];
    expect(after.length).toBe(before.length);
    for (const [index, clock] of after.entries()) {
      expect(clock).toBeGreaterThanOrEqual(before[index]);
      expect(clock - before[index]).toBeLessThanOrEqual(passed + 2);
    }
  });

  if (script) {
    await test.step('what others record arrives, and no letter is lost', async () => {
      await unfold(cio, 'stage-note');
      const note = cio.getByLabel('Note', { exact: true });
      await note.pressSequentially('Half a sen');
      await unfold(cmo, 'stage-note');
      await cmo.getByLabel('Note', { exact: true }).fill('Said meanwhile.');
      await cmo.getByRole('button', { name: 'Note it' }).click();
      await expect(cio.getByText('Said meanwhile.')).toBeVisible();
      await expect(note).toBeFocused();
      await note.pressSequentially('tence.');
      await expect(note).toHaveValue('Half a sentence.');
      // The stage moves on; whoever types stays where they are, and is told.
      await cmo.locator('body').click({ position: { x: 5, y: 5 } });
      await cmo.keyboard.press('PageDown');
      await expect(cmo.locator('.stage-place')).toHaveText(/^2 \//);
      await expect(cio.getByText(/Dana Reyes shows: /)).toBeVisible();
      await expect(note).toHaveValue('Half a sentence.');
      await cio.getByRole('button', { name: 'Note it' }).click();
      await expect(cio.getByText('Half a sentence.')).toBeVisible();
      // A letter in a field is a letter.
      await unfold(cio, 'stage-note');
      await note.pressSequentially('nap');
      await expect(note).toHaveValue('nap');
      await note.fill('');
      await cmo.keyboard.press('PageUp');
      await expect(cmo.locator('.stage-place')).toHaveText(/^1 \//);
      // Letters open forms, until they are switched off; page keys go on.
      const form = cmo.locator('#stage-note');
      const isOpen = async () => await form.getAttribute('open') !== null;
      if (await isOpen()) await form.locator('summary').click();
      await cmo.locator('body').click({ position: { x: 5, y: 5 } });
      await cmo.keyboard.press('n');
      expect(await isOpen()).toBe(true);
      const here = cmo.url();
      await cmo.goto(`${freshDemo.url}/account`);
      await cmo.getByLabel('Only arrows and page keys, as clickers send them').check();
      await cmo.getByRole('button', { name: 'Save the keys' }).click();
      await cmo.goto(here);
      await cmo.keyboard.press('n');
      expect(await isOpen()).toBe(false);
      await cmo.keyboard.press('PageDown');
      await expect(cmo.locator('.stage-place')).toHaveText(/^2 \//);
      await cmo.keyboard.press('PageUp');
      await expect(cmo.locator('.stage-place')).toHaveText(/^1 \//);
    });
  }

  if (script) {
    await test.step('every key does what the page says, and full screen, sleep and a second window keep the item', async () => {
      await cmo.goto(`${freshDemo.url}/account`);
      await cmo.locator('input[name=keys]:not([value=off])').first().check();
      await cmo.getByRole('button', { name: 'Save the keys' }).click();
      await cmo.goto(`${review}/present`);
      const place = cmo.locator('.stage-place');
      const count = Number((await place.textContent())!.split('/')[1]);
      const presses: [string, number][] = [
        ['Home', 1], ['ArrowRight', 2], ['Space', 3], ['ArrowLeft', 2], ['PageUp', 1], ['PageDown', 2], ['End', count], ['Home', 1],
      ];
      for (const [key, at] of presses) {
        await cmo.keyboard.press(key);
        await expect(place, key).toHaveText(new RegExp(`^${at} /`));
      }
      await cmo.keyboard.press('3');
      await cmo.keyboard.press('Enter');
      await expect(place).toHaveText(/^3 \//);
      // A character that is being composed is no key of the stage, nor is what ends it.
      await cmo.evaluate(() => {
        dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', isComposing: true }));
        dispatchEvent(new CompositionEvent('compositionend'));
        dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }));
      });
      const composed = await cmo.evaluate(() => performance.now());
      await cmo.waitForFunction(since => performance.now() - since > 120, composed);
      await expect(place).toHaveText(/^3 \//);
      for (const [key, id] of [['n', 'stage-note'], ['d', 'stage-resolution'], ['a', 'stage-action']]) {
        await cmo.locator('body').click({ position: { x: 5, y: 5 } });
        await cmo.keyboard.press(key);
        await expect(cmo.locator(`#${id}`)).toHaveAttribute('open', '');
        await cmo.keyboard.press('Escape');
        await expect(cmo.locator(`#${id}`)).not.toHaveAttribute('open', '');
      }
      await cmo.locator('body').click({ position: { x: 5, y: 5 } });
      await cmo.keyboard.press('b');
      await expect(cmo.locator('html')).toHaveClass(/is-blank/);
      await cmo.keyboard.press('Escape');
      await expect(cmo.locator('html')).not.toHaveClass(/is-blank/);
      await cmo.keyboard.press('?');
      await expect(cmo.locator('#stage-keys')).toBeVisible();
      await cmo.keyboard.press('?');
      await cmo.keyboard.press('f');
      await expect.poll(() => cmo.evaluate(() => document.fullscreenElement !== null)).toBe(true);
      await cmo.keyboard.press('ArrowRight');
      await expect(place).toHaveText(/^4 \//);
      await cmo.evaluate(() => document.exitFullscreen());
      await expect(place).toHaveText(/^4 \//);
      // Clocks are the database's: another window shows the same, and neither goes back.
      const clock = async (who: typeof cmo) => Number(await who.locator('[data-clock][data-runs]').last().getAttribute('data-clock'));
      const before = await clock(cmo);
      await cmo.reload();
      await expect(place).toHaveText(/^4 \//);
      const other = await cmo.context().newPage();
      await other.goto(`${review}/present`);
      await expect(other.locator('.stage-place')).toHaveText(/^4 \//);
      const [mine, theirs] = [await clock(cmo), await clock(other)];
      expect(mine).toBeGreaterThanOrEqual(before);
      expect(theirs).toBeGreaterThanOrEqual(mine);
      expect(theirs - mine).toBeLessThan(10);
      await other.close();
      await cmo.keyboard.press('Home');
      await expect(place).toHaveText(/^1 \//);
    });
  }

  await test.step('the other lead takes the stage', async () => {
    await cio.goto(`${review}/present`);
    await cio.getByRole('button', { name: 'Take the stage' }).click();
    await expect(cio.getByText('You drive the stage.')).toBeVisible();
    await cio.getByText(/Who is here/).click();
    await cio.getByLabel('Kofi Owusu · Technology').check();
    await cio.getByRole('button', { name: 'Save' }).click();
  });

  await test.step('it ends with minutes that Technology objects to once', async () => {
    await cio.goto(`${review}/present`);
    await cio.getByRole('button', { name: 'End the meeting…' }).click();
    await cio.getByRole('button', { name: 'End it' }).click();
    await expect(cio.getByText('Sam shows it on Monday.')).toBeVisible();
    await expect(cio.getByText('There: Dana Reyes and Kofi Owusu.')).toBeVisible();
    await cio.getByRole('button', { name: 'Ask both leads to accept' }).click();
    await cio.getByRole('link', { name: 'Accept for Technology…' }).click();
    await cio.getByLabel('Object', { exact: false }).first().check();
    await cio.getByLabel('Why you object').fill('It is Tuesday.');
    await cio.getByRole('button', { name: 'Object for Technology' }).click();
    await expect(cio.getByText('Technology objected to the minutes')).toBeVisible();
    await cmo.goto(review);
    await cmo.getByRole('link', { name: 'Change the minutes' }).click();
    const minutes = cmo.getByLabel('Minutes', { exact: true });
    await minutes.fill((await minutes.inputValue()).replace('Monday', 'Tuesday'));
    await cmo.getByRole('button', { name: 'Save the minutes' }).click();
    await cmo.getByRole('button', { name: 'Ask both leads to accept' }).click();
    for (const [who, side] of [[cmo, 'Marketing'], [cio, 'Technology']] as const) {
      await who.goto(review);
      await who.getByRole('link', { name: `Accept for ${side}…` }).click();
      await expect(who.getByText('Changed since it was offered last')).toBeVisible();
      await who.getByLabel('Agree', { exact: false }).first().check();
      await who.getByRole('button', { name: `Sign these minutes for ${side}` }).click();
    }
    await expect(cio.getByText('both leads accepted the minutes')).toBeVisible();
  });

  await test.step('the next one begins with the actions, and with what was left', async () => {
    await cmo.goto(`${home}/reviews/new`);
    await cmo.getByRole('button', { name: 'Plan the review' }).click();
    await expect(cmo.getByRole('heading', { name: 'Review 5' })).toBeVisible();
    await expect(cmo.getByText('Write the count down')).toBeVisible();
    await expect(cmo.getByText('Who answers on New Year’s Eve?')).toBeVisible();
    await expect(cmo.getByText('Carried over from review 4').first()).toBeVisible();
  });
});
