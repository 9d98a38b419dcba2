/** The report that every export carries. */
import type { ExportFile } from '#contract';
import { formats } from '../formats.ts';
import { isWhole, type LedgerLine } from '../ledger-lines.ts';
import { decisionCounts, enhancedPart, ledgerRows, packageParts, picturesOf, syntheticParts } from './report-parts.ts';
import { writeReport } from './write-report.ts';
import type { ExportOrder } from '../write-export.ts';
import type { EnhancedPart } from './report-model.ts';

export async function exportReport(order: ExportOrder, files: readonly ExportFile[], lines: readonly LedgerLine[]): Promise<string> {
  const enhancedSources = order.sources.filter((source) => source.item.provenance === 'enhanced');
  const syntheticSources = order.sources.filter((source) => source.item.provenance === 'synthetic');
  const enhanced: EnhancedPart[] = [];
  for (const [n, source] of enhancedSources.entries()) enhanced.push(await enhancedPart(source, n < picturesOf.enhancedItems));
  const entries = lines.filter(isWhole);
  const images = files.filter((file) => file.role === 'image').length;
  return writeReport({
    title: 'Scanloom export',
    lead: `${[
      enhancedSources.length === 0 ? '' : counted(enhancedSources.length, 'enhanced series', 'enhanced series'),
      syntheticSources.length === 0 ? '' : counted(syntheticSources.length, 'synthetic image', 'synthetic images'),
    ].filter((part) => part !== '').join(' and ')} as ${formats[order.format].label}.`,
    facts: [
      ['Made', `${order.createdAt.toISOString()} by Scanloom ${order.scanloom}`],
      ['Export', order.exportId],
      ['Image files', String(images)],
      ['Not reviewed', counted(order.sources.filter((source) => source.item.decision === null).length, 'item', 'items')],
      ['Check it with', 'scanloom verify FOLDER'],
    ],
    enhanced,
    synthetic: await syntheticParts(syntheticSources),
    decisions: decisionCounts(order.sources.map((source) => source.item), entries),
    packages: packageParts(order.sources),
    ledger: ledgerRows(entries),
    files,
  });
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
