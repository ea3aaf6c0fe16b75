// The shape of a sound, as an SVG path. A path needs no drawing anew when the element is resized,
// zoomed, shown on a sharper display or in other colors: the browser does all that.

import { createSvg } from "./dom.js";

/** The height of the drawing, in its own units; silence is a line in its middle. */
const HEIGHT = 200;
const MIDDLE = HEIGHT / 2;
/** Half the height of the line that silence is. */
const LINE = 1;
/** Quiet recordings are drawn larger, but noise is not blown up to speech. */
const MAX_GAIN = 10;

/**
 * Returns a path around pairs of smallest and largest samples, one pair in each unit of width.
 * @param {ArrayLike<number>} peaks
 */
export function shapeOf(peaks) {
  let loudest = 1 / MAX_GAIN;
  for (let at = 0; at < peaks.length; at++) loudest = Math.max(loudest, Math.abs(peaks[at] ?? 0));
  /** @param {number} at */
  const heightAt = (at) => Math.round(((peaks[at] ?? 0) / loudest) * (MIDDLE - LINE));
  let above = "";
  let below = "";
  for (let at = 0; at < peaks.length; at += 2) {
    const x = at / 2;
    above += `L${x} ${MIDDLE - LINE - heightAt(at + 1)}`;
    below = `L${x} ${MIDDLE + LINE - heightAt(at)}${below}`;
  }
  return above && `M${above.slice(1)}${below}Z`;
}

/**
 * Returns a drawing that is `buckets` wide, of which `peaks` fill the start.
 * @type {(peaks: ArrayLike<number>, buckets: number) => Element}
 */
export const drawShape = (peaks, buckets) =>
  createSvg(`0 0 ${Math.max(1, buckets - 1)} ${HEIGHT}`, shapeOf(peaks), "shape", {
    preserveAspectRatio: "none",
  });
