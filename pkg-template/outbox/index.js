// The outbox: a recording is kept before it is sent, and until its result is there. entry.js sees to one recording;
// here is what lies there. What stays, and for how long, is decided in the core.

import { Failure } from "../result/failure.js";
import { isBlob } from "../client/untrusted-values.js";
import { claims } from "../storage/web-locks.js";
import { notice } from "../storage/storage-events.js";
import { earlierIds } from "./dedupe.js";
import { Keeping } from "./entry.js";
import { entryOf, listed } from "./record.js";
import { found } from "./find-record.js";
import { OUTBOX, clear as clearStore, write } from "../storage/indexed-db.js";

/** Removes what is past its time when a client is made: it must go even where nobody looks into the outbox again. */
export function open(core) {
  const sweeping = claims().then((isClaimed) => sweep(core, isClaimed));
  // Whoever keeps or lists something is told what is wrong.
  sweeping.catch(() => {});
}

/** Calls an endpoint by way of the outbox. */
export function send(core, audio, method, contents, request) {
  const keeping = new Keeping(core, method);
  const kept = async (how) => {
    const made = await contents(how);
    const source = core.audio.blobOf(audio) ?? audio;
    // Of bytes that are no blob nothing was kept: they may be others by now.
    await keeping.keep(made, earlierIds(isBlob(source) ? source : made.blob, method, made.fields));
    return made;
  };
  return keeping.settle(core.send(method, kept, request));
}

/** Sends what was kept: the same bytes, the same text. */
export async function resume(core, id, request) {
  const { keeping, contents } = await Keeping.ofStored(core, checked(core, id));
  const again = async () => {
    keeping.countAttempt();
    return contents;
  };
  return keeping.settle(core.send(keeping.method, again, request));
}

/** What lies in the outbox, oldest first. */
export async function list(core) {
  refuseWhenOff(core);
  const isClaimed = await claims();
  const entries = core.oldestFirst(await sweep(core, isClaimed));
  return entries.map((entry) => listed(core, entry)).filter(Boolean);
}

/** The audio of a recording; `undefined` where there is none with this id. */
export async function get(core, id) {
  return (await found(core, checked(core, id)))?.audio;
}

/** Removes a recording, if it is there. */
export async function discard(core, id) {
  const known = checked(core, id);
  await write(OUTBOX, (records) => records.delete(known));
}

/** Removes everything, even where the outbox is off by now. */
export const clear = () => clearStore(OUTBOX);

/** Removes what is past its time; gives the rest. */
async function sweep(core, isClaimed) {
  const { gone, staying } = await write(OUTBOX, async (records) => {
    const entries = (await records.all()).map((record) => entryOf(record, isClaimed));
    const gone = core.expired(entries);
    for (const id of gone) await records.delete(id);
    return { gone, staying: entries.filter(({ id }) => !gone.includes(id)) };
  });
  for (const id of gone) notice(core, "outbox", "expired", id);
  return staying;
}

function checked(core, id) {
  refuseWhenOff(core);
  if (typeof id === "string") return id;
  throw new Failure("ConfigurationError", undefined, "id must be a string, as list() gives it");
}

function refuseWhenOff(core) {
  if (core.hasOutbox) return;
  const problem = "options.outbox is off; set it to true to keep unsent recordings";
  throw new Failure("ConfigurationError", undefined, problem);
}
