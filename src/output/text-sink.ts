import { write } from "node:fs";

/** Collects text, and writes it out when told to. */
export interface TextSink {
  write(text: string): void;
  /** Writes what has been collected; one flush at a time. Rejects with the system's error; the rest is then gone. */
  flush(): Promise<void>;
}

/** A sink that tells how far it is. */
export interface FileSink extends TextSink {
  /** Bytes written so far. */
  readonly writtenBytes: number;
  /** Bytes of the flush under way that have not been written. */
  readonly unwrittenBytes: number;
}

/** What a pipe holds at most, unless told otherwise: of a larger write, progress could not be seen. */
const CHUNK_SIZE = 64 * 1024;

/**
 * A sink on a file descriptor. It writes off the main thread: a slow reader, or a paused one, holds up the promise of the
 * flush and nothing else.
 */
export function fileSink(fd: number): FileSink {
  let pending = "";
  let writtenBytes = 0;
  let unwrittenBytes = 0;
  return {
    get writtenBytes() {
      return writtenBytes;
    },
    get unwrittenBytes() {
      return unwrittenBytes;
    },
    write(text) {
      pending += text;
    },
    async flush() {
      if (pending === "") return;
      const bytes = Buffer.from(pending);
      pending = "";
      unwrittenBytes = bytes.length;
      while (unwrittenBytes > 0) {
        const written = await writeOnce(fd, bytes, bytes.length - unwrittenBytes);
        writtenBytes += written;
        unwrittenBytes -= written;
      }
    },
  };
}

function writeOnce(fd: number, bytes: Buffer, offset: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, offset, Math.min(bytes.length - offset, CHUNK_SIZE), null, (error, written) => {
      if (error === null) resolve(written);
      // Another process has made the descriptor non-blocking; wait for room as a blocking one would.
      else if (error.code === "EAGAIN") setTimeout(resolve, 10, 0);
      else reject(error);
    });
  });
}
