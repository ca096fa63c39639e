#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Measures the gate against a bare server and nginx in one run. See README.md.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, writeFileSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const options = new Map();
for (let i = 2; i < process.argv.length; i += 2) options.set(process.argv[i], process.argv[i + 1]);
const number = (name, fallback) => Number(options.get(name) ?? fallback);
const build = resolve(options.get('--build') ?? join(root, 'build/release'));
const yiwang = resolve(options.get('--yiwang') ?? join(build, 'yiwang'));
const rounds = number('--rounds', 3), seconds = number('--seconds', 4);
const connections = number('--connections', 32), listConnections = number('--list-connections', 1);
const only = options.get('--only');
const folder = mkdtempSync(join(tmpdir(), 'gate-bench-'));
const data = resolve(options.get('--data') ?? join(folder, 'city'));
const started = [];

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
async function untilUp(url) {
  for (let i = 0; i < 6000; ++i) {
    try {
      return await fetch(url);
    } catch {
      await sleep(50);
    }
  }
  throw new Error(`${url} does not answer`);
}
function start(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], cwd: root });
  started.push(child);
  return child;
}
async function stop(child) {
  if (child.exitCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await gone;
}
function residentMb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
}
function ask(url, paths, cookie, many) {
  const file = join(folder, 'paths.txt');
  writeFileSync(file, paths.join('\n') + '\n');
  const text = execFileSync(
    'wrk',
    ['-t1', `-c${many}`, `-d${seconds}s`, '--timeout', '30s', '-s', join(here, 'ask.lua'), url],
    { env: { ...process.env, PATHS: file, COOKIE: cookie ?? '' }, encoding: 'utf8' });
  const line = /FIGURES (.*)/.exec(text);
  if (line === null) throw new Error(text);
  const [rate, p50, p95, p99, refused, errors] = line[1].split(' ').map(Number);
  return { rate, p50, p95, p99, refused, errors };
}
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

async function main() {
  mkdirSync(data, { recursive: true });
  const cityPort = await freePort(), helloPort = await freePort(), nginxPort = await freePort();
  const city = `http://127.0.0.1:${cityPort}`;
  const serve = ['serve', '--no-limits', '--io-threads', '2', '--demo', '--demo-cases',
    options.get('--cases') ?? '2000', '--port', String(cityPort), '--data', data];
  // The memory of a city at rest is that of one which has only been started, not filled.
  if (!existsSync(join(data, 'city.db'))) {
    const filling = start(yiwang, serve);
    await untilUp(`${city}/readyz`);
    await stop(filling);
  }
  const running = start(yiwang, serve);
  await untilUp(`${city}/readyz`);
  await sleep(2000);
  console.log(`city at rest after a restart: ${residentMb(running.pid).toFixed(0)} MB`);

  const items = (await (await fetch(`${city}/api/records/item?limit=50`)).json()).rows;
  const reads = items.map((item) => `/api/records/item/${item.id}`);
  const bodies = await Promise.all(reads.map(async (p) => (await (await fetch(city + p)).text()).length));
  const bytes = Buffer.byteLength(await (await fetch(city + reads[0])).text());
  console.log(`point reads: ${reads.length} items, ${Math.min(...bodies)} to ${Math.max(...bodies)} characters; yardsticks send ${bytes} bytes`);

  const password = (await (await fetch(`${city}/api/demo-accounts`)).json())[0].password;
  const signIn = async (username) => {
    const answer = await fetch(`${city}/api/session`, {
      method: 'POST', headers: { 'content-type': 'application/json', 'x-yiwang': '1' },
      body: JSON.stringify({ username, password }) });
    if (!answer.ok) throw new Error(`${username}: ${await answer.text()}`);
    return answer.headers.get('set-cookie').split(';')[0];
  };

  writeFileSync(join(folder, 'hello.json'), 'x'.repeat(bytes));
  writeFileSync(join(folder, 'nginx.conf'), `worker_processes 2; daemon off; pid ${folder}/nginx.pid;
error_log ${folder}/error.log; events { worker_connections 1024; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
  open_file_cache max=100; types { application/json json; }
  client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3;
  uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
  server { listen 127.0.0.1:${nginxPort} reuseport; root ${folder}; } }
`);
  execFileSync('chmod', ['a+rx', folder]);
  start(join(build, 'bench/gate/gate_hello'), [String(helloPort), '2', String(bytes)]);
  start('/usr/sbin/nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')]);
  await untilUp(`http://127.0.0.1:${helloPort}/`);
  await untilUp(`http://127.0.0.1:${nginxPort}/hello.json`);

  const names = { citizen: options.get('--citizen') ?? 'citizen', clerk: options.get('--clerk') ?? 'clerk',
    handler: options.get('--handler') ?? 'handler', supervisor: options.get('--supervisor') ?? 'supervisor' };
  const cookies = {};
  for (const [role, name] of Object.entries(names)) cookies[role] = await signIn(name);
  const runs = [
    { name: 'hello', url: `http://127.0.0.1:${helloPort}`, paths: ['/'] },
    { name: 'nginx static', url: `http://127.0.0.1:${nginxPort}`, paths: ['/hello.json'] },
    { name: 'point read, visitor', url: city, paths: reads },
    { name: 'point read, session', url: city, paths: reads, cookie: cookies.citizen },
    { name: '50 items, visitor', url: city, paths: ['/api/records/item?limit=50'] },
  ].map((run) => ({ ...run, many: connections, yardstick: true }));
  const word = encodeURIComponent(options.get('--word') ?? '许可');
  for (const role of ['clerk', 'handler', 'supervisor']) {
    for (const [what, path] of [['all', 'view=all'], ['open', 'view=all&state=open'],
      ['submitted', 'view=all&state=submitted'], ['search', `view=all&q=${word}`]])
      runs.push({ name: `cases ${what}, ${role}`, url: city, cookie: cookies[role],
        paths: [`/api/cases?${path}&limit=50`], many: listConnections });
    // The tenth page by the cursors that the city gave.
    let after = '';
    for (let i = 0; i < 9; ++i) {
      const page = await (await fetch(`${city}/api/cases?view=all&limit=50${after}`,
        { headers: { cookie: cookies[role] } })).json();
      if (!page.next) break;
      after = `&after=${encodeURIComponent(page.next)}`;
    }
    if (after) runs.push({ name: `cases page 10, ${role}`, url: city, cookie: cookies[role],
      paths: [`/api/cases?view=all&limit=50${after}`], many: listConnections });
    runs.push({ name: `to-do, ${role}`, url: city, cookie: cookies[role],
      paths: ['/api/todo?limit=50'], many: listConnections });
    runs.push({ name: `to-do count, ${role}`, url: city, cookie: cookies[role],
      paths: ['/api/todo/count'], many: listConnections });
  }
  const chosen = runs.filter((run) => only === undefined || new RegExp(only).test(run.name));
  for (const run of chosen) run.got = [];
  for (let round = 0; round < rounds; ++round)
    for (const run of chosen) run.got.push(ask(run.url, run.paths, run.cookie, run.many));

  const figure = (run, key) => median(run.got.map((each) => each[key]));
  const rateOf = (name) => {
    const run = chosen.find((each) => each.name === name);
    return run === undefined ? NaN : figure(run, 'rate');
  };
  const hello = rateOf('hello'), nginx = rateOf('nginx static');
  console.log(`medians of ${rounds} interleaved rounds of ${seconds} s; ${connections} connections, lists of cases ${listConnections}`);
  console.log(`${'what'.padEnd(28)} requests/s  of hello  of nginx   p50 ms   p95 ms   p99 ms  refused  errors`);
  let failed = false;
  for (const run of chosen) {
    const rate = figure(run, 'rate');
    const refused = Math.max(...run.got.map((each) => each.refused));
    const errors = Math.max(...run.got.map((each) => each.errors));
    failed ||= refused > 0 || errors > 0;
    const ratio = (of) => (run.yardstick && of > 0 ? (rate / of).toFixed(2) : '-').padStart(9);
    console.log(`${run.name.padEnd(28)} ${rate.toFixed(0).padStart(10)} ${ratio(hello)} ${ratio(nginx)} ` +
      ['p50', 'p95', 'p99'].map((key) => figure(run, key).toFixed(2).padStart(8)).join(' ') +
      ` ${String(refused).padStart(8)} ${String(errors).padStart(7)}`);
  }
  console.log(`city after the load: ${residentMb(running.pid).toFixed(0)} MB`);
  await stop(running);
  if (failed) throw new Error('some requests were refused or failed; the figures do not count');
}

let code = 0;
try {
  await main();
} catch (error) {
  console.error(error.message);
  code = 1;
} finally {
  for (const child of started) await stop(child);
  rmSync(folder, { recursive: true, force: true });
}
process.exit(code);
