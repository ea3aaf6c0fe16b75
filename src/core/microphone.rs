//! Why a browser refuses the microphone.

use crate::core::catalogue::Class;
use crate::core::error::failure::Failure;
use crate::core::text::joined;

/// What recordings are asked for, best first. Opus is made for speech; AAC is
/// what older Safari has.
pub const RECORDED_TYPES: &[&str] = &[
    "audio/webm;codecs=opus",
    "audio/ogg;codecs=opus",
    "audio/mp4;codecs=opus",
    "audio/mp4;codecs=mp4a.40.2",
    "audio/mp4",
];

/// At how many bits per second recordings are encoded: more than browsers
/// choose for speech, because pronunciation is judged by its sibilants. The
/// recording never leaves the page, so it may be large.
pub const RECORDED_BITS_PER_SECOND: u32 = 128_000;

/// How the message of a refused microphone begins.
pub const REFUSED: &str = "the microphone could not be used: ";

/// The exceptions that [`refusal`] tells apart, for `export.rs`; any other is `unsupported`.
pub const EXCEPTIONS: &[&str] = &[
    "NotAllowedError",
    "SecurityError",
    "PermissionDeniedError",
    "NotFoundError",
    "OverconstrainedError",
    "DevicesNotFoundError",
    "NotReadableError",
    "AbortError",
    "TrackStartError",
    "InvalidStateError",
];

/// The failure for the `name` of the exception that `getUserMedia` or
/// `MediaRecorder` rejected with
/// ([Media Capture and Streams, 10.2](https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia)).
pub fn refusal(exception: &str, message: &str) -> Failure {
    let reason = match exception {
        "NotAllowedError" | "SecurityError" | "PermissionDeniedError" => "denied",
        "NotFoundError" | "OverconstrainedError" | "DevicesNotFoundError" => "not_found",
        "NotReadableError" | "AbortError" | "TrackStartError" => "busy",
        "InvalidStateError" => "interrupted",
        _ => "unsupported",
    };
    Failure::client(
        Class::Microphone,
        Some(reason),
        joined(&[REFUSED, exception, ": ", message]),
    )
}

/// The failure where the means to record are missing altogether.
pub fn missing(secure_context: bool) -> Failure {
    if secure_context {
        Failure::client(
            Class::Microphone,
            Some("unsupported"),
            "this environment has no getUserMedia, MediaRecorder or AudioContext",
        )
    } else {
        Failure::client(
            Class::Microphone,
            Some("insecure_context"),
            "the page is not a secure context, so the browser hides the microphone from it",
        )
    }
}
