// Loaded with the first take of an element: before, there is nothing to play.

export { Player } from "./player.js";
export { openSound } from "./sound.js";
