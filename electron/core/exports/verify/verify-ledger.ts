import { z } from 'zod';
import { Sha256, type ExportManifest, type VerifyFinding } from '#contract';
import { ledgerHash } from '#library';
import { findingsFor } from '../findings.ts';
import { brokenLinks, isWhole, parseLedgerFile, standingDecisions, type LedgerLine } from '../ledger-lines.ts';
import { sourceFormatOf } from '../source-stack.ts';
import { ledgerName } from '../write-export.ts';

/** What an item's entry says that the manifest says, too. */
const ItemBody = z.object({ itemId: z.string(), provenance: z.string(), class: z.string().nullable(), package: z.object({ id: z.string(), manifestSha256: z.string() }), blobs: z.array(Sha256).min(1) });

export interface LedgerSays {
  readonly findings: readonly VerifyFinding[];
  /** SHA-256 of each frame's float32 values, for every item whose entry is there, unchanged, and agrees with the manifest. */
  readonly frameDigests: ReadonlyMap<string, readonly string[]>;
  /** What the source of the same items was. */
  readonly sourceFormats: ReadonlyMap<string, 'dicom' | 'nifti' | null>;
}

/** Whether the chain holds and says of each item what the manifest says; and what it says of the item's pixels. */
export function verifyLedger(text: string, manifest: ExportManifest): LedgerSays {
  const frameDigests = new Map<string, readonly string[]>();
  const sourceFormats = new Map<string, 'dicom' | 'nifti' | null>();
  const findings = findingsFor(ledgerName);
  let lines: LedgerLine[];
  try {
    lines = parseLedgerFile(text);
  } catch {
    findings.error('ledger-invalid', 'The ledger holds something that is no entry.');
    return { findings: findings.all, frameDigests, sourceFormats };
  }
  for (const problem of brokenLinks(lines)) findings.error('ledger-broken', problem);
  const byIndex = new Map(lines.map((line) => [line.index, line]));
  const decisions = standingDecisions(lines);
  for (const item of manifest.items) {
    const decision = decisions.get(item.itemId)?.decision ?? null;
    if (decision !== item.decision) findings.error('decision-differs', `The manifest says ${item.decision ?? 'not reviewed'} of item ${item.itemId}, the ledger ${decision ?? 'not reviewed'}.`);
    const line = byIndex.get(item.ledgerIndex);
    if (line === undefined || !isWhole(line) || line.kind !== 'item') {
      findings.error('ledger-missing', `The entry of item ${item.itemId} is not in the ledger.`);
      continue;
    }
    const body = ItemBody.safeParse(line.body);
    const agrees =
      line.hash === item.ledgerHash && body.success && body.data.itemId === item.itemId && body.data.provenance === item.provenance && body.data.class === item.class &&
      body.data.package.id === item.packageId && body.data.package.manifestSha256 === item.packageSha256;
    if (!agrees) findings.error('ledger-differs', `Ledger and manifest say different things about item ${item.itemId}.`);
    else if (ledgerHash(line) === line.hash) {
      frameDigests.set(item.itemId, body.data.blobs);
      sourceFormats.set(item.itemId, sourceFormatOf(line.body));
    }
  }
  return { findings: findings.all, frameDigests, sourceFormats };
}
