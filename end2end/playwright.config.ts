import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests',
  workers: 2,
  timeout: 120_000,
  reporter: [['list']],
  use: {
    actionTimeout: 20_000,
    launchOptions: {
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic'],
    },
  },
  projects: [
    { name: 'with-script' },
    { name: 'without-script', use: { javaScriptEnabled: false }, testIgnore: /islands|axe/ },
  ],
});
