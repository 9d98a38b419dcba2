/**
 * The first import of every set-up script: says in words when Node is too old, before any newer syntax is read.
 * Uses only what Node 14 knows.
 */
const wanted = [20, 19];
const has = process.versions.node.split('.').map(Number);
if (has[0] < wanted[0] || (has[0] === wanted[0] && has[1] < wanted[1])) {
  process.stderr.write(
    'Scanloom needs Node.js ' + wanted.join('.') + ' or later; this is ' + process.versions.node + '.\n' +
    'Get a current release from https://nodejs.org and run the same command again.\n',
  );
  process.exit(1);
}
