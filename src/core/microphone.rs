//! The types and failures of recording.

use crate::core::catalogue::Class;
use crate::core::error::failure::Failure;
use crate::core::format::concat;

/// The media types for `MediaRecorder`, best first. Opus is made for speech; AAC is for older
/// versions of Safari.
pub const RECORDER_TYPES: &[&str] = &[
    "audio/webm;codecs=opus",
    "audio/ogg;codecs=opus",
    "audio/mp4;codecs=opus",
    "audio/mp4;codecs=mp4a.40.2",
    "audio/mp4",
];

/// The bit rate of recordings, in bits per second: more than browsers choose for speech, because
/// pronunciation is judged by its sibilants. The recording never leaves the page, so it may be
/// large.
pub const RECORDER_BITS_PER_SECOND: u32 = 128_000;

/// The start of the message for an exception of `getUserMedia` or `MediaRecorder`.
pub const MESSAGE_PREFIX: &str = "the microphone could not be used: ";

/// The exceptions that [`from_dom_exception`] distinguishes, for `codegen.rs`. The reason of any
/// other is `unsupported`.
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

/// Returns the failure for the `name` of the exception with which `getUserMedia` or `MediaRecorder`
/// rejected ([Media Capture and Streams,
/// 10.2](https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia)).
pub fn from_dom_exception(exception: &str, message: &str) -> Failure {
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
        concat(&[MESSAGE_PREFIX, exception, ": ", message]),
    )
}

/// Returns the failure for an environment without the recording APIs.
pub fn unsupported_environment(secure_context: bool) -> Failure {
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
