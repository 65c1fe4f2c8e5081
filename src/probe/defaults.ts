/** Bytes of ring: some 20,000 brief execs with their exits, which is seconds of the worst storm that two cores make. */
export const DEFAULT_RING_SIZE = 4 * 1024 * 1024;

/** The largest ring whose two mappings fit a view of memory. */
export const LARGEST_RING_SIZE = 1024 ** 3;

/** Bytes of arguments kept of an exec. */
export const DEFAULT_ARGS_BYTES = 128 * 1024;

/** Bytes of arguments that can be kept at most: one record of the ring holds them. */
export const LARGEST_ARGS_BYTES = 2 * 1024 * 1024;
