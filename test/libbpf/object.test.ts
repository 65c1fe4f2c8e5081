import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { endianness, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { EbpfError } from "../../src/errors.ts";
import { LibbpfError } from "../../src/libbpf/errors.ts";
import { BpfObject, libbpfVersion } from "../../src/libbpf/object.ts";
import type { Variable } from "../../src/libbpf/variable.ts";
import { compileSmallObject } from "./small-object.ts";

const bytes = compileSmallObject();
const littleEndian = endianness() === "LE";

const limit: Variable<bigint> = {
  section: ".rodata",
  offset: 0,
  size: 8,
  decode: (view, offset) => view.getBigUint64(offset, littleEndian),
  encode: (view, offset, value) => {
    view.setBigUint64(offset, value, littleEndian);
  },
};

/** A variable's value before the object is loaded, by way of an encoder that stores nothing. */
function valueOf(object: BpfObject, variable: Variable<bigint>): bigint | undefined {
  let value: bigint | undefined;
  const reader: Variable<bigint> = {
    ...variable,
    encode: (view, offset) => {
      value = variable.decode(view, offset);
    },
  };
  object.setVariable(reader, 0n);
  return value;
}

describe("libbpfVersion", () => {
  it("is that of a library this package can use", () => {
    assert.match(libbpfVersion(), /^v1\.\d+$/);
  });
});

describe("BpfObject.open", () => {
  it("finds the programs in the order of the file", () => {
    using object = BpfObject.open(bytes);
    assert.deepEqual(
      object.programs().map(({ name, section, autoload }) => ({ name, section, autoload })),
      [
        { name: "handle_exec", section: "raw_tp/sched_process_exec", autoload: true },
        { name: "handle_exit", section: "raw_tp/sched_process_exit", autoload: true },
      ],
    );
  });

  it("finds the maps, those of sections included", () => {
    using object = BpfObject.open(bytes, { name: "small" });
    assert.deepEqual(
      object
        .maps()
        .map(({ name }) => name)
        .sort(),
      ["counts", "events", "small.bss", "small.rodata"],
    );
    assert.equal(object.map(".bss").name, "small.bss");
  });

  it("reads a file, by path or URL, and names the object after it", () => {
    const folder = mkdtempSync(join(tmpdir(), "object-"));
    try {
      const file = join(folder, "tiny.bpf.o");
      writeFileSync(file, bytes);
      for (const source of [file, pathToFileURL(file)]) {
        using object = BpfObject.open(source);
        assert.equal(object.map(".rodata").name, "tiny.rodata");
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("says which file is missing", () => {
    for (const source of ["/nowhere/x.o", new URL("file:///nowhere/x.o")]) {
      assert.throws(
        () => BpfObject.open(source),
        (error) =>
          error instanceof EbpfError &&
          error.code === "OBJECT_NOT_FOUND" &&
          error.message.startsWith("open BPF object /nowhere/x.o: ") &&
          (error.cause as NodeJS.ErrnoException).code === "ENOENT",
      );
    }
  });

  const header = bytes.subarray(0, 64);
  const garbage: readonly (readonly [string, Uint8Array])[] = [
    ["nothing", new Uint8Array()],
    ["one byte", Uint8Array.of(0x7f)],
    ["zeros", new Uint8Array(4096)],
    ["text", Buffer.from("#!/bin/sh\necho not an object\n")],
    ["an ELF header alone", header],
    ["an ELF header and zeros", Buffer.concat([header, new Uint8Array(4096)])],
    ["half an object", bytes.subarray(0, bytes.length / 2)],
    ["all but an object's last byte", bytes.subarray(0, -1)],
  ];
  for (const [name, content] of garbage) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => BpfObject.open(content, { name: "garbage" }),
        (error) =>
          error instanceof LibbpfError &&
          error.code === "OBJECT_INVALID" &&
          error.message.startsWith("open BPF object garbage: ") &&
          (error.errno ?? 0) > 0,
      );
    });
  }

  it("adds to the error what libbpf said about it", () => {
    assert.throws(() => BpfObject.open(new Uint8Array(4096), { name: "zeros" }), /\(elf: .*zeros.*\)$/);
  });

  it("hands libbpf's messages to the listener, without prefix and line break", () => {
    const messages: string[] = [];
    BpfObject.open(bytes, { onMessage: (level, message) => messages.push(`${level} ${message}`) }).close();
    assert.ok(messages.length > 0);
    for (const message of messages) assert.match(message, /^(warn|info|debug) (?!libbpf: )[^]*[^\n]$/);
  });

  it("keeps two open objects apart", () => {
    using first = BpfObject.open(bytes);
    using second = BpfObject.open(bytes);
    first.setVariable(limit, 1n);
    first.close();
    assert.equal(valueOf(second, limit), 5n);
  });
});

describe("BpfObject.setVariable", () => {
  it("stores the value, and leaves the initial one otherwise", () => {
    using object = BpfObject.open(bytes);
    assert.equal(valueOf(object, limit), 5n);
    object.setVariable(limit, 1n << 63n);
    assert.equal(valueOf(object, limit), 1n << 63n);
  });

  const refused: readonly (readonly [string, Partial<Variable<bigint>>])[] = [
    ["a section that is not there", { section: ".data" }],
    ["a map that is not a section", { section: "events" }],
    ["a place behind the section's end", { offset: 4096 }],
    ["a place across the section's end", { section: ".bss", offset: 0, size: 8 }],
  ];
  for (const [name, change] of refused) {
    it(`refuses ${name}`, () => {
      using object = BpfObject.open(bytes);
      assert.throws(() => {
        object.setVariable({ ...limit, ...change }, 0n);
      }, /^EbpfError: the BPF object has no variable at /);
    });
  }

  it("passes on that the value does not fit", () => {
    using object = BpfObject.open(bytes);
    const narrow: Variable<bigint> = {
      ...limit,
      encode: () => {
        throw new RangeError("too large");
      },
    };
    assert.throws(() => {
      object.setVariable(narrow, 0n);
    }, RangeError);
  });
});

describe("BpfObject", () => {
  it("has no program or map that it was not given", () => {
    using object = BpfObject.open(bytes);
    assert.throws(() => object.program("handle_fork"), {
      code: "OBJECT_LACKS",
      message: "the BPF object has no program handle_fork",
    });
    assert.throws(() => object.map("missing"), { code: "OBJECT_LACKS", message: "the BPF object has no map missing" });
    assert.throws(() => object.mapValues(".data"), { code: "OBJECT_LACKS" });
  });

  it("maps no section before it is loaded", () => {
    using object = BpfObject.open(bytes);
    assert.throws(() => object.mapValues(".bss"), /the BPF object is opened$/);
  });

  it("can be closed twice", () => {
    const object = BpfObject.open(bytes);
    object.close();
    object.close();
    object[Symbol.dispose]();
  });

  const uses: Readonly<Record<string, (object: BpfObject) => unknown>> = {
    setVariable: (object) => {
      object.setVariable(limit, 0n);
    },
    programs: (object) => object.programs(),
    program: (object) => object.program("handle_exec"),
    maps: (object) => object.maps(),
    map: (object) => object.map("events"),
    load: (object) => {
      object.load();
    },
    attach: (object) => object.attach(),
    mapValues: (object) => object.mapValues(".bss"),
  };
  for (const [name, use] of Object.entries(uses)) {
    it(`refuses ${name} when it is closed`, () => {
      const object = BpfObject.open(bytes);
      object.close();
      assert.throws(() => use(object), /the BPF object is closed$/);
    });
  }
});

describe("Program, not loaded", () => {
  it("can be left out of the load", () => {
    using object = BpfObject.open(bytes);
    object.program("handle_exit").setAutoload(false);
    assert.deepEqual(
      object.programs().map(({ autoload }) => autoload),
      [true, false],
    );
    object.program("handle_exit").setAutoload(true);
    assert.equal(object.program("handle_exit").autoload, true);
  });

  it("cannot be attached or asked about", () => {
    using object = BpfObject.open(bytes);
    const program = object.program("handle_exec");
    assert.throws(() => program.attach(), { name: "TypeError", message: /^attach handle_exec: .* opened$/ });
    assert.throws(() => program.info(), { name: "TypeError", message: /handle_exec: .* opened$/ });
  });
});

describe("BpfMap, not loaded", () => {
  it("has a size that can be changed, and no file descriptor", () => {
    using object = BpfObject.open(bytes);
    const events = object.map("events");
    assert.equal(events.maxEntries, 65536);
    events.setMaxEntries(1 << 20);
    assert.equal(object.map("events").maxEntries, 1 << 20);
    assert.throws(() => events.fd, TypeError);
    assert.throws(() => events.lookup(new Uint8Array(4)), TypeError);
  });
});

describe("what was found in an object that is closed", () => {
  it("cannot be used any more", () => {
    const object = BpfObject.open(bytes);
    const map = object.map("counts");
    const program = object.program("handle_exec");
    object.close();
    assert.throws(() => map.maxEntries, /the BPF object is closed/);
    assert.throws(() => map.fd, /the BPF object is closed/);
    assert.throws(() => program.autoload, /the BPF object is closed/);
    assert.throws(() => program.attach(), /the BPF object is closed/);
  });
});
