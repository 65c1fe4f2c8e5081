import { fstatSync, write, writeSync } from "node:fs";
import { LineBuffer } from "./line-buffer.ts";

/** Collects text, and writes it out when told to. */
export interface TextSink {
  write(text: string): void;
  /**
   * Writes what has been collected; one flush at a time. Rejects, or throws, with the system's error; the rest is then
   * gone. Nothing is returned if all has been written already.
   */
  flush(): Promise<void> | undefined;
}

/** A sink that tells how far it is, and whose bytes can be stored without a string. */
export interface FileSink extends TextSink {
  /** What has been collected. Not to be touched while a flush is under way. */
  readonly buffer: LineBuffer;
  /** Bytes written so far. */
  readonly writtenBytes: number;
  /** Bytes of the flush under way that have not been written. */
  readonly unwrittenBytes: number;
}

/** What a pipe holds at most, unless told otherwise: of a larger write, progress could not be seen. */
const CHUNK_SIZE = 64 * 1024;

/**
 * A sink on a file descriptor. Where a reader could hold a write up (a pipe, a terminal, a socket), it writes off the main
 * thread: a slow reader, or a paused one, holds up the promise of the flush and nothing else. A file is written at once,
 * which takes a tenth of the time.
 */
export function fileSink(fd: number): FileSink {
  const buffer = new LineBuffer();
  const waits = !isFile(fd);
  let writtenBytes = 0;
  let unwrittenBytes = 0;

  const writeAll = () => {
    while (unwrittenBytes > 0) {
      const written = writeSync(fd, buffer.bytes, buffer.used - unwrittenBytes, unwrittenBytes);
      writtenBytes += written;
      unwrittenBytes -= written;
    }
  };

  const writeAside = async () => {
    while (unwrittenBytes > 0) {
      const written = await writeOnce(fd, buffer.bytes, buffer.used - unwrittenBytes, unwrittenBytes);
      writtenBytes += written;
      unwrittenBytes -= written;
    }
  };

  return {
    buffer,
    get writtenBytes() {
      return writtenBytes;
    },
    get unwrittenBytes() {
      return unwrittenBytes;
    },
    write(text) {
      buffer.add(text);
    },
    flush() {
      if (buffer.used === 0) return undefined;
      unwrittenBytes = buffer.used;
      if (waits) {
        return writeAside().finally(() => {
          buffer.clear();
        });
      }
      try {
        writeAll();
      } finally {
        buffer.clear();
      }
      return undefined;
    },
  };
}

/** The device number of /dev/null. */
const NULL_DEVICE = 0x103;

/** Whether a descriptor is of a file, or of the null device: nobody reads at the other end. */
function isFile(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    return stat.isFile() || (stat.isCharacterDevice() && stat.rdev === NULL_DEVICE);
  } catch {
    // Writing will say what is wrong.
    return false;
  }
}

function writeOnce(fd: number, bytes: Buffer, offset: number, length: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, offset, Math.min(length, CHUNK_SIZE), null, (error, written) => {
      if (error === null) resolve(written);
      // Another process has made the descriptor non-blocking; wait for room as a blocking one would.
      else if (error.code === "EAGAIN") setTimeout(resolve, 10, 0);
      else reject(error);
    });
  });
}
