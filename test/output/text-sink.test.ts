import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileSink } from "../../src/output/text-sink.ts";

const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;

/** More than a pipe holds, so that no write gets it across in one piece. */
const LONG = Array.from({ length: 60_000 }, (_, line) => `line ${line} ä\n`).join("");

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "text-sink-"));
});
after(() => {
  rmSync(folder, { recursive: true });
});

/** Both ends of a new pipe; the writer's blocks unless `writeFlags` says otherwise. */
function makePipe(writeFlags = 0): { reader: number; writer: number } {
  const path = join(folder, `pipe-${performance.now()}`);
  execFileSync("mkfifo", [path]);
  const reader = openSync(path, O_RDONLY | O_NONBLOCK);
  return { reader, writer: openSync(path, O_WRONLY | writeFlags) };
}

/** Reads until the writer has closed, a little at a time and with pauses at first. */
async function readSlowly(reader: number): Promise<string> {
  const parts: Buffer[] = [];
  for (;;) {
    const part = Buffer.alloc(parts.length < 10 ? 1000 : 65_536);
    const length = readOrUndefined(reader, part);
    if (length === 0) return Buffer.concat(parts).toString();
    if (length !== undefined) parts.push(part.subarray(0, length));
    if (length === undefined || parts.length < 10) await sleep(2);
  }
}

function readOrUndefined(reader: number, part: Buffer): number | undefined {
  try {
    return readSync(reader, part);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return undefined;
    throw error;
  }
}

describe("fileSink", () => {
  it("writes nothing before it is flushed, then all in order", async () => {
    const path = join(folder, "file");
    const fd = openSync(path, "w");
    const sink = fileSink(fd);
    await sink.flush();
    sink.write("a");
    sink.write("ä\n");
    assert.equal(readFileSync(path, "utf8"), "");
    await sink.flush();
    assert.equal(readFileSync(path, "utf8"), "aä\n");
    sink.write("b");
    await sink.flush();
    await sink.flush();
    assert.equal(readFileSync(path, "utf8"), "aä\nb");
    closeSync(fd);
  });

  it("keeps what is written during a flush for the next one", async () => {
    const path = join(folder, "during");
    const fd = openSync(path, "w");
    const sink = fileSink(fd);
    sink.write("first ");
    const flushed = sink.flush();
    sink.write("second");
    await flushed;
    assert.equal(readFileSync(path, "utf8"), "first ");
    await sink.flush();
    assert.equal(readFileSync(path, "utf8"), "first second");
    closeSync(fd);
  });

  for (const [name, flags] of [
    ["a pipe whose reader is slow", 0],
    ["a pipe that another process has made non-blocking", O_NONBLOCK],
  ] as const) {
    it(`loses and reorders nothing on ${name}`, async () => {
      const { reader, writer } = makePipe(flags);
      const sink = fileSink(writer);
      const read = readSlowly(reader);
      try {
        for (const text of [LONG, "middle\n", LONG]) {
          sink.write(text);
          await sink.flush();
        }
      } finally {
        closeSync(writer);
      }
      assert.ok((await read) === `${LONG}middle\n${LONG}`);
      closeSync(reader);
    });
  }

  it("waits for a reader that does not read, without holding up anything else", async () => {
    const { reader, writer } = makePipe();
    const sink = fileSink(writer);
    sink.write(LONG);
    let done = false;
    const flushed = Promise.resolve(sink.flush()).then(() => (done = true));
    await sleep(50);
    assert.equal(done, false);
    const read = readSlowly(reader);
    await flushed;
    closeSync(writer);
    assert.ok((await read) === LONG);
    closeSync(reader);
  });

  it("rejects with EPIPE when the reader has gone away, and with each flush that follows", async () => {
    const { reader, writer } = makePipe();
    closeSync(reader);
    const sink = fileSink(writer);
    for (const text of ["a", "b"]) {
      sink.write(text);
      await assert.rejects(async () => sink.flush(), { code: "EPIPE", syscall: "write" });
    }
    await sink.flush();
    closeSync(writer);
  });

  it("rejects with EPIPE when the reader goes away in the middle of a write", async () => {
    const { reader, writer } = makePipe();
    const sink = fileSink(writer);
    sink.write(LONG);
    const rejected = assert.rejects(async () => sink.flush(), { code: "EPIPE" });
    await sleep(20);
    closeSync(reader);
    await rejected;
    closeSync(writer);
  });

  it("rejects with ENOSPC when the disk is full", async () => {
    const fd = openSync("/dev/full", "w");
    const sink = fileSink(fd);
    sink.write("a");
    await assert.rejects(async () => sink.flush(), { code: "ENOSPC", syscall: "write" });
    closeSync(fd);
  });
});
