import type { Contender } from "./contender.ts";
import type { Figure, Metric } from "./metrics.ts";
import type { Samples } from "./samples.ts";
import { pairedRatio, spread } from "./statistics.ts";

/**
 * The figures as Markdown tables, a row for each contender. In a cell stand the median, the least and the greatest, and
 * the ratio to `base`; nothing where nothing was measured.
 */
export function reportTable(
  figures: readonly Figure[],
  contenders: readonly Contender[],
  samples: Samples,
  base: string,
): string {
  return figures.map((figure) => tableOf(figure, contenders, samples, base)).join("\n");
}

function tableOf(figure: Figure, contenders: readonly Contender[], samples: Samples, base: string): string {
  const rows = contenders
    .map(({ name }) => [name, ...figure.metrics.map((metric) => cell(metric, name, samples, base))])
    .filter(([, ...cells]) => cells.some((text) => text !== ""));
  const lines = [["", ...figure.metrics.map(({ title }) => title)], ...rows];
  const widths = lines[0]?.map((_, column) => Math.max(3, ...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  const format = (line: readonly string[]) => `| ${line.map((text, at) => text.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const [heading = [], ...body] = lines;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return `### ${figure.title}\n\n${[format(heading), rule, ...body.map(format)].join("\n")}\n`;
}

function cell({ id, digits }: Metric, contender: string, samples: Samples, base: string): string {
  const values = samples.of(id, contender);
  if (values.size === 0) return "";
  const { median, min, max } = spread([...values.values()]);
  const range = values.size > 1 ? ` (${min.toFixed(digits)}–${max.toFixed(digits)})` : "";
  const ratio = contender === base ? undefined : pairedRatio(values, samples.of(id, base));
  return `${median.toFixed(digits)}${range}${ratio === undefined ? "" : ` ×${ratio.toPrecision(2)}`}`;
}
