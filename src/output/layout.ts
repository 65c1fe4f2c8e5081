import type { Column } from "./columns/column.ts";

/** When the terminal is narrow, columns that can be cut first keep this many cells, and in the end one. */
const COMFORTABLE_GROW = 8;
const COMFORTABLE_CUT = 4;

/**
 * The width of each column's place on a terminal of that many cells: room that is left goes to the columns that grow, and
 * room that is missing is taken from them first. The row is wider than the terminal only if what is never cut is.
 */
export function layoutFor(columns: readonly Column[], terminal: number): number[] {
  const widths = columns.map(({ cells }) => cells);
  const room = terminal - rowCells(widths);
  if (room >= 0) share(widths, indexesOf(columns, "grow"), room);
  else shrink(widths, columns, -room);
  return widths;
}

/** The cells of a row whose places have these widths, with a blank between two. */
export function rowCells(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, Math.max(widths.length - 1, 0));
}

/** The columns that may be cut: in which order they give up room when a row is too wide. */
export function cuttingOrder(columns: readonly Column[]): number[] {
  return [...indexesOf(columns, "grow"), ...indexesOf(columns, "cut")];
}

/** Takes cells from places, each down to its floor, until `missing` are found; returns how many are missing still. */
export function take(
  widths: number[],
  order: readonly number[],
  floorOf: (index: number) => number,
  missing: number,
): number {
  let left = missing;
  for (const index of order) {
    const width = widths[index] ?? 0;
    const taken = Math.max(0, Math.min(left, width - floorOf(index)));
    widths[index] = width - taken;
    left -= taken;
  }
  return left;
}

/** The last of them first. */
function indexesOf(columns: readonly Column[], fit: Column["fit"]): number[] {
  return columns.flatMap((column, index) => (column.fit === fit ? [index] : [])).reverse();
}

function share(widths: number[], growing: readonly number[], room: number): void {
  if (growing.length === 0) return;
  const each = Math.floor(room / growing.length);
  const rest = room - each * growing.length;
  growing.forEach((index, position) => {
    widths[index] = (widths[index] ?? 0) + each + (position === 0 ? rest : 0);
  });
}

function shrink(widths: number[], columns: readonly Column[], missing: number): void {
  const growing = indexesOf(columns, "grow");
  const cuttable = indexesOf(columns, "cut");
  let left = take(widths, growing, () => COMFORTABLE_GROW, missing);
  left = take(widths, cuttable, () => COMFORTABLE_CUT, left);
  left = take(widths, growing, () => 1, left);
  take(widths, cuttable, () => 1, left);
}
