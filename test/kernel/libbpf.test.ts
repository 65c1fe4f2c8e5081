import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { endianness } from "node:os";
import { describe, it } from "node:test";
import { LibbpfError } from "../../src/libbpf/errors.ts";
import { BpfObject } from "../../src/libbpf/object.ts";
import { RingBuffer } from "../../src/libbpf/ring-buffer.ts";
import { compileSmallObject } from "../libbpf/small-object.ts";

const bytes = compileSmallObject();

function loadSmallObject(): BpfObject {
  const object = BpfObject.open(bytes, { name: "small" });
  object.load();
  return object;
}

/** Reads the variable `seen`, which the programs count up, where the kernel keeps it. */
function counterOf(object: BpfObject): () => number {
  const section = new DataView(object.mapValues(".bss"));
  return () => section.getUint32(0, endianness() === "LE");
}

function runSomething(): void {
  spawnSync("/bin/true");
}

describe("a BPF object in the kernel", () => {
  it("fires once it is attached, and no more once the link is closed", () => {
    using object = loadSmallObject();
    const seen = counterOf(object);
    runSomething();
    assert.equal(seen(), 0);
    const links = object.attach();
    assert.equal(links.length, 2);
    runSomething();
    assert.ok(seen() >= 2);
    for (const link of links) link.close();
    const last = seen();
    runSomething();
    assert.equal(seen(), last);
  });

  it("attaches one program alone", () => {
    using object = loadSmallObject();
    const seen = counterOf(object);
    using link = object.program("handle_exec").attach();
    runSomething();
    assert.ok(seen() >= 1);
    link.close();
  });

  it("does not load a program that is told not to", () => {
    using object = BpfObject.open(bytes);
    object.program("handle_exit").setAutoload(false);
    object.load();
    assert.equal(object.attach().length, 1);
    assert.throws(() => object.program("handle_exit").attach(), LibbpfError);
  });

  it("tells what the kernel knows of a program", () => {
    using object = loadSmallObject();
    const { id, recursionMisses, verifiedInstructions } = object.program("handle_exec").info();
    assert.ok(id > 0);
    assert.equal(recursionMisses, 0n);
    // From 5.16 on; older kernels leave it 0.
    assert.ok(verifiedInstructions >= 0 && verifiedInstructions < 1000);
  });

  it("looks keys up", () => {
    using object = loadSmallObject();
    const key = new Uint8Array(4);
    assert.deepEqual(object.map("counts").lookup(key), new Uint8Array(8));
    assert.equal(object.map("counts").lookup(key.fill(255)), undefined);
    assert.throws(() => object.map("counts").lookup(new Uint8Array(3)), LibbpfError);
  });

  it("has maps of the size that was set", () => {
    using object = BpfObject.open(bytes);
    object.map("events").setMaxEntries(131_072);
    object.load();
    assert.equal(object.map("events").maxEntries, 131_072);
    assert.throws(() => {
      object.map("events").setMaxEntries(65_536);
    }, TypeError);
  });

  it("cannot be changed or loaded again", () => {
    using object = loadSmallObject();
    assert.throws(() => {
      object.load();
    }, /load the BPF object: the BPF object is loaded/);
    const limit = { section: ".rodata", offset: 0, size: 8, decode: () => 0n, encode: () => undefined };
    assert.throws(() => {
      object.setVariable(limit, 0n);
    }, TypeError);
  });

  it("leaves no descriptor open, whatever was done with it", () => {
    const before = readdirSync("/proc/self/fd");
    for (let round = 0; round < 3; round++) {
      const object = loadSmallObject();
      object.attach();
      object.mapValues(".bss");
      new RingBuffer(object.map("events")).close();
      object.close();
      object.close();
    }
    assert.deepEqual(readdirSync("/proc/self/fd"), before);
  });

  it("passes libbpf's messages on to who asks for them", () => {
    const levels = new Set<string>();
    using object = BpfObject.open(bytes, { onMessage: (level) => levels.add(level) });
    object.load();
    assert.ok(levels.has("debug"));
  });
});

describe("a ring buffer in the kernel", () => {
  it("is empty at first: nothing to drain, and a wait times out", async () => {
    using object = loadSmallObject();
    using ring = new RingBuffer(object.map("events"));
    assert.equal(ring.pendingBytes, 0);
    assert.equal(
      ring.drain(() => undefined, Infinity),
      0,
    );
    assert.equal(await ring.wait(20), "timeout");
  });

  it("ends a wait when it is woken, and when it is closed", async () => {
    using object = loadSmallObject();
    const ring = new RingBuffer(object.map("events"));
    const woken = ring.wait(60_000);
    ring.wake();
    assert.equal(await woken, "woken");
    const closed = ring.wait(60_000);
    ring.close();
    assert.equal(await closed, "woken");
    assert.throws(() => ring.pendingBytes, TypeError);
  });

  it("refuses a map that is none", () => {
    using object = loadSmallObject();
    assert.throws(() => new RingBuffer(object.map("counts")), { code: "MMAP_FAILED" });
  });
});
