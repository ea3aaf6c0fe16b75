// For service workers, which import nothing on demand: what the core would fetch when it is asked for.

import * as long from "./long.js";
import * as outbox from "./outbox.js";
import { bring } from "./platform.js";
import * as references from "./references.js";
import { bringUnusual } from "./request.js";
import * as store from "./store.js";
import * as unusual from "./unusual.js";

bring({ long, outbox, references, store });
bringUnusual(unusual);
