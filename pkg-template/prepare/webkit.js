// Defects of WebKit that decide how a file is decoded.

/** The largest file that Safari decodes at once if it can, in bytes: some ten minutes. */
const MAX_SAFARI_WHOLE_BYTES = 4 * 1024 * 1024;

/**
 * Returns true in WebKit. Only errors of JavaScriptCore have a property `line`. In workers, WebKit
 * has no better mark: `navigator.vendor` exists in windows only.
 */
const isWebKit = () => "line" in new Error();

/**
 * Returns true if the AudioDecoder of this browser must not be used: in WebKitGTK and WPE. The one
 * of version 2.50.6 claims to support every codec. It crashes the page, or hangs, with every codec
 * that has a header, and a page that has crashed can test nothing.
 */
export const isAudioDecoderBroken = () => isWebKit() && !/^(Mac|iP)/.test(navigator.platform);

/**
 * Returns true if a file of this size is decoded without the AudioDecoder, if possible. In Safari
 * 26, AudioData has crashed, too (https://bugs.webkit.org/show_bug.cgi?id=302521).
 * @param {number} totalBytes
 */
export const isAudioDecoderAvoided = (totalBytes) =>
  isWebKit() && totalBytes <= MAX_SAFARI_WHOLE_BYTES;
