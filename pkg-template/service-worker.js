// thetaone-web/service-worker: imports the modules that other environments import on demand,
// because service workers cannot.

import * as outbox from "./outbox/index.js";
import { provideFeatures } from "./loading/lazy-features.js";
import * as peaks from "./prepare/peaks.js";
import * as references from "./references/index.js";
import * as storage from "./storage/indexed-db.js";
import * as transcribeLong from "./transcribe-long/index.js";
import { provideFetchFallbacks } from "./upload/fetch.js";
import * as fetchFallbacks from "./upload/fetch-fallbacks.js";

provideFeatures({ outbox, peaks, references, storage, transcribeLong });
provideFetchFallbacks(fetchFallbacks);
