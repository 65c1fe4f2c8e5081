import { write } from "node:fs";

/** Collects text, and writes it out in one piece when told to. */
export interface TextSink {
  write(text: string): void;
  /** Writes what has been collected; one flush at a time. Rejects with the system's error; what was not written is then gone. */
  flush(): Promise<void>;
}

/**
 * A sink on a file descriptor. Each flush is one write(2), off the main thread: a slow reader, or a paused one, holds up
 * the promise and nothing else.
 */
export function fileSink(fd: number): TextSink {
  let pending = "";
  return {
    write(text) {
      pending += text;
    },
    async flush() {
      if (pending === "") return;
      const bytes = Buffer.from(pending);
      pending = "";
      for (let written = 0; written < bytes.length;) written += await writeOnce(fd, bytes, written);
    },
  };
}

function writeOnce(fd: number, bytes: Buffer, offset: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, offset, bytes.length - offset, null, (error, written) => {
      if (error === null) resolve(written);
      // Another process has made the descriptor non-blocking; wait for room as a blocking one would.
      else if (error.code === "EAGAIN") setTimeout(resolve, 10, 0);
      else reject(error);
    });
  });
}
