/**
 * Which records a read has met: per record number the page that met it first, 0 for none. Four bytes a record, so that
 * a million people cost 4 MB.
 */
export class Seen {
  #pages = new Uint32Array(1024);
  /** How many different records were met. */
  count = 0;

  /** The page that met record `no` first; 0: none yet. */
  pageOf(no: number): number {
    return this.#pages[no] ?? 0;
  }

  /** Notes that `page` (counted from 1) met record `no`. */
  note(no: number, page: number): void {
    if (no >= this.#pages.length) this.#grow(no);
    if (this.#pages[no] === 0) this.count += 1;
    this.#pages[no] = page;
  }

  #grow(no: number): void {
    const larger = new Uint32Array(Math.max(this.#pages.length * 2, no + 1));
    larger.set(this.#pages);
    this.#pages = larger;
  }
}
