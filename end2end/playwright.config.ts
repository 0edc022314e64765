import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests',
  workers: 2,
  timeout: 120_000,
  reporter: [['list']],
  use: {
    actionTimeout: 20_000,
    // A page left while it is still fading in makes Chromium report its own aborted view transition as an error of
    // the page. The tests leave pages faster than people do, and the house shows no transition to whoever asks for none.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic'],
    },
  },
  projects: [
    { name: 'with-script' },
    { name: 'without-script', use: { javaScriptEnabled: false }, testIgnore: /islands|axe|steps|hands/ },
  ],
});
