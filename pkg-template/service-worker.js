// For service workers, which import nothing on demand: what the core would fetch when it is asked for.

import * as long from "./transcribe-long/index.js";
import * as outbox from "./outbox/index.js";
import { bring } from "./loading/lazy-features.js";
import * as references from "./references/index.js";
import { bringUnusual } from "./upload/fetch.js";
import * as store from "./storage/indexed-db.js";
import * as unusual from "./upload/fetch-fallbacks.js";

bring({ long, outbox, references, store });
bringUnusual(unusual);
