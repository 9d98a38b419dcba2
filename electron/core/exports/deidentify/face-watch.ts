/** Headers of slices, collected while files come by, so that series from which a face could be drawn are known at the end. */
import type { ImageHeader } from '#dicom';
import { faceRiskOfSeries, type FaceRisks } from '#privacy';

export interface FaceWatch {
  /** @param series Stand-in of its UID. */
  add(series: string, header: ImageHeader): void;
  risks(): FaceRisks;
}

/** Headers of more objects than this are not kept; a series that long is judged by what there is. */
const mostHeaders = 200_000;

export function createFaceWatch(): FaceWatch {
  const series = new Map<string, ImageHeader[]>();
  let kept = 0;
  return {
    add(uid, header) {
      if (kept >= mostHeaders) return;
      kept += 1;
      const headers = series.get(uid);
      if (headers === undefined) series.set(uid, [header]);
      else headers.push(header);
    },
    risks: () => new Map([...series].map(([uid, headers]) => [uid, faceRiskOfSeries(headers)])),
  };
}
