import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import type { Contender, Sighting } from "./contender.ts";
import { root } from "./workshop.ts";

const launcher = resolve(root, "ebpf-bootstrap");

/** This project's monitor: the table, JSON with every kind of event, and the table with all short processes left out. */
export function ours(): readonly Contender[] {
  const version = execFileSync(launcher, ["--version"], { encoding: "utf8" }).trim();
  const title = `ebpf-bootstrap ${version}`;
  return [
    table("us", `${title}, table`, launcher, []),
    json("us-json", `${title}, -o json (all events, in full)`, launcher, ["-o", "json"]),
    { ...table("us-filtered", `${title}, -d 1000`, launcher, ["-d", "1000"]), reports: false },
  ];
}

/** Another build of it, to compare with: its table and its JSON. */
export function otherBuild(name: string, path: string): readonly Contender[] {
  const other = resolve(path);
  return [table(name, other, other, []), json(`${name}-json`, `${other} -o json`, other, ["-o", "json"])];
}

function table(name: string, title: string, program: string, args: readonly string[]): Contender {
  return { ...contender(name, title, program, args), parse: parseRow };
}

function json(name: string, title: string, program: string, args: readonly string[]): Contender {
  return { ...contender(name, title, program, args), parse: parseObject };
}

function contender(name: string, title: string, program: string, args: readonly string[]): Omit<Contender, "parse"> {
  return {
    name,
    title,
    commands: [{ argv: [program, ...args] }],
    withRing: (bytes) => [{ argv: [program, ...args, "--ring-size", String(bytes)] }],
    reports: true,
    usesBpf: true,
    serves: (name) => (name === "handle_exec" ? "exec" : name === "handle_exit" ? "exit" : undefined),
  };
}

const row = /^\d\d:\d\d:\d\d (EXEC|EXIT) +.{16} (\d+) /;

/** A row of the classic table; the C reference prints the same. */
export function parseRow(line: string): Sighting | undefined {
  const [, kind, pid] = row.exec(line) ?? [];
  return kind === undefined ? undefined : { kind: kind === "EXEC" ? "exec" : "exit", pid: Number(pid) };
}

const object = /^\{"type":"(exec|exit)",.*?"pid":(\d+),/;

/** An object of the JSON. */
export function parseObject(line: string): Sighting | undefined {
  const [, kind, pid] = object.exec(line) ?? [];
  return kind === undefined ? undefined : { kind: kind === "exec" ? "exec" : "exit", pid: Number(pid) };
}
