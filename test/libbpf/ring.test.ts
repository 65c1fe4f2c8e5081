import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Ring, type RecordHandler } from "../../src/libbpf/ring.ts";
import { FakeRing } from "./fake-ring.ts";

const BUSY = 1 << 31;
const SIZE = 64;

function makeRing(position = 0n): { fake: FakeRing; ring: Ring } {
  const fake = new FakeRing(SIZE, { position });
  return { fake, ring: new Ring(fake.memory) };
}

/** Keeps a copy of every record handed over. */
function collector(): { records: number[][]; handler: RecordHandler } {
  const records: number[][] = [];
  const handler: RecordHandler = (data, offset, length) => {
    records.push([...new Uint8Array(data.buffer, data.byteOffset + offset, length)]);
  };
  return { records, handler };
}

function drainAll(ring: Ring, limit = Infinity): number[][] {
  const { records, handler } = collector();
  assert.equal(ring.drain(handler, limit), records.length, "drain returns the number of records handed over");
  return records;
}

function bytes(length: number, first: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => first + index);
}

describe("Ring.drain", () => {
  it("hands records over in the order of their reservation", () => {
    const { fake, ring } = makeRing();
    for (const first of [1, 2, 3]) assert.ok(fake.push(bytes(5, first)));
    assert.deepEqual(drainAll(ring), [[...bytes(5, 1)], [...bytes(5, 2)], [...bytes(5, 3)]]);
    assert.deepEqual(drainAll(ring), []);
  });

  it("keeps the order of reservation when records are submitted in another", () => {
    const { fake, ring } = makeRing();
    const [first, second] = [fake.reserve(1), fake.reserve(1)];
    first?.data.set([1]);
    second?.data.set([2]);
    second?.submit();
    assert.deepEqual(drainAll(ring), []);
    first?.submit();
    assert.deepEqual(drainAll(ring), [[1], [2]]);
  });

  for (const [limit, batches] of [
    [1, [1, 1, 1, 0]],
    [2, [2, 1, 0]],
    [3, [3, 0]],
    [0, [0, 0]],
  ] as const) {
    it(`stops after ${limit} records if so asked, and continues behind them`, () => {
      const { fake, ring } = makeRing();
      for (const value of [1, 2, 3]) fake.push(Uint8Array.of(value));
      assert.deepEqual(
        batches.map(() => drainAll(ring, limit).length),
        batches,
      );
    });
  }

  it("reads a record in one piece wherever the ring wraps around", () => {
    for (let start = 0; start < SIZE; start += 8) {
      for (let length = 0; length <= SIZE - 16; length++) {
        const { fake, ring } = makeRing(BigInt(start));
        assert.ok(fake.push(bytes(length, start)));
        assert.deepEqual(drainAll(ring), [[...bytes(length, start)]], `${length} bytes at ${start}`);
      }
    }
  });

  it("reads records of more than 64 KiB", () => {
    const fake = new FakeRing(1 << 18);
    const record = Uint8Array.from({ length: 100_001 }, (_, index) => index);
    assert.ok(fake.push(record));
    assert.deepEqual(drainAll(new Ring(fake.memory)), [[...record]]);
  });

  it("passes discarded records over and does not count them", () => {
    const { fake, ring } = makeRing();
    for (const value of [1, 2, 3]) {
      fake.reserve(1)?.discard();
      assert.ok(fake.push(Uint8Array.of(value)));
      assert.deepEqual(drainAll(ring, 1), [[value]]);
    }
    fake.reserve(1)?.discard();
    assert.deepEqual(drainAll(ring), []);
    assert.equal(ring.pendingBytes, 0);
  });

  it("stops at a record that is still being written, and continues when it is done", () => {
    const { fake, ring } = makeRing();
    fake.push(Uint8Array.of(1));
    const busy = fake.reserve(1);
    busy?.data.set([2]);
    fake.push(Uint8Array.of(3));
    assert.deepEqual(drainAll(ring), [[1]]);
    assert.equal(ring.pendingBytes, 32);
    assert.deepEqual(drainAll(ring), []);
    busy?.submit();
    assert.deepEqual(drainAll(ring), [[2], [3]]);
    assert.equal(ring.corruptions, 0);
  });

  it("makes room in a full ring", () => {
    const { fake, ring } = makeRing();
    const pushed = Array.from({ length: 10 }, (_, value) => fake.push(Uint8Array.of(value)));
    assert.deepEqual(pushed, [true, true, true, false, false, false, false, false, false, false]);
    assert.deepEqual(drainAll(ring, 1), [[0]]);
    assert.ok(fake.push(Uint8Array.of(9)));
    assert.equal(fake.push(Uint8Array.of(10)), false);
    assert.deepEqual(drainAll(ring), [[1], [2], [9]]);
  });

  it("gives memory back only when it has read all of it", () => {
    const { fake, ring } = makeRing();
    fake.push(Uint8Array.of(1));
    fake.push(Uint8Array.of(2));
    ring.drain(() => {
      assert.equal(fake.consumerPosition, 0n);
    }, Infinity);
    assert.equal(fake.consumerPosition, 32n);
  });

  it("moves past the record whose handler throws", () => {
    const { fake, ring } = makeRing();
    for (const value of [1, 2, 3]) fake.push(Uint8Array.of(value));
    const failing: RecordHandler = (data, offset) => {
      if (data.getUint8(offset) === 2) throw new Error("handler");
    };
    assert.throws(() => ring.drain(failing, Infinity), /^Error: handler$/);
    assert.deepEqual(drainAll(ring), [[3]]);
  });

  for (const [name, position] of [
    ["2^31", 1n << 31n],
    ["2^32", 1n << 32n],
    ["2^53", 1n << 53n],
    ["2^63", 1n << 63n],
  ] as const) {
    it(`counts on beyond ${name} bytes`, () => {
      const { fake, ring } = makeRing(position - 32n);
      for (let value = 0; value < 8; value++) {
        assert.ok(fake.push(Uint8Array.of(value)));
        assert.equal(ring.pendingBytes, 16);
        assert.deepEqual(drainAll(ring), [[value]]);
      }
      assert.equal(fake.consumerPosition, position - 32n + 128n);
      assert.equal(ring.corruptions, 0);
    });
  }

  it("refuses memory that cannot be a ring", () => {
    for (const size of [0, 4, 24, 100]) {
      const memory = { ...new FakeRing(8).memory, data: new DataView(new ArrayBuffer(size)) };
      assert.throws(() => new Ring(memory), TypeError, `${size} bytes`);
    }
  });
});

describe("Ring, given what the kernel never writes", () => {
  const corruptions: readonly (readonly [string, (fake: FakeRing) => void])[] = [
    ["a producer behind the consumer", (fake) => (fake.consumerPosition = 128n)],
    ["more pending than the ring holds", (fake) => (fake.producerPosition = BigInt(SIZE + 8))],
    ["a producer at the end of the world", (fake) => (fake.producerPosition = (1n << 64n) - 8n)],
    ["a consumer between two records", (fake) => (fake.consumerPosition = 4n)],
    [
      "a record longer than what is pending",
      (fake) => {
        fake.storeWord(0, 25);
      },
    ],
    [
      "a record of the largest length",
      (fake) => {
        fake.storeWord(0, 0x3fff_ffff);
      },
    ],
    [
      "a discarded record of the largest length",
      (fake) => {
        fake.storeWord(0, 0x7fff_ffff);
      },
    ],
    ["a producer in the middle of a header", (fake) => (fake.producerPosition = 4n)],
  ];
  for (const [name, corrupt] of corruptions) {
    it(`counts and gives up ${name}, and works on`, () => {
      const { fake, ring } = makeRing();
      fake.push(Uint8Array.of(1));
      fake.push(Uint8Array.of(2));
      corrupt(fake);
      assert.deepEqual(drainAll(ring), []);
      assert.equal(ring.corruptions, 1);
      assert.equal(ring.pendingBytes, 0);
      assert.deepEqual(drainAll(ring), []);
      assert.equal(ring.corruptions, 1, "the same damage is counted once");

      fake.producerPosition = fake.consumerPosition = 256n;
      assert.ok(fake.push(Uint8Array.of(3)));
      assert.deepEqual(drainAll(ring), [[3]]);
    });
  }

  it("waits behind a busy header, whatever else is in it", () => {
    const { fake, ring } = makeRing();
    fake.push(Uint8Array.of(1));
    fake.storeWord(0, BUSY | 0x7fff_ffff);
    assert.deepEqual(drainAll(ring), []);
    assert.equal(ring.pendingBytes, 16);
  });
});
