// Runs the built worker in Miniflare: for `cargo xtask serve --worker`, for stories, for measurements.
//
// What it binds is what edge/wrangler.toml binds. Options:
//   --port, --foreign-port    where it listens (8787, and without the second on one port only)
//   --public-url, --secret    the worker's variable and its secret
//   --persist FOLDER          keeps the data, and a secret made at the first start
//   --demo                    the demo programme, and the foreign port next to the port
//   --control-port            a port through which tests see and move what they cannot over HTTP
//   --mail                    names a carrier of e-mail, which takes none
//   --deliver N               the queue delivers each message N times
//   --tied                    ends when its standard input closes
//
// Control: POST /sql {sql, params} → rows · POST /scheduled → runs the crons · POST /queue {messages: [text]} → delivers ·
// GET /kv → all that is cached.
//
// On SIGTERM and SIGINT it ends, and workerd with it; a SIGKILL would orphan workerd.

import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";

const text = { type: "string" };
const flag = { type: "boolean" };
const { values: options } = parseArgs({
  options: {
    port: { ...text, default: "8787" },
    "foreign-port": text,
    "public-url": text,
    secret: text,
    persist: text,
    demo: flag,
    mail: flag,
    "control-port": text,
    deliver: { ...text, default: "1" },
    tied: flag,
  },
});
if (options.demo) options["foreign-port"] ??= String(Number(options.port) + 1);

const edge = path.resolve(import.meta.dirname, "../edge");
const place = (variable, otherwise) => process.env[variable] ?? path.join(edge, otherwise);
// The folder that `wrangler deploy --dry-run` leaves: what is sent is what is run.
const build = place("PARRAIN_WORKER_BUILD", "../target/deploy");
const config = place("PARRAIN_WORKER_CONFIG", "wrangler.toml");
const migrations = place("PARRAIN_MIGRATIONS", "migrations");

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

const { workerOptions } = wrangler.unstable_getMiniflareWorkerOptions(config);
const name = workerOptions.name ?? "parrain";
const vars = {
  PUBLIC_URL: options["public-url"] ?? `http://127.0.0.1:${options.port}`,
  INSTALLATION_SECRET: options.secret ?? secret(),
  DEMO: options.demo ? "1" : "",
  ...(options.mail && { PARRAIN_MAIL: "cloudflare", PARRAIN_MAIL_FROM: "mail@parrain.example", EMAIL: {} }),
};
const queues = Object.keys(workerOptions.queueConsumers ?? {});
const worker = {
  ...workerOptions,
  name,
  modulesRoot: "/",
  modules: bundle(build),
  bindings: { ...workerOptions.bindings, ...vars },
  // Tests speak for several visitors by this header, which Cloudflare sets in production.
  stripCfConnectingIp: false,
};
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
if (options.tied) process.stdin.on("end", end).on("error", end).resume();

const { url, db, listener } = await start().catch(async (error) => {
  console.error(error);
  await miniflare.dispose();
  process.exit(1);
});

/** Starts everything, and says where it is. */
async function start() {
  const url = await miniflare.ready;
  const db = await miniflare.getD1Database("DB", name);
  await migrate(db);
  const listener = await miniflare.getWorker(name);
  if (options["foreign-port"] !== undefined) {
    const port = await listen(http.createServer(forward), options["foreign-port"]);
    console.log(`parrain: foreign on http://localhost:${port}`);
  }
  if (options["control-port"] !== undefined) {
    const port = await listen(http.createServer(control), options["control-port"]);
    console.log(`parrain: control on http://127.0.0.1:${port}`);
  }
  console.log(`parrain: owner link ${vars.PUBLIC_URL}/console/enter#${await ownerLink(db)}`);
  console.log(`parrain: listening on ${url.origin}`);
  return { url, db, listener };
}

/** The installation's secret: kept with the data, or new. */
function secret() {
  const file = options.persist && path.join(options.persist, "secret");
  if (file && existsSync(file)) return readFileSync(file, "utf8");
  const made = randomBytes(32).toString("base64url");
  if (file) {
    mkdirSync(options.persist, { recursive: true });
    writeFileSync(file, made, { mode: 0o600 });
  }
  return made;
}

/** Makes a one-time link for the owner; only its hash is kept. */
async function ownerLink(db) {
  const token = randomBytes(32).toString("base64url");
  const hash = createHash("sha256").update(token).digest("hex");
  const insert = `INSERT INTO entry_link (hash, kind, subject, created_at, expires_at)
    VALUES (?1, 'MEMBER', 'owner', ?2, ?2 + 86400000)`;
  await db.prepare(insert).bind(hash, Date.now()).run();
  return token;
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

/** Hands texts to the queue consumer, as one batch that was sent some time ago. */
function deliver(bodies, ageSeconds = 0) {
  const timestamp = new Date(Date.now() - 1_000 * ageSeconds);
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
async function migrate(db) {
  await db.exec("CREATE TABLE IF NOT EXISTS d1_migrations (name TEXT PRIMARY KEY) STRICT");
  const { results } = await db.prepare("SELECT name FROM d1_migrations").all();
  const applied = new Set(results.map((row) => row.name));
  for (const file of readdirSync(migrations).filter((it) => it.endsWith(".sql")).sort()) {
    if (applied.has(file)) continue;
    const sql = readFileSync(path.join(migrations, file), "utf8");
    const statements = wrangler.unstable_splitSqlQuery(sql).map((statement) => db.prepare(statement));
    await db.batch([...statements, db.prepare("INSERT INTO d1_migrations VALUES (?1)").bind(file)]);
  }
}

/** Answers one call on the control port. */
async function control(request, response) {
  try {
    const body = await bodyOf(request);
    const input = body ? JSON.parse(body) : {};
    const output = await {
      "/sql": async () => (await db.prepare(input.sql).bind(...(input.params ?? [])).all()).results,
      "/scheduled": () => listener.scheduled({ cron: workerOptions.cronTriggers?.[0] ?? "* * * * *" }),
      "/queue": () => deliver(input.messages, input.ageSeconds),
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
async function bodyOf(request) {
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
