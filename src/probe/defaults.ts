/** Bytes of ring: room for some 29,000 execs with their exits, which is seconds of the worst storm that two cores make. */
export const DEFAULT_RING_SIZE = 4 * 1024 * 1024;
