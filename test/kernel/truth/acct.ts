import { endianness } from "node:os";

/** A record of the kernel's process accounting: `struct acct_v3` of include/uapi/linux/acct.h. */
export interface AccountedProcess {
  readonly comm: string;
  readonly pid: number;
  readonly ppid: number;
  readonly uid: number;
  readonly gid: number;
  /** As wait(2) reports it. */
  readonly status: number;
  /** Whether it forked and never called exec. */
  readonly forkedOnly: boolean;
  /** From its start to its end, counted in ticks of 10 ms. */
  readonly elapsedNs: number;
}

const SIZE = 64;
const AFORK = 0x01;
/** AHZ: the kernel counts in these whatever its own ticks are. */
const TICK_NS = 1e9 / 100;

/** Reads an accounting file of version 3. Throws if it is none. */
export function parseAccounting(bytes: Buffer): AccountedProcess[] {
  if (bytes.length % SIZE !== 0) throw new Error(`${bytes.length} bytes are no accounting file`);
  return Array.from({ length: bytes.length / SIZE }, (_, index) =>
    parseRecord(bytes.subarray(index * SIZE, (index + 1) * SIZE)),
  );
}

function parseRecord(bytes: Buffer): AccountedProcess {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = endianness() === "LE";
  const version = view.getUint8(1) & 0x7f;
  if (version !== 3) throw new Error(`accounting of version ${version}, not 3`);
  const comm = bytes.subarray(48, 64);
  return {
    status: view.getUint32(4, little),
    uid: view.getUint32(8, little),
    gid: view.getUint32(12, little),
    pid: view.getUint32(16, little),
    ppid: view.getUint32(20, little),
    elapsedNs: view.getFloat32(28, little) * TICK_NS,
    forkedOnly: (view.getUint8(0) & AFORK) !== 0,
    comm: comm.subarray(0, comm.indexOf(0)).toString(),
  };
}
