import type { Contender } from "./contender.ts";
import type { Machine } from "./machine.ts";
import type { Figure } from "./metrics.ts";
import type { Samples } from "./samples.ts";
import { pairedRatio, spread } from "./statistics.ts";

/** The figures for programs: every value, by metric, contender and round. */
export function reportJson(
  machine: Machine,
  figures: readonly Figure[],
  contenders: readonly Contender[],
  samples: Samples,
  base: string,
): string {
  const results = figures.flatMap(({ name: figure, metrics }) =>
    metrics.flatMap(({ id }) =>
      contenders.flatMap(({ name }) => {
        const values = samples.of(id, name);
        if (values.size === 0) return [];
        const ratio = pairedRatio(values, samples.of(id, base));
        return [
          { figure, metric: id, contender: name, ...spread([...values.values()]), ratio, values: [...values.values()] },
        ];
      }),
    ),
  );
  const titles = contenders.map(({ name, title }) => ({ name, title }));
  return `${JSON.stringify({ machine, base, contenders: titles, results }, undefined, 2)}\n`;
}
