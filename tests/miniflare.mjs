// Runs the built worker in Miniflare, with a control port through which tests see and move what they cannot over HTTP.
//
// What it binds is what edge/wrangler.toml binds. Options, all `--name value`:
//   build, config, assets, migrations   where the worker's parts are
//   port, foreign-port, control-port    0 for any free one
//   public-url, secret                  the worker's variable and its secret
//   persist                             a folder that keeps the data; without it they end with the process
//   deliver                             how often the queue delivers each message (1)
//   demo                                "1" for the demo programme
//
// Control: POST /sql {sql, params} → rows · POST /scheduled → runs the crons · POST /queue {messages: [text]} → delivers ·
// GET /kv → all that is cached.
// It ends, and workerd with it, when its standard input closes or on SIGTERM.

import { readFileSync, readdirSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";

const text = { type: "string" };
const { values: options } = parseArgs({
  options: {
    build: text,
    config: text,
    assets: text,
    migrations: text,
    port: { ...text, default: "0" },
    "foreign-port": text,
    "control-port": text,
    "public-url": text,
    secret: text,
    persist: text,
    deliver: { ...text, default: "1" },
    demo: text,
  },
});

// Nothing here reports to anybody or asks the network for anything.
process.env.WRANGLER_SEND_METRICS = "false";
process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";
process.env.WRANGLER_LOG ??= "warn";

// Miniflare 5 is only to be had as wrangler's own dependency.
const modules = process.env.PARRAIN_NODE_MODULES ?? path.resolve(import.meta.dirname, "node_modules");
const require = createRequire(path.join(modules, "."));
const wrangler = require("wrangler");
const { Miniflare, convertV4MiniflareOptions, Log, LogLevel, Response } = createRequire(
  require.resolve("wrangler"),
)("miniflare");

const { workerOptions } = wrangler.unstable_getMiniflareWorkerOptions(path.resolve(options.config));
const name = workerOptions.name ?? "parrain";
const vars = { PUBLIC_URL: options["public-url"], INSTALLATION_SECRET: options.secret, DEMO: options.demo };
const queues = Object.keys(workerOptions.queueConsumers ?? {});
const worker = {
  ...workerOptions,
  name,
  modulesRoot: "/",
  modules: bundle(path.resolve(options.build)),
  bindings: { ...workerOptions.bindings, ...defined(vars) },
  // Tests speak for several visitors by this header, which Cloudflare sets in production.
  stripCfConnectingIp: false,
};
if (options.assets) {
  worker.assets = { ...workerOptions.assets, directory: path.resolve(options.assets) };
}
const workers = [worker];
const times = Number(options.deliver);
if (times > 1) {
  workers.push(repeater(workerOptions.queueConsumers));
  worker.queueConsumers = {};
}

const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    host: "127.0.0.1",
    port: Number(options.port),
    cf: false,
    log: new Log(LogLevel.WARN),
    handleStructuredLogs: ({ level, message }) => process.stderr.write(`${level}: ${message}\n`),
    resourcePersistencePath: options.persist && path.resolve(options.persist),
    workers,
  }),
);

let ending = false;
async function end() {
  if (ending) return;
  ending = true;
  await miniflare.dispose();
  process.exit(0);
}
process.on("SIGTERM", end);
process.on("SIGINT", end);
process.stdin.on("end", end).on("error", end).resume();

const { url, db, listener } = await start().catch(async (error) => {
  console.error(error);
  await miniflare.dispose();
  process.exit(1);
});

/** Starts everything, and says where it is. */
async function start() {
  const url = await miniflare.ready;
  const db = await miniflare.getD1Database("DB", name);
  await migrate(db, path.resolve(options.migrations));
  const listener = await miniflare.getWorker(name);
  if (options["foreign-port"] !== undefined) {
    const port = await listen(http.createServer(forward), options["foreign-port"]);
    console.log(`parrain: foreign on http://localhost:${port}`);
  }
  if (options["control-port"] !== undefined) {
    const port = await listen(http.createServer(control), options["control-port"]);
    console.log(`parrain: control on http://127.0.0.1:${port}`);
  }
  console.log(`parrain: listening on ${url.origin}`);
  return { url, db, listener };
}

/** Every module of a build folder, the entry first. */
function bundle(folder) {
  const types = { ".js": "ESModule", ".mjs": "ESModule", ".wasm": "CompiledWasm" };
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && types[path.extname(file.name)])
    .map((file) => path.join(file.parentPath, file.name));
  const entry = path.join(folder, "index.js");
  return [entry, ...files.filter((file) => file !== entry)].map((file) => ({
    type: types[path.extname(file)],
    path: file,
    contents: path.extname(file) === ".wasm" ? readFileSync(file) : readFileSync(file, "utf8"),
  }));
}

/** A consumer in front of the worker's own, which hands every batch on several times. */
function repeater(queueConsumers) {
  return {
    name: "repeater",
    modules: true,
    script: `export default {
      async queue(batch, env) {
        const messages = batch.messages.map((it) => it.body);
        const answer = await env.DELIVER.fetch("http://deliver/" + batch.queue, {
          method: "POST",
          body: JSON.stringify(messages),
        });
        if (!answer.ok) batch.retryAll();
      },
    };`,
    compatibilityDate: worker.compatibilityDate,
    queueConsumers,
    serviceBindings: {
      DELIVER: async (request) => {
        const messages = await request.json();
        const outcomes = [];
        for (let time = 0; time < times; time += 1) outcomes.push(await deliver(messages));
        const kept = outcomes.every((it) => it.outcome === "ok" && !it.retryBatch.retry && it.retryMessages.length === 0);
        return new Response(null, { status: kept ? 200 : 503 });
      },
    },
  };
}

/** Hands texts to the queue consumer, as one batch. */
function deliver(bodies) {
  const timestamp = new Date();
  const messages = bodies.map((body, index) => ({
    id: `${timestamp.getTime()}-${index}`,
    timestamp,
    attempts: 1,
    body,
  }));
  return listener.queue(queues[0], messages);
}

/** Every key of the link cache with its value. */
async function cached() {
  const links = await miniflare.getKVNamespace("LINKS", name);
  const { keys } = await links.list();
  return Promise.all(keys.map(async (key) => [key.name, await links.get(key.name)]));
}

/** Applies what `wrangler d1 migrations apply` would apply, in order, once each. */
async function migrate(db, folder) {
  await db.exec("CREATE TABLE IF NOT EXISTS d1_migrations (name TEXT PRIMARY KEY) STRICT");
  const { results } = await db.prepare("SELECT name FROM d1_migrations").all();
  const applied = new Set(results.map((row) => row.name));
  for (const file of readdirSync(folder).filter((it) => it.endsWith(".sql")).sort()) {
    if (applied.has(file)) continue;
    const sql = readFileSync(path.join(folder, file), "utf8");
    const statements = wrangler.unstable_splitSqlQuery(sql).map((statement) => db.prepare(statement));
    await db.batch([...statements, db.prepare("INSERT INTO d1_migrations VALUES (?1)").bind(file)]);
  }
}

/** Answers one call on the control port. */
async function control(request, response) {
  try {
    const body = await text_of(request);
    const input = body ? JSON.parse(body) : {};
    const output = await {
      "/sql": async () => (await db.prepare(input.sql).bind(...(input.params ?? [])).all()).results,
      "/scheduled": () => listener.scheduled({ cron: workerOptions.cronTriggers?.[0] ?? "* * * * *" }),
      "/queue": () => deliver(input.messages),
      "/kv": cached,
    }[request.url]();
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(output ?? null));
  } catch (error) {
    response.writeHead(500).end(String(error?.stack ?? error));
  }
}

/** Hands a request on to the worker as it is, `Host` included. */
function forward(request, response) {
  const { method, headers, url: target } = request;
  const onward = http.request({ host: "127.0.0.1", port: url.port, method, path: target, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.rawHeaders);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  request.pipe(onward);
}

/** The body of a request, as text. */
async function text_of(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** Listens on the loopback and says on which port. */
function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.on("error", reject).listen(Number(port), "127.0.0.1", () => resolve(server.address().port));
  });
}

/** The entries that have a value. */
function defined(entries) {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}
