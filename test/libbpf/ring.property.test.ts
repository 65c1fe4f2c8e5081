import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Ring } from "../../src/libbpf/ring.ts";
import { FakeRing, type Reservation } from "./fake-ring.ts";

const SIZE = 128;

const operation = fc.oneof(
  fc.record({ kind: fc.constant("reserve" as const), length: fc.nat(SIZE) }),
  fc.record({ kind: fc.constantFrom("submit" as const, "discard" as const), which: fc.nat() }),
  fc.record({ kind: fc.constant("drain" as const), limit: fc.nat(5) }),
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** What was reserved and not yet drained, in order. */
interface Expected {
  state: "busy" | "submitted" | "discarded";
  readonly id: number;
  readonly reservation: Reservation;
}

/** The queue that a ring should be: what `limit` records from its front would give. */
function drainModel(queue: Expected[], limit: number): number[][] {
  const records: number[][] = [];
  while (records.length < limit && queue[0] !== undefined && queue[0].state !== "busy") {
    const { state, reservation } = queue[0];
    queue.shift();
    if (state === "submitted") records.push([...reservation.data]);
  }
  return records;
}

function drainRing(ring: Ring, limit: number): number[][] {
  const records: number[][] = [];
  const count = ring.drain((data, offset, length) => {
    records.push([...new Uint8Array(data.buffer, offset, length)]);
  }, limit);
  assert.equal(count, records.length);
  return records;
}

function run(position: bigint, operations: readonly Operation[]): void {
  const fake = new FakeRing(SIZE, { position });
  const ring = new Ring(fake.memory);
  const queue: Expected[] = [];
  let nextId = 1;
  for (const step of operations) {
    switch (step.kind) {
      case "reserve": {
        const reservation = fake.reserve(step.length);
        if (reservation === undefined) break;
        reservation.data.fill(nextId);
        queue.push({ state: "busy", id: nextId++, reservation });
        break;
      }
      case "submit":
      case "discard": {
        const busy = queue.filter(({ state }) => state === "busy");
        const chosen = busy[step.which % busy.length];
        if (chosen === undefined) break;
        chosen.reservation[step.kind]();
        chosen.state = step.kind === "submit" ? "submitted" : "discarded";
        break;
      }
      case "drain":
        assert.deepEqual(drainRing(ring, step.limit), drainModel(queue, step.limit));
    }
  }
  assert.deepEqual(drainRing(ring, Infinity), drainModel(queue, Infinity));
  assert.equal(ring.corruptions, 0);
}

describe("Ring", () => {
  it("behaves as a queue, whatever the order of operations", () => {
    const position = fc.constantFrom(0n, 8n, 120n, (1n << 32n) - 64n, (1n << 53n) - 64n);
    fc.assert(fc.property(position, fc.array(operation, { maxLength: 60 }), run), { numRuns: 1000, seed: 1 });
  });

  it("survives any positions and any data: no throw, no endless loop, nothing out of bounds", () => {
    const word = fc.oneof(fc.bigInt(0n, (1n << 64n) - 1n), fc.bigInt(0n, 512n));
    // Small words are more likely to be headers that make sense, so that the second and the third are reached.
    const header = fc.oneof(fc.bigInt(0n, 64n), fc.bigInt(0n, 0xffff_ffffn));
    const contents = fc.array(header, { minLength: SIZE / 4, maxLength: SIZE / 4 });
    fc.assert(
      fc.property(word, word, contents, (consumer, producer, words) => {
        const fake = new FakeRing(SIZE);
        words.forEach((value, index) => {
          fake.storeWord(4 * index, Number(value));
        });
        fake.consumerPosition = consumer;
        fake.producerPosition = producer;
        const ring = new Ring(fake.memory);
        for (let drains = 0; drains < 3; drains++) {
          const count = ring.drain((data, offset, length) => {
            assert.ok(offset >= 0 && length >= 0 && offset + length <= data.byteLength, `${length} at ${offset}`);
          }, Infinity);
          assert.ok(count <= SIZE / 8);
        }
        assert.equal(fake.producerPosition, producer, "the producer's position is the kernel's");
      }),
      { numRuns: 5000, seed: 1 },
    );
  });
});
