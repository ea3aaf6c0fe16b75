// A defect of WebKitGTK's MediaRecorder.

/**
 * Returns true in WebKitGTK and WPE. Their MediaRecorder (2.50.6) writes one fragment of MP4 a
 * second, and loses the last one after 10 of 30 stops. Only errors of JavaScriptCore have a
 * property `line`.
 */
export const isRecorderLossy = () => "line" in new Error() && !/^(Mac|iP)/.test(navigator.platform);
