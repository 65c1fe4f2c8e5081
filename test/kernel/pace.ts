/** How many times slower this machine is than those that limits of time and numbers of processes are made for. */
const slowness = Number(process.env["TEST_SLOWNESS"] ?? 1);

/** A limit of time. */
export function patience(ms: number): number {
  return ms * slowness;
}

/** A number of processes that is large only to meet rare cases. */
export function many(count: number): number {
  return Math.ceil(count / slowness);
}
