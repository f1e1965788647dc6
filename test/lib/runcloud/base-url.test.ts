import { expect, test } from '@jest/globals';
import { parseBaseUrl, RuncloudUrlInvalid } from '../../../lib/runcloud/base-url.ts';

test.each([
  ['https://manage.runcloud.io', 'https://manage.runcloud.io'],
  ['https://proxy.example/runcloud/', 'https://proxy.example/runcloud'],
  ['http://127.0.0.1:4000/', 'http://127.0.0.1:4000'],
  ['http://127.9.9.9', 'http://127.9.9.9'],
  ['http://[::1]:4000', 'http://[::1]:4000'],
  ['http://localhost:4000', 'http://localhost:4000'],
])('takes %p', (url, expected) => {
  expect(parseBaseUrl(url)).toBe(expected);
});

test.each([
  '',
  'manage.runcloud.io',
  'http://manage.runcloud.io',
  'http://127.0.0.1.example',
  'http://localhost.example',
  'http://10.0.0.1',
  'ftp://127.0.0.1',
  'https://user:hunter2@manage.runcloud.io',
  'https://manage.runcloud.io?token=hunter2',
  'https://manage.runcloud.io#hunter2',
])('never sends a token to %p, and does not repeat the address', (url) => {
  const check = () => parseBaseUrl(url);
  expect(check).toThrow(RuncloudUrlInvalid);
  expect(check).not.toThrow(/hunter2/);
});
