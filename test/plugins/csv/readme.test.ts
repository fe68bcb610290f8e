import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import csv from '@rollcall/connector-csv';
import { expect } from 'chai';

const PLUGIN = fileURLToPath(new URL('../../../../plugins/csv/', import.meta.url));
const README = readFileSync(`${PLUGIN}README.md`, 'utf8');

describe('plugins/csv/README', () => {
  it('names every code that the connector has', () => {
    const sources = readdirSync(`${PLUGIN}src`).map((name) => readFileSync(`${PLUGIN}src/${name}`, 'utf8'));
    const codes = new Set(sources.join('\n').match(/(?<=')RC_[A-Z_]+(?=')/g));
    expect(codes.size).to.be.greaterThan(15);
    for (const code of codes) expect(README).to.include(`\`${code}\``);
  });

  it('names every setting', () => {
    for (const key of Object.keys(csv.settings.properties as object))
      expect(README).to.match(new RegExp(`\`${key}\\b`));
  });
});
