const units = ["bytes", "KiB", "MiB", "GiB"] as const;

/** A number of bytes as people read it, with a decimal at most: `64 KiB`, `21.5 GiB`. */
export function describeBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${units[power] ?? ""}`;
}
