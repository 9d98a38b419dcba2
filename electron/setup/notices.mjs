/**
 * `npm run notices`: writes THIRD-PARTY-NOTICES.md, the licences of everything that ships: the production dependencies and what the page is
 * bundled from. `--check` only says whether the file is what it should be.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, root, say } from './prepare.mjs';

/** Named as a dependency by mistake (a build tool), and kept out of the installers. */
const leftOut = /^@rollup\//;

/** Packages that files under a folder import by name. */
function imported(folder) {
  const names = new Set();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.tsx?$/.test(entry.name) || /\.test\.tsx?$/.test(entry.name)) continue;
    for (const [, name] of readFileSync(path.join(entry.parentPath, entry.name), 'utf8').matchAll(/\bfrom '((?:@[a-z0-9._-]+\/)?[a-z0-9._-]+)(?:\/[^']*)?'/g)) names.add(name);
  }
  return names;
}

/** The packages of the lock file that ship, by name and version. */
export function shippedPackages(folder = root) {
  const { packages } = JSON.parse(readFileSync(path.join(folder, 'package-lock.json'), 'utf8'));
  const shipped = new Map();
  const visit = (name, from) => {
    // As Node looks for it: in the nearest node_modules above.
    for (let at = from; ; at = at.slice(0, at.lastIndexOf('node_modules/'))) {
      const place = `${at === '' || at.endsWith('/') ? at : `${at}/`}node_modules/${name}`;
      if (packages[place] !== undefined) {
        if (shipped.has(place) || leftOut.test(name)) return;
        shipped.set(place, { name, version: packages[place].version, licence: packages[place].license ?? 'see below', place });
        for (const next of Object.keys({ ...packages[place].dependencies, ...packages[place].optionalDependencies })) visit(next, place);
        return;
      }
      if (at === '') return;
    }
  };
  for (const name of Object.keys(packages[''].dependencies)) visit(name, '');
  const development = new Set(Object.keys(packages[''].devDependencies));
  for (const name of imported(path.join(folder, 'renderer'))) if (development.has(name)) visit(name, '');
  return [...shipped.values()].sort((a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en'));
}

function licenceTexts(place) {
  return readdirSync(place)
    .filter((name) => /^(licen[cs]e|copying|notice|thirdpartynotices)/i.test(name) && !/\.(js|json|ts)$/.test(name))
    .sort()
    .map((name) => readFileSync(path.join(place, name), 'utf8').replaceAll('\r\n', '\n').trim());
}

export function notices(folder = root) {
  const all = shippedPackages(folder);
  const texts = new Map();
  for (const one of all) {
    const found = existsSync(path.join(folder, one.place)) ? licenceTexts(path.join(folder, one.place)) : [];
    const text = found.length > 0 ? found.join('\n\n') : `Its package carries no licence text and states: ${one.licence}.`;
    texts.set(text, [...(texts.get(text) ?? []), one]);
  }
  const row = ({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`;
  return [
    '# Third-party notices',
    '',
    'What ships with Scanloom and belongs to others. Made by `npm run notices` from the lock file; do not edit. Installed programs also contain',
    'Electron, which brings its own notices (`LICENSE.electron.txt`, `LICENSES.chromium.html`). The data that the bundled models were trained on is',
    'named in their cards.',
    '',
    '| package | version | licence |',
    '|---|---|---|',
    ...all.map(row),
    ...[...texts].flatMap(([text, users]) => ['', `## ${users.map(({ name, version }) => `${name} ${version}`).join(', ')}`, '', '```text', text.replaceAll('```', "'''"), '```']),
    '',
  ].join('\n');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await prepare();
  const file = path.join(root, 'THIRD-PARTY-NOTICES.md');
  const text = notices();
  if (process.argv.includes('--check')) {
    const same = existsSync(file) && readFileSync(file, 'utf8') === text;
    say(same ? 'THIRD-PARTY-NOTICES.md is up to date.' : 'THIRD-PARTY-NOTICES.md is out of date: npm run notices');
    process.exitCode = same ? 0 : 1;
  } else {
    writeFileSync(file, text);
    say(`THIRD-PARTY-NOTICES.md: ${shippedPackages().length} packages.`);
  }
}
