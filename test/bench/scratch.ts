import { chromium } from '@playwright/test';
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { startSite } from '../browser/site';
import { readStudy } from '../../engine/src/cli/benchTask';
import { prepareJob } from '../../engine/src/cli/prepareJob';
import { planeOf } from '../../engine/src/volume/plane';
import { casesWithin } from './devSuite';
const one=(await casesWithin()).find(c=>c.id===(process.env.CASE??'ct2/liver/5'))!;
const {image,labels}=await readStudy(one.learn);
const plane=planeOf(image,one.axis);
const job=await prepareJob(image,labels,plane,one);
const head={...job,labels:[...job.labels.keys()],slices:job.slices.map(({pixels,...rest})=>rest)};
const masks=Buffer.concat([...job.labels.values()].map(m=>Buffer.from(m)));
const pix=Buffer.concat(job.slices.map(s=>Buffer.from(s.pixels.buffer,s.pixels.byteOffset,s.pixels.byteLength)));
const src=`
import { WorkerClient } from '${path.resolve('extensions/fewshot-sam/src/worker/client.ts')}';
window.runJob = async (base, method) => {
 const head=await (await fetch('/plugins/fewshot/bench/head.json')).json();
 const pix=new Float32Array(await (await fetch('/plugins/fewshot/bench/pixels.bin')).arrayBuffer());
 const m=new Uint8Array(await (await fetch('/plugins/fewshot/bench/masks.bin')).arrayBuffer());
 const n=head.slices[0].rows*head.slices[0].columns;
 const job={...head,slices:head.slices.map((s,i)=>({...s,pixels:pix.slice(i*n,(i+1)*n)})),labels:new Map(head.labels.map((k,i)=>[k,m.slice(i*n,(i+1)*n)]))};
 const root=await navigator.storage.getDirectory(); for await (const [k] of root.entries()) await root.removeEntry(k,{recursive:true});
 const t0=performance.now();
 const c=new WorkerClient(base+'worker.js',{modelUrl:base+'models/mobile-sam/',wasmUrl:base+'wasm/',prefer:'auto'});
 const signal=new AbortController().signal;
 const {device}=await c.load(()=>undefined,signal);
 const t1=performance.now();
 const r=await c.propagate(method,job,()=>undefined,signal);
 const t2=performance.now();
 c.terminate();
 return {device,load:t1-t0,job:t2-t1,seconds:r.seconds,iterations:r.iterations,masks:r.slices.map(s=>{let o='';const b=s.mask;let h=[];for(let i=0;i<b.length;i++)if(b[i])h.push(i);return h;})};
};`;
const { outputFiles } = await build({ stdin:{contents:src,resolveDir:path.resolve('test/bench'),loader:'ts'}, bundle: true, format: 'iife', write: false });
import {writeFileSync} from 'node:fs';writeFileSync('dist/plugins/fewshot/bench/head.json',JSON.stringify(head));writeFileSync('dist/plugins/fewshot/bench/masks.bin',masks);writeFileSync('dist/plugins/fewshot/bench/pixels.bin',pix);
const site = await startSite();
const browser = await chromium.launch({ executablePath:'/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage();
page.on('console',m=>console.log('page:',m.text()));
const types:Record<string,string>={'.js':'text/javascript','.mjs':'text/javascript','.wasm':'application/wasm','.json':'application/json'};
const H={'Cross-Origin-Opener-Policy':'same-origin','Cross-Origin-Embedder-Policy':'require-corp','Cross-Origin-Resource-Policy':'same-origin'};
await page.goto(`${site.url}/plugins/fewshot/models/mobile-sam/manifest.json`);
await page.addScriptTag({ content: outputFiles[0].text });
const out:Record<string,any>={};
for(const [base,method] of (process.argv[2]??'fewshot/:context,fewshot/before/:context').split(',').map(s=>s.split(':'))){
 const r=await page.evaluate(([b,m])=>(window as any).runJob(location.origin+'/plugins/'+b,m),[base,method]);
 out[base+method]=r;
 console.log(base,method,r.device,'load',(r.load/1000).toFixed(1),'job',(r.job/1000).toFixed(1),JSON.stringify(r.seconds));
}
const ks=Object.keys(out);
for(let a=0;a<ks.length;a++)for(let b=a+1;b<ks.length;b++){let i=0,u=0;out[ks[a]].masks.forEach((m:number[],k:number)=>{const s=new Set(m);const t=out[ks[b]].masks[k];let c=0;for(const x of t)if(s.has(x))c++;i+=c;u+=m.length+t.length-c;});console.log(ks[a],ks[b],'IoU',i/u);}
await browser.close();await site.stop();
