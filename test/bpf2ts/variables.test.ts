import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import {
  bothTargets,
  generateFrom,
  importModule,
  moduleText,
  temporaryDirectory,
  type GeneratedModule,
} from "./workshop.ts";

const source = `
typedef unsigned int __u32; typedef unsigned long long __u64; typedef unsigned char __u8;
struct event { int pid; };
enum mode { OFF = -1, ON = 1 };
const struct event *unused_event __attribute__((unused));
char LICENSE[] __attribute__((section("license"))) = "GPL";
int elsewhere __attribute__((section("other"))) = 1;
extern int from_kernel __attribute__((section(".kconfig"), weak));
void *pointer; void *pointers[4];
static volatile int hidden;
const volatile __u64 first = 1; const volatile __u32 second = 2;
__u32 custom __attribute__((section(".data.custom"))) = 3;
int written = 4; long zeroed; char name[8]; __u8 octets[4]; int table[2][2]; signed char small; _Bool on; enum mode mode;
unsigned short medium; double real;
struct config { _Bool on; struct event inner[2]; char tag[4]; __u64 limit; } config;
union any { int a; char b[4]; } any;
struct flags { int low : 3; } flags;
int use(void) { return hidden + from_kernel; }
`;

describe("variables", () => {
  const directory = temporaryDirectory();
  const modules = new Map<string, GeneratedModule>();
  before(async () => {
    generateFrom(directory, "vars", source);
    for (const target of bothTargets) modules.set(target, await importModule(directory, "vars", target));
  });

  const variable = (name: string, target = "bpfel"): GeneratedModule["variables"][string] =>
    modules.get(target)?.variables[name] ?? assert.fail(`no variable ${name}`);

  it("are the global ones in the sections that libbpf maps, but for pointers", () => {
    const expected = [
      ...["any", "config", "custom", "first", "flags", "medium", "mode", "name", "octets", "on", "real", "second"],
      ...["small", "table", "written", "zeroed"],
    ];
    for (const module of modules.values()) assert.deepEqual(Object.keys(module.variables), expected);
  });

  it("say where they lie", () => {
    const place = (name: string): unknown => {
      const { section, offset, size, constant } = variable(name);
      return { section, offset, size, constant };
    };
    assert.deepEqual(place("first"), { section: ".rodata", offset: 0, size: 8, constant: true });
    assert.deepEqual(place("second"), { section: ".rodata", offset: 8, size: 4, constant: true });
    assert.deepEqual(place("custom"), { section: ".data.custom", offset: 0, size: 4, constant: false });
    assert.deepEqual(place("written"), { section: ".data", offset: 0, size: 4, constant: false });
    assert.equal(variable("zeroed").section, ".bss");
  });

  const values: readonly (readonly [name: string, value: unknown, little: string])[] = [
    ["first", 0x0102030405060708n, "0807060504030201"],
    ["second", 0xfffffffe, "feffffff"],
    ["written", -2, "feffffff"],
    ["zeroed", -2n, "feffffffffffffff"],
    ["medium", 0x0102, "0201"],
    ["small", -128, "80"],
    ["real", 1, "000000000000f03f"],
    ["on", true, "01"],
    ["mode", -1, "ffffffff"],
    ["name", "h\udcffé", "68ffc3a900000000"],
    ["name", "12345678", "3132333435363738"],
    ["octets", Uint8Array.of(1, 2, 3, 4), "01020304"],
    ["table", [[1, 2], [3, -1]], "010000000200000003000000ffffffff"], // prettier-ignore
  ];
  for (const [name, value, little] of values) {
    it(`encode and decode ${name}`, () => {
      for (const target of bothTargets) {
        const { size, encode, decode } = variable(name, target);
        const view = new DataView(new ArrayBuffer(size + 5).slice(0));
        encode(view, 3, value);
        assert.deepEqual(decode(view, 3), value);
        const bytes = Buffer.from(view.buffer, 3, size).toString("hex");
        if (target === "bpfel") assert.equal(bytes, little);
        assert.equal(Buffer.from(view.buffer).toString("hex"), `000000${bytes}0000`);
      }
    });
  }

  it("encode and decode structs", () => {
    const value = { on: true, inner: [{ pid: 1 }, { pid: -2 }], tag: "tag", limit: 2n ** 64n - 1n };
    for (const target of bothTargets) {
      const { size, encode, decode } = variable("config", target);
      const view = new DataView(new ArrayBuffer(size));
      encode(view, 0, value);
      assert.deepEqual(decode(view, 0), value);
    }
  });

  const outside: readonly (readonly [name: string, value: unknown, message: RegExp])[] = [
    ["second", -1, /^-1 is outside __u32: 0 to 4294967295$/],
    ["second", 2 ** 32, /^4294967296 is outside __u32: /],
    ["second", 1.5, /^1.5 is outside __u32: /],
    ["second", NaN, /^NaN is outside __u32: /],
    ["first", -1n, /^-1 is outside __u64: 0 to 18446744073709551615$/],
    ["first", 2n ** 64n, /^18446744073709551616 is outside __u64: /],
    ["written", 2 ** 31, /^2147483648 is outside int: -2147483648 to 2147483647$/],
    ["small", -129, /^-129 is outside signed char: -128 to 127$/],
    ["medium", 65536, /^65536 is outside unsigned short: 0 to 65535$/],
    ["zeroed", 2n ** 63n, /^9223372036854775808 is outside long: -9223372036854775808 to 9223372036854775807$/],
    ["mode", 2 ** 31, /^2147483648 is outside enum mode: /],
    ["name", "123456789", /^"123456789" is outside char\[8\]: it takes 9 bytes$/],
    ["name", "éééé+", /is outside char\[8\]: it takes 9 bytes$/],
    ["name", "a\0b", /is outside char\[8\]: it holds/],
    ["name", "\ud800", /is outside char\[8\]: it holds "\\ud800"/],
    ["octets", Uint8Array.of(1), /^1 bytes are outside unsigned char\[4\]$/],
    ["table", [[1, 2]], /^an array of 1 elements is outside its type, which has 2$/],
    ["table", [[1, 2], [3, 2 ** 31]], /^2147483648 is outside int/], // prettier-ignore
  ];
  for (const [name, value, message] of outside) {
    it(`refuse ${typeof value === "bigint" ? `${value}n` : JSON.stringify(value)} for ${name}`, () => {
      const view = new DataView(new ArrayBuffer(64));
      assert.throws(
        () => {
          variable(name).encode(view, 0, value);
        },
        (error) => error instanceof RangeError && message.test(error.message),
      );
    });
  }

  it("with unions or bit-fields are decoded only", () => {
    for (const name of ["any", "flags"]) {
      const { size, decode, encode } = variable(name);
      const view = new DataView(new ArrayBuffer(size));
      assert.throws(() => {
        encode(view, 0, decode(view, 0));
      }, /^TypeError: (any|flags) cannot be encoded: its type contains a union or a bit-field$/);
    }
  });

  it("come with an encoder for their structs alone", () => {
    const text = moduleText(directory, "vars", "bpfel");
    assert.match(text, /^function encodeConfig/m);
    assert.doesNotMatch(text, /encodeAny|encodeFlags/);
  });
});
