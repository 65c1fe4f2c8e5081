import { cellsOf, cutToCells, padToCells } from "./cells.ts";
import type { Column } from "./columns/column.ts";
import { cuttingOrder, layoutFor, rowCells, take } from "./layout.ts";

/** Makes a row of its columns' texts. `tailOf` is the end of a column's text that stays when the rest is cut. */
export type RowWriter = (texts: readonly string[], tailOf: (index: number) => string) => string;

/**
 * A row writer that aligns columns, and on a terminal cuts what would make the row wrap: first what is beyond its
 * column's place, last column first; in the end the row itself. `terminalCells` is asked for each row; without an answer
 * nothing is cut.
 */
export function rowWriter(columns: readonly Column[], terminalCells: () => number | undefined): RowWriter {
  const wholeLayout = columns.map(({ cells }) => cells);
  const order = cuttingOrder(columns);
  let layout = wholeLayout;
  let layoutCells: number | undefined;
  return (texts, tailOf) => {
    const terminal = terminalCells() ?? 0;
    if (terminal <= 0) return align(texts, wholeLayout);
    if (terminal !== layoutCells) {
      layoutCells = terminal;
      layout = layoutFor(columns, terminal);
    }
    const row = align(texts, layout);
    if (cellsOf(row, terminal) <= terminal) return row;
    return cut(texts, layout, order, terminal, tailOf);
  };
}

/** The texts in places of at least these widths; nothing follows the last one. */
function align(texts: readonly string[], widths: readonly number[]): string {
  const last = texts.length - 1;
  let row = "";
  for (let index = 0; index < last; index++) row += `${padToCells(texts[index] ?? "", widths[index] ?? 0)} `;
  return row + (texts[last] ?? "");
}

function cut(
  texts: readonly string[],
  layout: readonly number[],
  order: readonly number[],
  terminal: number,
  tailOf: (index: number) => string,
): string {
  const places = texts.map((text, index) => {
    const cells = cellsOf(text, terminal);
    return index === texts.length - 1 ? cells : Math.max(cells, layout[index] ?? 0);
  });
  let missing = rowCells(places) - terminal;
  missing = take(places, order, (index) => layout[index] ?? 0, missing);
  missing = take(places, order, () => 1, missing);
  const fitted = texts.map((text, index) => {
    const place = places[index] ?? 0;
    return order.includes(index) ? cutBefore(text, tailOf(index), place) : text;
  });
  const row = align(fitted, places);
  // What is never cut takes more than the terminal has.
  return missing > 0 ? cutToCells(row.trimEnd(), terminal) : row;
}

function cutBefore(text: string, tail: string, cells: number): string {
  const room = cells - cellsOf(tail);
  if (room < 1) return cutToCells(text, cells);
  return cutToCells(text, cells) === text ? text : cutToCells(text.slice(0, text.length - tail.length), room) + tail;
}
