// Measures sign-in and overview of the server at the address that is given; prints what is short of 100, and fails then.
import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';

const [address] = process.argv.slice(2);
const signIn = await fetch(`${address}/sign-in`, {
  method: 'POST',
  redirect: 'manual',
  headers: { origin: address },
  body: new URLSearchParams({ email: 'cmo@demo.example', password: 'handshake-demo' }),
});
const Cookie = signIn.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ');
const pages = [
  ['sign-in', '/sign-in', {}],
  ['overview', '/w/northwind-retail', { Cookie }],
];
const chrome = await launch({ chromeFlags: ['--headless=new', '--no-sandbox'] });
try {
  for (const [name, path, extraHeaders] of pages) {
    for (const [device, config] of [['phone', undefined], ['desktop', desktopConfig]]) {
      const flags = {
        port: chrome.port,
        logLevel: 'error',
        onlyCategories: ['performance', 'accessibility', 'best-practices'],
        extraHeaders,
      };
      const { lhr } = await lighthouse(address + path, flags, config);
      if (!lhr.finalDisplayedUrl.endsWith(path)) throw new Error(`${path} led to ${lhr.finalDisplayedUrl}`);
      const categories = Object.values(lhr.categories);
      console.log(`${name}, ${device}: ${categories.map(({ title, score }) => `${title} ${Math.round(score * 100)}`).join(' · ')}`);
      for (const { id } of categories.filter(({ score }) => score < 1).flatMap(({ auditRefs }) => auditRefs)) {
        const { score, title, displayValue = '' } = lhr.audits[id];
        if (score !== null && score < 1) console.log(`  ${title} ${displayValue}`);
      }
      if (categories.some(({ score }) => score < 1)) process.exitCode = 1;
    }
  }
} finally {
  await chrome.kill();
}
