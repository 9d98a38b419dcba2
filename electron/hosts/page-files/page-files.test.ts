import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPageFiles, dataPolicy, pagePolicy, withSecurityHeaders } from './index.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'scanloom-page-'));
  mkdirSync(path.join(folder, 'page', 'assets'), { recursive: true });
  writeFileSync(path.join(folder, 'page', 'index.html'), '<!doctype html>page');
  writeFileSync(path.join(folder, 'page', 'assets', 'index-1a2b.js'), 'export {}');
  writeFileSync(path.join(folder, 'page', 'notes.pdf'), 'no type for this');
  writeFileSync(path.join(folder, 'secret.html'), 'outside');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the page is served with its policy, its scripts with their type', async () => {
  const page = createPageFiles(path.join(folder, 'page'));
  const index = (await page('/'))!;
  expect(await index.text()).toBe('<!doctype html>page');
  expect(index.headers.get('content-security-policy')).toBe(pagePolicy);
  expect(index.headers.get('cache-control')).toBe('no-store');
  const script = (await page('/assets/index-1a2b.js'))!;
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(script.headers.get('x-content-type-options')).toBe('nosniff');
  expect(script.headers.get('cache-control')).toContain('immutable');
});

test.each(['/../secret.html', '/..%2fsecret.html', '/%2e%2e/secret.html', '/assets/../../secret.html', '/..\\secret.html', '//secret.html', '/assets', '/notes.pdf', '/nothing.html', ''])('%s is not a file of the page', async (pathname) => {
  expect(await createPageFiles(path.join(folder, 'page'))(pathname)).toBeNull();
});

test('a page that is not built is refused in words', () => {
  expect(() => createPageFiles(path.join(folder, 'absent'))).toThrow('The page is not built.');
});

test('the policy lets nothing be evaluated or loaded from elsewhere', () => {
  expect(pagePolicy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
  expect(pagePolicy.match(/[a-z-]*unsafe-[a-z-]+/g)).toEqual(['wasm-unsafe-eval']);
  expect(pagePolicy).toContain("default-src 'none'");
});

test('an answer keeps a policy of its own; others get one under which they can do nothing', () => {
  expect(withSecurityHeaders(new Response('x'), dataPolicy).headers.get('content-security-policy')).toBe(dataPolicy);
  const own = withSecurityHeaders(new Response('x', { headers: { 'content-security-policy': "default-src 'none'; img-src data:" } }), dataPolicy);
  expect(own.headers.get('content-security-policy')).toBe("default-src 'none'; img-src data:");
});
