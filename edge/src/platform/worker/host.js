// What the service needs of its host and is better said in JavaScript: what would cross into the
// wasm many times a request, and what must outlive a panic of the wasm.

import { waitUntil } from "cloudflare:workers";

/** What a click looks at, joined by zero bytes, which no header holds; in the order of `Outline`. */
export function outline(request) {
  const { headers } = request;
  return [
    request.method,
    request.url,
    headers.get("cf-connecting-ip"),
    headers.get("user-agent"),
    headers.get("sec-purpose") ?? headers.get("purpose") ?? headers.get("x-moz"),
    headers.get("sec-fetch-dest"),
    headers.get("sec-fetch-mode"),
    headers.get("cookie"),
    headers.get("accept-language"),
    headers.get("sec-gpc"),
  ].join("\0");
}

/** All headers of a request or an answer: names and values by turns. */
export function headers(message) {
  return [...message.headers].flat().join("\0");
}

/** The body, read no further than is needed to see that it is longer than `most`. */
export async function body(request, most) {
  if (Number(request.headers.get("content-length") ?? Infinity) <= most) {
    return new Uint8Array(await request.arrayBuffer());
  }
  return start(request.body, most);
}

/** A stream, read no further than is needed to see that it is longer than `most`. */
async function start(stream, most) {
  const chunks = [];
  let size = 0;
  for await (const chunk of stream ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (most < size) break;
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** Headers from names and values by turns. */
function pairs(joined) {
  const found = [];
  const texts = joined.split("\0");
  for (let at = 0; at + 1 < texts.length; at += 2) found.push([texts[at], texts[at + 1]]);
  return found;
}

/** The answer to a click. */
export function redirect(location, cookie) {
  const headers = { location, "cache-control": "no-store" };
  if (cookie !== undefined) headers["set-cookie"] = cookie;
  return new Response(null, { status: 302, headers });
}

/** Any answer; names and values of headers by turns. */
export function respond(status, headers, body) {
  // The body is a view of the wasm's memory, and 204 and 304 must have none.
  const content = body.length === 0 ? null : body.slice();
  return new Response(content, { status, headers: pairs(headers) });
}

/** Keeps the call alive until the promise is settled. */
export function hold(promise) {
  waitUntil(promise);
}

/** The rows that a statement yields, as JSON. */
export async function all(db, sql, args) {
  const { results } = await db.prepare(sql).bind(...args).all();
  return JSON.stringify(results);
}

/** Runs all statements, `[sql, arguments]` each, or none. */
export async function batch(db, statements) {
  await db.batch(statements.map(([sql, args]) => db.prepare(sql).bind(...args)));
}

/** What a namespace keeps under a key. */
export function read(links, key) {
  return links.get(key);
}

/** Keeps a text for so many seconds, beside the call. */
export function keep(links, key, text, seconds) {
  const kept = links.put(key, text, { expirationTtl: seconds });
  waitUntil(kept.catch((error) => console.error(`parrain: not cached: ${error}`)));
}

/** Whether a rate limit lets a key pass. */
export async function admits(limit, key) {
  const { success } = await limit.limit({ key });
  return success;
}

/**
 * Asks another server: status, headers and body of what it says itself, without following it
 * elsewhere. The body may be packed, so that its stated length says nothing.
 */
export async function ask(method, url, joined, body, most, patience) {
  const answer = await fetch(url, {
    method,
    headers: pairs(joined),
    body: body.length === 0 ? null : body.slice(),
    redirect: "manual",
    signal: AbortSignal.timeout(patience),
  });
  return [answer.status, headers(answer), await start(answer.body, most)];
}

/**
 * Hands an e-mail to the account's own service, and says by which code it was refused; empty: it was
 * taken. What it says beside the code may quote addresses.
 */
export async function mail(binding, message) {
  try {
    await binding.send(JSON.parse(message));
    return "";
  } catch (error) {
    return String(error?.code ?? "E_UNKNOWN");
  }
}

/** The most clicks of one message: a packed row has at most 200 bytes, a message 64 KB. */
const FULL = 100;

/** How long a click waits for others, in milliseconds. */
const WAIT = 150;

/** After so many more milliseconds the flusher is taken for dead: its request was cut off. */
const LATE = 300;

/** The most clicks that wait while the queue is down; an isolate has 128 MB for everything. */
const MOST = 20_000;

// One buffer for all requests of the isolate. It holds plain data only: each request does its own I/O.
const clicks = (globalThis.parrainClicks ??= { rows: [], due: 0 });

/** Takes a packed click; it is sent with others, by this request or by another. */
export function gather(queue, row) {
  const now = Date.now();
  if (MOST <= clicks.rows.length) {
    console.error("parrain: a click was dropped");
    return;
  }
  clicks.rows.push(row);
  if (clicks.due !== 0 && clicks.due + LATE < now) {
    clicks.due = 0;
    waitUntil(send(queue));
  } else if (clicks.rows.length % FULL === 0) {
    waitUntil(send(queue));
  } else if (clicks.due === 0) {
    clicks.due = now + WAIT;
    waitUntil(flush(queue));
  }
}

async function flush(queue) {
  await new Promise((resolve) => setTimeout(resolve, WAIT));
  clicks.due = 0;
  await send(queue);
}

/** Sends what waits. What could not be sent waits for the next click. */
async function send(queue) {
  const rows = clicks.rows.splice(0);
  try {
    while (0 < rows.length) {
      await queue.send(`[${rows.slice(0, FULL).join()}]`, { contentType: "text" });
      rows.splice(0, FULL);
    }
  } catch (error) {
    clicks.rows.unshift(...rows);
    console.error(`parrain: clicks not sent: ${error}`);
  }
}
