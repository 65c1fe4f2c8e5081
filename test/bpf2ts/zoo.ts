/** One global variable of every shape that the generator knows, each with a value. */
export const zooSource = `
typedef unsigned char __u8; typedef signed char __s8; typedef unsigned short __u16; typedef short __s16;
typedef unsigned int __u32; typedef int __s32; typedef unsigned long long __u64; typedef long long __s64;
typedef unsigned long size_t;

enum color { RED, GREEN = 5, BLUE = 7 };
enum sign { MINUS = -1, PLUS = 1 };

__s8 s8 = -128; __u8 u8 = 255; __s16 s16 = -32768; __u16 u16 = 65535;
__s32 s32 = -2147483647 - 1; __u32 u32 = 4294967295; __s64 s64 = -9223372036854775807LL - 1; __u64 u64 = ~0ULL;
long l = -2; size_t size = 1ULL << 63; char c = 'x'; _Bool yes = 1; _Bool no = 0; float f = 0.5f; double d = -1e300;
enum color color = BLUE; enum sign minus = MINUS;
char text[8] = "hi"; char full[4] = {'f', 'u', 'l', 'l'}; char utf8[8] = "h\\xc3\\xa9\\xf0\\x9f\\x98\\x80";
char broken[12] = "a\\xff\\xc3(\\xed\\xa0\\x80\\xc0\\xaf\\xe2\\x82"; char after_nul[4] = {'a', 0, 'b', 'c'};
__u8 bytes[4] = {1, 0, 255, 4}; signed char signed_bytes[2] = {-1, 1};
int list[3] = {1, -2, 3}; __u64 wide_list[2] = {1, 2}; _Bool flags[2] = {1, 0}; enum sign signs[2] = {PLUS, MINUS};
short matrix[2][3] = {{1, 2, 3}, {-4, -5, -6}}; char words[2][4] = {"one", "two"}; __u8 macs[2][2] = {{1, 2}, {3, 4}};
int cube[2][1][2] = {{{1, 2}}, {{3, 4}}};
const volatile unsigned int frozen = 17;

struct point { int x; int y; };
struct shape { __u8 kind; struct point center; struct point corners[2]; char name[6]; __u16 _pad; __u32 __pad2; };
struct shape shape = {3, {1, -1}, {{2, 3}, {4, 5}}, "ring", 9, 9};
struct outer {
  int first;
  struct { short in_struct; union { int as_int; char as_text[4]; }; };
  struct { __u8 a; __u16 b; } named;
  struct { int z; } items[2];
  union { float f; __u32 bits; } number;
};
struct outer outer = {1, {2, {.as_text = "abc"}}, {3, 4}, {{5}, {6}}, {1.0f}};
struct __attribute__((packed)) tight { __u8 a; __u64 b; __u16 c; int *p; };
struct tight tight = {1, 0x0203040506070809ULL, 0x0a0b, (int *)0x1122334455667788ULL};
union any { __u32 word; __u8 octets[4]; };
union any any = {.octets = {1, 2, 3, 4}};
typedef struct { int inside; } by_typedef; typedef const by_typedef by_second;
by_typedef of_typedef = {42};
struct { __u32 interval; _Bool on; } unnamed = {30, 1};

struct bits {
  unsigned int a : 3; int b : 5; unsigned int c : 24; _Bool d : 1; enum sign e : 2; enum color g : 3;
  __u64 h : 40; long long i : 33; unsigned char k : 8; short m : 16; __u32 n : 32; __u64 o : 64; __u64 p : 7;
};
struct bits bits = {5, -16, 0xabcdef, 1, MINUS, BLUE, 0xfedcba9876ULL, -4294967296LL, 255, -2, 0xdeadbeef, ~0ULL, 100};
struct __attribute__((packed)) crossing { __u8 a : 7; __u32 b : 32; int c : 31; __u64 d : 61; __u8 e : 5; };
struct crossing crossing = {127, 0x89abcdef, -3, 0x1abcdef012345678ULL, 21};
struct __attribute__((packed)) three { unsigned int a : 5; unsigned int b : 17; signed int c : 2; };
struct three three = {17, 0x1f0f3, -2};
struct mixed { __u16 plain; __u16 low : 4; __u16 high : 12; union { struct { __u8 x : 4; __u8 y : 4; }; __u8 both; }; };
struct mixed mixed = {0x1234, 9, 0xabc, {.both = 0x5a}};
`;

/** What those variables must decode to, in either byte order but for `byOrder`. */
export const zooValues: Readonly<Record<string, unknown>> = {
  s8: -128,
  u8: 255,
  s16: -32768,
  u16: 65535,
  s32: -2147483648,
  u32: 4294967295,
  s64: -(2n ** 63n),
  u64: 2n ** 64n - 1n,
  l: -2n,
  size: 2n ** 63n,
  c: 120,
  yes: true,
  no: false,
  f: 0.5,
  d: -1e300,
  color: 7,
  minus: -1,
  text: "hi",
  full: "full",
  utf8: "hé😀",
  broken: "a\udcff\udcc3(\udced\udca0\udc80\udcc0\udcaf\udce2\udc82",
  after_nul: "a",
  bytes: Uint8Array.of(1, 0, 255, 4),
  signed_bytes: [-1, 1],
  list: [1, -2, 3],
  wide_list: [1n, 2n],
  flags: [true, false],
  signs: [1, -1],
  matrix: [
    [1, 2, 3],
    [-4, -5, -6],
  ],
  words: ["one", "two"],
  macs: [Uint8Array.of(1, 2), Uint8Array.of(3, 4)],
  cube: [[[1, 2]], [[3, 4]]],
  frozen: 17,
  shape: {
    kind: 3,
    center: { x: 1, y: -1 },
    corners: [
      { x: 2, y: 3 },
      { x: 4, y: 5 },
    ],
    name: "ring",
  },
  tight: { a: 1, b: 0x0203040506070809n, c: 0x0a0b, p: 0x1122334455667788n },
  of_typedef: { inside: 42 },
  unnamed: { interval: 30, on: true },
  bits: {
    ...{ a: 5, b: -16, c: 0xabcdef, d: true, e: -1, g: 7, h: 0xfedcba9876n, i: -(2n ** 32n), k: 255, m: -2 },
    ...{ n: 0xdeadbeef, o: 2n ** 64n - 1n, p: 100 },
  },
  crossing: { a: 127, b: 0x89abcdef, c: -3, d: 0x1abcdef012345678n, e: 21 },
  three: { a: 17, b: 0x1f0f3, c: -2 },
};

/** What the variables whose bytes are also seen as something else must decode to. */
export const zooUnions = {
  bpfel: {
    outer: outerWith(0x00636261, 1, 0x3f800000),
    any: { word: 0x04030201, octets: Uint8Array.of(1, 2, 3, 4) },
    mixed: { plain: 0x1234, low: 9, high: 0xabc, x: 0xa, y: 0x5, both: 0x5a },
  },
  bpfeb: {
    outer: outerWith(0x61626300, 1, 0x3f800000),
    any: { word: 0x01020304, octets: Uint8Array.of(1, 2, 3, 4) },
    mixed: { plain: 0x1234, low: 9, high: 0xabc, x: 0x5, y: 0xa, both: 0x5a },
  },
} as const;

function outerWith(as_int: number, f: number, bits: number): Readonly<Record<string, unknown>> {
  const flattened = { first: 1, in_struct: 2, as_int, as_text: "abc" };
  return { ...flattened, named: { a: 3, b: 4 }, items: [{ z: 5 }, { z: 6 }], number: { f, bits } };
}
