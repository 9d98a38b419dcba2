/** Bounds on what comes from outside. One table, so that none is forgotten and each can be found. */
const mebi = 2 ** 20;

export const limits = {
  /** A single source file; larger ones would not fit into one buffer of every supported Node. */
  sourceFileBytes: 2048 * mebi - 1,
  /** Nesting of folders below what was opened. */
  folderDepth: 64,
  /** Files of one ingest. */
  filesPerIngest: 2_000_000,
  /** Refused files that an ingest lists; more are only counted. */
  refusedListed: 1000,
  /** Series that an ingest lists; more are only counted. */
  seriesListed: 1000,
  /** Time one worker has for one file before it is taken for hung. */
  workerTaskMs: 120_000,
  /** Time to decode one frame, to which reading the file from a slow disk is added. */
  frameMs: 30_000,
  slowDiskBytesPerMs: 20_000,
  /** Events kept for readers that were away. */
  eventsKept: 4000,
  /** Side of a thumbnail, pixels. */
  thumbnailPixels: 128,
  /** Files and folders in one archive, those of archives within it among them. */
  archiveEntries: 500_000,
  /** All that one archive may unpack to. */
  archiveBytes: 256 * 1024 * mebi,
  /** One file of an archive: it is unpacked into memory. */
  archiveMemberBytes: 512 * mebi,
  /** Unpacked members that wait for a reader, together; one member more is always let in. */
  archiveAheadBytes: 256 * mebi,
  /** An archive that unpacks to more than `archiveFreeBytes` must not be larger than its file by more than this factor. Blank masks reach some hundred. */
  archiveRatio: 300,
  archiveFreeBytes: 512 * mebi,
  /** Archives within archives. */
  archiveDepth: 3,
  /** Characters of a name in an archive. */
  archiveNameLength: 1024,
  /** Files that one DICOMDIR may name. */
  fileSetFiles: 500_000,
  /** A log file is put aside when it has grown to this. */
  logFileBytes: 8 * mebi,
} as const;
