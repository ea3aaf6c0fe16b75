// Plays takes. Loaded on demand, with the first take of an element.

export { Player } from "./player.js";
export { openSound } from "./sound.js";
