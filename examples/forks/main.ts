/**
 * A tool of its own on the libbpf layer: shows who forks.
 *
 *     make build && sudo node --import tsx examples/forks/main.ts
 */
import { BpfObject, printable, RingBuffer } from "ebpf-bootstrap";
import { decodeForkEvent, objectUrl, variables } from "./forks_bpfel.ts";

using object = BpfObject.open(objectUrl);
object.load();
object.attach();
using ring = new RingBuffer(object.map("events"));
const section = new DataView(object.mapValues(variables.lost.section));

let stopping = false;
process.once("SIGINT", () => {
  stopping = true;
  ring.wake();
});

const isStopping = (): boolean => stopping;
while (!isStopping()) {
  ring.drain((data, offset) => {
    const { parent, child, comm } = decodeForkEvent(data, offset);
    console.log(`${printable(comm)} (${parent}) made ${child}`);
  }, Infinity);
  await ring.wait(1000);
}
console.error(`${variables.lost.decode(section, variables.lost.offset)} lost`);
