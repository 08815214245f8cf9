const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * Settings for the batching, pacing and recovery of a link. Sizes are in bytes, times in seconds. Python's
 * `LinkSettings` describes each of them.
 */
export interface LinkSettings {
  fragment: number;
  batch: number;
  turn: number;
  gather: number;
  windowBytes: number;
  windowFrames: number;
  probeFirst: number;
  probeLongest: number;
  resendPause: number;
  ackDelay: number;
  ackFrames: number;
  ackBytes: number;
  ackBulkDelay: number;
  aheadFrames: number;
  largestMessage: number;
  largestUnfinished: number;
}

/**
 * The protocol's constants, for a page: its acknowledgements wait only for the commands themselves, or for more bulk.
 */
export const PAGE_SETTINGS: Readonly<LinkSettings> = {
  fragment: MIB,
  batch: 256 * KIB,
  turn: 64 * KIB,
  gather: 0.004,
  windowBytes: 4 * MIB,
  windowFrames: 32,
  probeFirst: 1,
  probeLongest: 10,
  resendPause: 0.25,
  ackDelay: 0,
  ackFrames: 4,
  ackBytes: 1536 * KIB,
  ackBulkDelay: 0.05,
  aheadFrames: 64,
  largestMessage: 4096 * MIB,
  largestUnfinished: 4096 * MIB,
};
