import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { HR_ROWS, IT_ROWS, NEXT_DAY } from '../../support/project.js';
import type { Answer, TestService } from '../support.js';

/** An object of a list, or an event. */
export type Shown = Readonly<Record<string, unknown>> & { id: string };

/** A list as the API answers it. */
export interface List {
  object: 'list';
  data: Shown[];
  list_metadata: { before?: string | null; after: string | null };
}

/** Asks the API at the root with one key. */
export class Consumer {
  constructor(
    readonly service: TestService,
    readonly token: string,
  ) {}

  ask(address: string, init: RequestInit = {}): Promise<Answer> {
    return this.service.request(address, this.token, init);
  }

  async get<Document = Shown>(address: string): Promise<Document> {
    const answer = await this.ask(address);
    expect(answer.status, `${address} ${answer.text}`).to.equal(200);
    expect(answer.headers.get('content-type'), address).to.equal('application/json; charset=utf-8');
    expect(answer.headers.get('x-request-id'), address).to.be.a('string');
    return answer.body as Document;
  }

  list(address: string): Promise<List> {
    return this.get<List>(address);
  }

  /** All of a list, page by page, as the SDK would. */
  async all(address: string, limit = 2): Promise<Shown[]> {
    const found: Shown[] = [];
    const mark = address.includes('?') ? '&' : '?';
    for (let after: string | null = ''; after !== null;) {
      const { data, list_metadata } = await this.list(
        `${address}${mark}limit=${limit}${after === '' ? '' : `&after=${after}`}`,
      );
      expect(data.length).to.be.at.most(limit);
      found.push(...data);
      after = list_metadata.after;
    }
    return found;
  }
}

/** The second day of acme: a department, a return, a new login and address, one group more and one less. */
export async function secondDay(service: TestService, tenant = 'acme'): Promise<void> {
  service.now = new Date(NEXT_DAY);
  const [ada = '', grace = ''] = HR_ROWS;
  const back = 'E1003;Alan;Turing;alan@acme.example;Research;Active;2019-05-01;';
  await service.project.hr('2026-03-10', [ada.replace('Engineering', 'Research'), grace, back]);
  const [account = '', other = ''] = IT_ROWS;
  const carol = '9009,,carol.shaw,carol.shaw@agency.example,true,,vpn|admins';
  await service.project.it('2026-03-10', [account.replace('vpn|admins', 'vpn'), other, carol]);
  await (await service.rollcall.tenant(tenant)).sync();
}

const ID = /\b((?:directory_user|directory_group|event)_|(?:usr|grp|evt|chg|run|cfl|rev)-)[0-9a-z]{26}/g;

/** A document with its ids numbered in the order of their first sight: the same on every run. */
export function withoutIds(document: unknown): string {
  const known = new Map<string, string>();
  const text = JSON.stringify(document, null, 2).replace(ID, (id, prefix: string) => {
    const number = [...known.keys()].filter((other) => other.startsWith(prefix)).length + 1;
    const shown = known.get(id) ?? `${prefix}${number}`;
    known.set(id, shown);
    return shown;
  });
  return `${text}\n`;
}

/** Compares with a golden file. UPDATE_GOLDEN=1 writes it anew; the difference is for review. */
export async function expectGolden(name: string, document: unknown): Promise<void> {
  const file = path.join(import.meta.dirname, '../../../server/workos/golden', `${name}.json`);
  const text = withoutIds(document);
  if (process.env.UPDATE_GOLDEN === '1') await writeFile(file, text);
  // As text: the order of keys is part of what is signed.
  expect(text).to.equal(`${JSON.stringify(JSON.parse(await readFile(file, 'utf8')), null, 2)}\n`);
}
