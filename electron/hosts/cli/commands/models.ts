import path from 'node:path';
import { ScanloomError, type PackageSummary } from '#contract';
import { openPackages } from '#packages';
import type { Command } from '../command.ts';
import { table } from '../output.ts';

function figures({ manifest }: PackageSummary): string {
  return table(manifest.figures.map((figure) => [figure.name, figure.modality ?? '', figure.value, figure.interval === null ? '' : `${figure.interval[0]} to ${figure.interval[1]}`, figure.split]), ['figure', 'modality', 'value', 'interval', 'data']);
}

export const models: Command = {
  name: 'models',
  usage: 'models list|show|verify [PACKAGE…]',
  summary: 'model packages: what there is, what it can do, whether it is whole',
  options: {},
  async run({ args, out, places, library }) {
    const [verb, ...ids] = args.positionals;
    const packages = openPackages([places.models, path.join(library, 'packages')]);
    const all = await packages.list();
    for (const folder of await packages.unreadable()) out.note(`${folder.folder}: ${folder.message}`);
    const find = (id: string): PackageSummary => {
      const found = all.find(({ manifest }) => manifest.id === id);
      if (found === undefined) throw new ScanloomError('package/not-found', `There is no package "${id.slice(0, 64)}".`, { hint: 'scanloom models list shows them.' });
      return found;
    };
    if (verb === 'list' && ids.length === 0) {
      out.result({ packages: all }, table(all.map(({ manifest, state }) => [manifest.id, manifest.version, manifest.task, state.status, manifest.title]), ['id', 'version', 'task', 'state', 'title']));
      return 0;
    }
    if (verb === 'show' && ids.length === 1) {
      const summary = find(ids[0]!);
      const card = await packages.card(ids[0]!);
      out.result({ package: summary, card }, `${card.trimEnd()}\n\n${figures(summary)}\n\nmanifest ${summary.manifestSha256}`);
      return 0;
    }
    if (verb === 'verify') {
      const chosen = ids.length === 0 ? all : ids.map(find);
      const damaged = chosen.filter(({ state }) => state.status === 'damaged');
      out.result(
        { ok: damaged.length === 0, packages: chosen.map(({ manifest, manifestSha256, state }) => ({ id: manifest.id, version: manifest.version, manifestSha256, state })) },
        chosen.map(({ manifest, state }) => `${manifest.id} ${manifest.version}: ${state.status === 'verified' ? 'every byte is what the manifest says' : state.message}`).join('\n'),
      );
      return damaged.length === 0 ? 0 : 3;
    }
    throw new ScanloomError('usage/invalid', 'models takes list, show PACKAGE, or verify [PACKAGE…].');
  },
};
