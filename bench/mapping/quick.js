import { readFileSync } from 'node:fs';
import assert from 'node:assert';
import jsonata from 'jsonata';
import { compile, compileMapping } from '../../jsonata-compiler/dist/index.js';
import { googleWorkspace } from './hand-written.js';
import { makeRecords } from './records.js';
for (const name of ['google-workspace','scim','active-directory','workday']) {
  if (process.argv[2] && !name.startsWith(process.argv[2])) continue;
  const m = JSON.parse(readFileSync(new URL(`./mappings/${name}.json`, import.meta.url)));
  const keys = Object.keys(m.attributes); assert.equal(keys.length, 25);
  const records = makeRecords(name, 500, 7);
  const ref = keys.map(k => jsonata(m.attributes[k]));
  const opts = process.env.CLOSURES ? {accelerate:false} : undefined;
  const all = compileMapping(keys.map(k => m.attributes[k]), opts); const ours = keys.map(k => compile(m.attributes[k], opts));
  const runRef = async (r) => { const o = {}; for (let i=0;i<25;i++) { const v = await ref[i].evaluate(r); if (v!==undefined) o[keys[i]]=v; } return o; };
  const runOurs = !process.env.SINGLE ? (r) => { const o = {}; const {values} = all.evaluate(r); for (let i=0;i<25;i++) { const v = values[i]; if (v!==undefined) o[keys[i]]=v; } return o; } : (r) => { const o = {}; for (let i=0;i<25;i++) { const v = ours[i].evaluate(r); if (v!==undefined) o[keys[i]]=v; } return o; };
  for (const r of records) assert.deepEqual(JSON.parse(JSON.stringify(runOurs(r))), JSON.parse(JSON.stringify(await runRef(r))));
  const cpu = () => { const u = process.cpuUsage(); return u.user+u.system };
  let a=Infinity,b=Infinity; const N=Number(process.env.N??5000);
  for (let round=0; round<3; round++) {
    let t=cpu(); for (let i=0;i<N;i++) runOurs(records[i%500]); a=Math.min(a,(cpu()-t)/N);
    if(!process.env.NOREF){t=cpu(); for (let i=0;i<N/10;i++) await runRef(records[i%500]); b=Math.min(b,(cpu()-t)/(N/10));}
  }
  if (name==='google-workspace') { const hk=Object.keys(googleWorkspace); assert.deepEqual(hk,keys); const fs=keys.map(k=>googleWorkspace[k]);
   const runHand=(r)=>{const o={}; for(let i=0;i<25;i++){const v=fs[i](r); if(v!==undefined)o[keys[i]]=v} return o};
   for (const r of records) assert.deepEqual(JSON.parse(JSON.stringify(runHand(r))), JSON.parse(JSON.stringify(runOurs(r))));
   let c=Infinity; for(let round=0;round<4;round++){let t=cpu(); for(let i=0;i<N;i++) runHand(records[i%500]); c=Math.min(c,(cpu()-t)/N); t=cpu(); for(let i=0;i<N;i++) runOurs(records[i%500]); a=Math.min(a,(cpu()-t)/N);} console.log('hand',c.toFixed(2),'ours',a.toFixed(2),'T2',(a/c).toFixed(2)); }
  console.log(name, JSON.stringify(records[0]).length,'B', 'ours',a.toFixed(2),'us','jsonata',b.toFixed(1),'ratio',(b/a).toFixed(1));
}
