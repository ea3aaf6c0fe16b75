//! The API's errors, as one table.
//!
//! [`ERRORS`] follows the vendor's Error Reference: one row for every error response that the
//! reference distinguishes, then the failures that never reach a server. Classification, the
//! emulator, the TypeScript types and the error pages come from this table or are tested against
//! it.

use Category::{Billing, Client, Local, Network, Quota, Server};
use DetailMatch::{Any, Exact, Prefix};

/// One kind of failure: how it is recognized, its names, and what to do about it.
#[derive(Debug)]
pub struct ErrorSpec {
    /// The HTTP status. `None` if there was no response, or if the row stands for every status that
    /// no other row lists.
    pub status: Option<u16>,
    /// The vendor's own string for the status, as the reference prints it.
    pub api_code: Option<&'static str>,
    /// The condition on the `detail` string of the body.
    pub detail: DetailMatch,
    /// The exact `detail` text of the server, for rows that have one. If the reference gives only a
    /// prefix, an example that starts with it.
    pub example: Option<&'static str>,
    /// The JavaScript error class.
    pub class: Class,
    /// The literal `code` of the JavaScript error.
    pub code: &'static str,
    /// The literal `reason`, which distinguishes the rows of one class.
    pub reason: Option<&'static str>,
    /// The party that has to act.
    pub category: Category,
    /// Whether the SDK may send the same request again by itself.
    pub retryable: bool,
    /// The root cause, for developers.
    pub cause: &'static str,
    /// Advice for the developer.
    pub fix: &'static str,
    /// A page that helps, if there is one.
    pub help_url: Option<&'static str>,
    /// A sentence for the user of the page.
    pub user_message: UserMessage,
}

/// How a row's `detail` string is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DetailMatch {
    /// The whole string, except for surrounding white space.
    Exact(&'static str),
    /// The start of the string.
    Prefix(&'static str),
    /// Any string: the row that remains if no other matches.
    Any,
}

/// A sentence for the user, in the languages of [`crate::core::error::failure::Locale`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserMessage {
    /// English.
    pub en: &'static str,
    /// Korean.
    pub ko: &'static str,
}

/// The party that has to act on a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// The request was wrong.
    Client,
    /// The account has to be paid for or upgraded.
    Billing,
    /// Too many requests for now.
    Quota,
    /// The server, or a gateway in front of it, failed.
    Server,
    /// There was no response.
    Network,
    /// The failure happened on this device, before or without a request.
    Local,
}

impl Category {
    /// The literal of the JavaScript field `category`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Client => "client",
            Billing => "billing",
            Quota => "quota",
            Server => "server",
            Network => "network",
            Local => "local",
        }
    }
}

macro_rules! classes {
    ($($(#[$doc:meta])* $variant:ident => $name:literal extends $parent:literal,)*) => {
        /// The JavaScript error classes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Class {
            $($(#[$doc])* $variant,)*
        }

        impl Class {
            /// Every class, in the order of the contract.
            pub const ALL: &[Class] = &[$(Class::$variant,)*];

            /// The name under which the package exports the class.
            pub const fn name(self) -> &'static str {
                match self { $(Class::$variant => $name,)* }
            }

            /// The class that it extends.
            pub const fn parent(self) -> &'static str {
                match self { $(Class::$variant => $parent,)* }
            }
        }
    };
}

classes! {
    /// Any other 400.
    BadRequest => "BadRequestError" extends "ThetaOneError",
    /// `options` is not JSON, or not what the endpoint takes.
    InvalidOptions => "InvalidOptionsError" extends "BadRequestError",
    /// `gold_text` is missing.
    MissingGoldText => "MissingGoldTextError" extends "BadRequestError",
    /// The reference is not what `/analyze-native` returned.
    InvalidNativeSpeechComponents => "InvalidNativeSpeechComponentsError" extends "BadRequestError",
    /// The speaker left words out.
    NotAllWordsSpoken => "NotAllWordsSpokenError" extends "BadRequestError",
    /// The audio is missing, empty or cannot be decoded.
    InvalidAudio => "InvalidAudioError" extends "BadRequestError",
    /// 401.
    Authentication => "AuthenticationError" extends "ThetaOneError",
    /// 402.
    PaymentRequired => "PaymentRequiredError" extends "ThetaOneError",
    /// 413.
    PayloadTooLarge => "PayloadTooLargeError" extends "ThetaOneError",
    /// 429.
    RateLimit => "RateLimitError" extends "ThetaOneError",
    /// 500, 502, 503, 504.
    Server => "ServerError" extends "ThetaOneError",
    /// Any status that the reference does not list.
    UnexpectedStatus => "UnexpectedStatusError" extends "ThetaOneError",
    /// A 200 without the JSON that the endpoint returns.
    InvalidResponse => "InvalidResponseError" extends "ThetaOneError",
    /// There was no response: the server could not be reached.
    Connection => "ConnectionError" extends "ThetaOneError",
    /// There was no response in time.
    Timeout => "TimeoutError" extends "ThetaOneError",
    /// The caller aborted the call.
    Aborted => "AbortedError" extends "ThetaOneError",
    /// The microphone cannot be used.
    Microphone => "MicrophoneError" extends "ThetaOneError",
    /// A recording or reference cannot be stored on this device.
    Storage => "StorageError" extends "ThetaOneError",
    /// The SDK was used incorrectly.
    Configuration => "ConfigurationError" extends "ThetaOneError",
    /// The wasm part of the SDK could not be loaded.
    WasmLoad => "WasmLoadError" extends "ThetaOneError",
}

/// The page on which the vendor takes payment.
pub const BILLING_URL: &str = "https://console.thetaone.co/billing";
/// The address of the vendor's API.
pub const API_URL: &str = "https://stt.thetaone-ai.com";

const RECORD_AGAIN: UserMessage = UserMessage {
    en: "We could not use that recording. Please record it again.",
    ko: "이 녹음은 사용할 수 없어요. 다시 녹음해 주세요.",
};
const NOT_YOUR_FAULT: UserMessage = UserMessage {
    en: "Something is wrong with the app, not with you. Please tell your teacher or the app's \
         support.",
    ko: "앱에 문제가 생겼어요. 잘못 눌러서 생긴 문제는 아니니 걱정하지 마세요. 선생님이나 고객센터에 알려 주세요.",
};
const UNAVAILABLE: UserMessage = UserMessage {
    en: "The speech service is not available right now. Please tell your teacher or the app's \
         support.",
    ko: "지금은 음성 서비스를 이용할 수 없어요. 선생님이나 고객센터에 알려 주세요.",
};
const SERVER_BUSY: UserMessage = UserMessage {
    en: "The speech service has a problem right now. Please try again in a little while.",
    ko: "지금 음성 서비스에 문제가 있어요. 잠시 뒤에 다시 시도해 주세요.",
};
const TOO_LONG: UserMessage = UserMessage {
    en: "That recording is too long. Please make a shorter one.",
    ko: "녹음이 너무 길어요. 더 짧게 녹음해 주세요.",
};
const TOOK_TOO_LONG: UserMessage = UserMessage {
    en: "It is taking too long. Please check your connection and try again.",
    ko: "시간이 너무 오래 걸려요. 인터넷 연결을 확인하고 다시 시도해 주세요.",
};
const NO_CONNECTION: UserMessage = UserMessage {
    en: "We cannot reach the speech service. Please check your internet connection and try again.",
    ko: "음성 서비스에 연결할 수 없어요. 인터넷 연결을 확인하고 다시 시도해 주세요.",
};
#[cfg(not(target_arch = "wasm32"))]
const CANNOT_RECORD: UserMessage = UserMessage {
    en: "This browser cannot record. Please open the page in an up-to-date Chrome or Safari.",
    ko: "이 브라우저에서는 녹음할 수 없어요. 크롬(Chrome)이나 사파리(Safari) 최신 버전에서 열어 주세요.",
};

/// The defaults of a row, so that each row shows only its own values.
const BASE: ErrorSpec = ErrorSpec {
    status: None,
    api_code: None,
    detail: Any,
    example: None,
    class: Class::UnexpectedStatus,
    code: "",
    reason: None,
    category: Local,
    retryable: false,
    cause: "",
    fix: "",
    help_url: None,
    user_message: NOT_YOUR_FAULT,
};

const BAD_REQUEST: ErrorSpec = ErrorSpec {
    status: Some(400),
    api_code: Some("Bad Request"),
    class: Class::BadRequest,
    code: "BAD_REQUEST",
    category: Client,
    ..BASE
};
const INVALID_AUDIO: ErrorSpec = ErrorSpec {
    class: Class::InvalidAudio,
    code: "INVALID_AUDIO",
    user_message: RECORD_AGAIN,
    ..BAD_REQUEST
};
const UNAUTHORIZED: ErrorSpec = ErrorSpec {
    status: Some(401),
    api_code: Some("Unauthorized"),
    class: Class::Authentication,
    code: "UNAUTHORIZED",
    category: Client,
    user_message: UNAVAILABLE,
    ..BASE
};
const PAYMENT_REQUIRED: ErrorSpec = ErrorSpec {
    status: Some(402),
    api_code: Some("PAYMENT_REQUIRED"),
    class: Class::PaymentRequired,
    code: "PAYMENT_REQUIRED",
    category: Billing,
    help_url: Some(BILLING_URL),
    user_message: UNAVAILABLE,
    ..BASE
};
const SERVER: ErrorSpec = ErrorSpec {
    class: Class::Server,
    category: Server,
    retryable: true,
    user_message: SERVER_BUSY,
    ..BASE
};
const CONNECTION: ErrorSpec = ErrorSpec {
    class: Class::Connection,
    code: "CONNECTION_FAILED",
    category: Network,
    retryable: true,
    user_message: NO_CONNECTION,
    ..BASE
};
const TIMEOUT: ErrorSpec = ErrorSpec {
    class: Class::Timeout,
    code: "TIMEOUT",
    category: Network,
    user_message: TOOK_TOO_LONG,
    ..BASE
};
const STORAGE: ErrorSpec = ErrorSpec {
    class: Class::Storage,
    code: "STORAGE",
    ..BASE
};
/// Only JavaScript creates these errors; see `codegen.rs`.
#[cfg(not(target_arch = "wasm32"))]
const MICROPHONE: ErrorSpec = ErrorSpec {
    class: Class::Microphone,
    code: "MICROPHONE",
    ..BASE
};

/// Returns a row for audio that is rejected before it is sent: the server says `Invalid audio
/// format` to all of these.
const fn unsent_audio(reason: &'static str, cause: &'static str, fix: &'static str) -> ErrorSpec {
    ErrorSpec {
        status: None,
        api_code: None,
        reason: Some(reason),
        cause,
        fix,
        ..INVALID_AUDIO
    }
}

/// All failures, most specific first within a status.
#[rustfmt::skip]
pub static ERRORS: &[ErrorSpec] = &[
    // 400 ------------------------------------------------------------------
    ErrorSpec {
        detail: Prefix("Invalid options format"),
        example: Some("Invalid options format. Must be a valid JSON string."),
        class: Class::InvalidOptions,
        code: "INVALID_OPTIONS",
        reason: Some("malformed_json"),
        cause: "`options` or `transcribe_options` was not valid JSON",
        fix: "Send the options as a JSON string in the form field. If a proxy stands in between, \
              check that it forwards the multipart body untouched.",
        ..BAD_REQUEST
    },
    ErrorSpec {
        detail: Prefix("Invalid options:"),
        example: Some("Invalid options: language must be one of 'ko', 'en'"),
        class: Class::InvalidOptions,
        code: "INVALID_OPTIONS",
        reason: Some("schema"),
        cause: "the options were valid JSON that failed the server's schema",
        fix: "Check the names and the types of the options against what the endpoint takes.",
        ..BAD_REQUEST
    },
    ErrorSpec {
        detail: Exact("gold_text is required"),
        example: Some("gold_text is required"),
        class: Class::MissingGoldText,
        code: "MISSING_GOLD_TEXT",
        cause: "`options` held no `gold_text`",
        fix: "Pass the sentence that the speaker is to say as `gold_text`.",
        ..BAD_REQUEST
    },
    ErrorSpec {
        detail: Prefix("Invalid native_speech_components_json format"),
        example: Some("Invalid native_speech_components_json format. Must be a valid JSON string."),
        class: Class::InvalidNativeSpeechComponents,
        code: "INVALID_NATIVE_SPEECH_COMPONENTS",
        reason: Some("malformed_json"),
        cause: "`native_speech_components_json` was not valid JSON",
        fix: "Pass the `speech_components` array of analyzeNative, or its JSON string.",
        ..BAD_REQUEST
    },
    ErrorSpec {
        detail: Exact("Invalid native_speech_components format"),
        example: Some("Invalid native_speech_components format"),
        class: Class::InvalidNativeSpeechComponents,
        code: "INVALID_NATIVE_SPEECH_COMPONENTS",
        reason: Some("schema"),
        cause: "the reference was valid JSON, but not an array of words and pauses",
        fix: "Send exactly the `speech_components` that analyzeNative returned: no field dropped, \
              renamed or rounded.",
        ..BAD_REQUEST
    },
    ErrorSpec {
        detail: Exact("Not all words are spoken."),
        example: Some("Not all words are spoken."),
        class: Class::NotAllWordsSpoken,
        code: "NOT_ALL_WORDS_SPOKEN",
        cause: "the recording does not cover every word of `gold_text` (NotAllWordsSpokenError)",
        fix: "Ask the speaker to record the full sentence again; never send the same take again \
              silently.",
        user_message: UserMessage {
            en: "Some words were missing. Please read the whole sentence once more.",
            ko: "빠진 단어가 있어요. 문장 전체를 다시 한번 읽어 주세요.",
        },
        ..BAD_REQUEST
    },
    ErrorSpec {
        detail: Exact("Invalid audio format"),
        example: Some("Invalid audio format"),
        cause: "the server found no file, an empty one, or one that it could not decode",
        fix: "Send a real WAV or MP3 file; prepare() makes one from any recording that the \
              browser can decode.",
        ..INVALID_AUDIO
    },
    unsent_audio("empty", "the audio has no bytes, or no samples",
        "Check that the recording was stopped before it was read, and that the file input was \
         filled."),
    unsent_audio("undecodable", "neither the SDK nor this browser can decode the bytes",
        "Pass a WAV, an MP3, or a recording that this browser can play; the name and type of a \
         file do not matter, its bytes do."),
    unsent_audio("unsupported_codec",
        "the format or the coding of the file is known, but the API may not decode it, and \
         neither can this browser, worker or Node",
        "Convert the file to 16-bit PCM WAV or to an ordinary MP3."),
    unsent_audio("truncated", "the file ends before its audio begins",
        "Read the file whole before passing it on; if it was downloaded, download it again."),
    ErrorSpec {
        user_message: UserMessage {
            en: "We heard nothing. Please check your microphone and speak up.",
            ko: "목소리가 들리지 않았어요. 마이크를 확인하고 조금 더 크게 말해 주세요.",
        },
        ..unsent_audio("silent", "the recording holds no speech",
            "Show the speaker a level meter; check that the right microphone is chosen and not \
             muted.")
    },
    ErrorSpec {
        cause: "the server refused the request for a reason that the reference does not list",
        fix: "Read `detail`: it holds what the server said.",
        ..BAD_REQUEST
    },
    // 401 ------------------------------------------------------------------
    ErrorSpec {
        detail: Exact("Invalid API key"),
        example: Some("Invalid API key"),
        reason: Some("invalid_key"),
        cause: "the `x-api-key` header is missing or malformed, lacks the `sk-theta-` prefix, or \
                names an unknown key",
        fix: "Check that your proxy adds the header `x-api-key` with a key that starts with \
              `sk-theta-`.",
        ..UNAUTHORIZED
    },
    ErrorSpec {
        detail: Prefix("API key is not active"),
        example: Some("API key is not active, please check your API key status"),
        reason: Some("inactive_key"),
        cause: "the key was deactivated, or is past its Expires At",
        fix: "Activate the key in the vendor's console, or put a new one into your proxy.",
        ..UNAUTHORIZED
    },
    ErrorSpec {
        reason: Some("unknown"),
        cause: "the request was not authorised, for a reason that the reference does not list",
        fix: "Read `detail`; it may come from your own proxy, whose session may have ended.",
        user_message: UserMessage {
            en: "Please sign in again. If that does not help, tell your teacher or the app's \
                 support.",
            ko: "다시 로그인해 주세요. 그래도 안 되면 선생님이나 고객센터에 알려 주세요.",
        },
        ..UNAUTHORIZED
    },
    // 402 ------------------------------------------------------------------
    ErrorSpec {
        detail: Prefix("Insufficient credits"),
        example: Some("Insufficient credits, please check your credit balance"),
        reason: Some("insufficient_credits"),
        cause: "the prepaid balance is zero, or this request would take it below zero",
        fix: "Buy credits on the billing page.",
        ..PAYMENT_REQUIRED
    },
    ErrorSpec {
        detail: Prefix("This feature requires a Starter plan"),
        example: Some("This feature requires a Starter plan or higher. Please upgrade your plan."),
        reason: Some("plan_required"),
        cause: "a pronunciation endpoint was called from a Free account; they are open to \
                starter, pro and enterprise",
        fix: "Upgrade the plan on the billing page.",
        ..PAYMENT_REQUIRED
    },
    ErrorSpec {
        reason: Some("unknown"),
        cause: "payment is required, for a reason that the reference does not list",
        fix: "Read `detail`, and look at the billing page.",
        ..PAYMENT_REQUIRED
    },
    // 413 ------------------------------------------------------------------
    ErrorSpec {
        status: Some(413),
        class: Class::PayloadTooLarge,
        code: "PAYLOAD_TOO_LARGE",
        category: Client,
        cause: "the upload is larger than the server, or a gateway in front of it, takes (a few \
                tens of MB)",
        fix: "Send a shorter recording, or split it; check the body limit of your own proxy too.",
        user_message: TOO_LONG,
        ..BASE
    },
    // 429 ------------------------------------------------------------------
    ErrorSpec {
        status: Some(429),
        api_code: Some("RATE_LIMIT_EXCEEDED"),
        example: Some("Rate limit exceeded. Please try again later."),
        class: Class::RateLimit,
        code: "RATE_LIMIT_EXCEEDED",
        category: Quota,
        retryable: true,
        cause: "the key's requests per minute were exceeded (Free 30, Starter 100, Pro 500)",
        fix: "Set `requestsPerMinute` so that calls wait their turn, or move to a larger plan.",
        user_message: UserMessage {
            en: "Many people are using this right now. Please try again in a few seconds.",
            ko: "지금 이용하는 사람이 많아요. 몇 초 뒤에 다시 시도해 주세요.",
        },
        ..BASE
    },
    // 5xx ------------------------------------------------------------------
    ErrorSpec {
        status: Some(500),
        api_code: Some("INTERNAL_SERVER_ERROR"),
        example: Some("Internal server error"),
        code: "INTERNAL_SERVER_ERROR",
        cause: "the server failed unexpectedly",
        fix: "If it persists, send supportReport() to support@thetaone.co.",
        ..SERVER
    },
    ErrorSpec {
        status: Some(502),
        code: "BAD_GATEWAY",
        cause: "a gateway got no usable answer from the server behind it",
        fix: "Usually passes by itself; if it persists, check your own proxy first.",
        ..SERVER
    },
    ErrorSpec {
        status: Some(503),
        code: "SERVICE_UNAVAILABLE",
        cause: "the service, or a gateway in front of it, takes no requests at the moment",
        fix: "Usually passes by itself; if it persists, check your own proxy first.",
        ..SERVER
    },
    ErrorSpec {
        status: Some(504),
        code: "GATEWAY_TIMEOUT",
        cause: "upload and processing together outlasted the server's request timeout (60 s)",
        fix: "Send shorter audio, or check the uplink's throughput.",
        user_message: UserMessage {
            en: "It is taking too long. Please try again with a shorter recording.",
            ko: "시간이 너무 오래 걸려요. 더 짧게 녹음해서 다시 시도해 주세요.",
        },
        ..SERVER
    },
    // Any other response -------------------------------------------------------
    UNEXPECTED_STATUS,
    ErrorSpec {
        // The status that a browser reports for a redirect that is not followed.
        status: Some(0),
        cause: "the server redirects to where a recording is not sent: another origin, or \
                anywhere with a key",
        fix: "Set `baseUrl` to where the redirect leads.",
        ..UNEXPECTED_STATUS
    },
    ErrorSpec {
        status: Some(200),
        class: Class::InvalidResponse,
        code: "INVALID_RESPONSE",
        category: Server,
        cause: "the answer says 200, but its body is not the JSON object that the endpoint \
                promises",
        fix: "Check that `baseUrl` names the API or your proxy, not a page of your app; read \
              `detail`.",
        ..BASE
    },
    ErrorSpec {
        status: Some(200),
        class: Class::InvalidResponse,
        code: "INVALID_RESPONSE",
        reason: Some("incomplete"),
        category: Network,
        cause: "the connection broke while the result came; the work was done, and billed",
        fix: "Send it again only when the speaker asks for it.",
        user_message: NO_CONNECTION,
        ..BASE
    },
    // No response --------------------------------------------------------------
    ErrorSpec {
        reason: Some("offline"),
        cause: "the browser says that the device is offline",
        fix: "Keep the take and send it again when the device is online.",
        user_message: UserMessage {
            en: "You are offline. Please check your internet connection and try again.",
            ko: "인터넷에 연결되어 있지 않아요. 연결을 확인하고 다시 시도해 주세요.",
        },
        ..CONNECTION
    },
    ErrorSpec {
        reason: Some("unreachable"),
        cause: "the connection failed: DNS, TLS, CORS, a blocked request, or a server that hung \
                up (a browser does not say which)",
        fix: "Look into the browser's network panel; for a CORS error call your own proxy on the \
              page's origin.",
        ..CONNECTION
    },
    ErrorSpec {
        reason: Some("attempt"),
        cause: "one attempt took longer than `attemptTimeoutMs`",
        fix: "Send shorter audio or allow more time. It is not retried unless `retry.timeouts` is \
              set: the server may have done, and billed, the work.",
        ..TIMEOUT
    },
    ErrorSpec {
        reason: Some("stall"),
        cause: "no byte went up for `uploadStallMs`",
        fix: "Let the speaker try again where the connection is better: the take is not lost.",
        ..TIMEOUT
    },
    ErrorSpec {
        reason: Some("deadline"),
        cause: "the whole call, waiting included, took longer than `deadlineMs`",
        fix: "Allow more time, or let the speaker try again: the take is not lost.",
        ..TIMEOUT
    },
    ErrorSpec {
        class: Class::Aborted,
        code: "ABORTED",
        cause: "the caller's signal was aborted, or the client was disposed of while the call ran",
        fix: "Nothing to do: this is what was asked for. `cause` holds the signal's reason.",
        user_message: UserMessage { en: "Cancelled.", ko: "취소되었어요." },
        ..BASE
    },
    ErrorSpec {
        class: Class::Aborted,
        code: "ABORTED",
        reason: Some("timeout"),
        cause: "the caller's signal timed out, as `AbortSignal.timeout()` does",
        fix: "Give the signal more time. `cause` holds its reason.",
        user_message: TOOK_TOO_LONG,
        ..BASE
    },
    // On this device -----------------------------------------------------------
    #[cfg(not(target_arch = "wasm32"))]
    ErrorSpec {
        reason: Some("denied"),
        cause: "the user, the browser or a permissions policy refused the microphone",
        fix: "Explain why the microphone is needed and how to allow it; in an iframe, set \
              allow=\"microphone\".",
        user_message: UserMessage {
            en: "Please allow the microphone for this page and try again.",
            ko: "이 페이지의 마이크 사용을 허용한 뒤 다시 시도해 주세요.",
        },
        ..MICROPHONE
    },
    #[cfg(not(target_arch = "wasm32"))]
    ErrorSpec {
        reason: Some("not_found"),
        cause: "there is no microphone, or none that fits `deviceId`",
        fix: "Ask the speaker to connect a microphone, or drop `deviceId`.",
        user_message: UserMessage {
            en: "We found no microphone. Please connect one and try again.",
            ko: "마이크를 찾을 수 없어요. 마이크를 연결하고 다시 시도해 주세요.",
        },
        ..MICROPHONE
    },
    #[cfg(not(target_arch = "wasm32"))]
    ErrorSpec {
        reason: Some("busy"),
        cause: "the microphone could not be started: this page is recording already, or another \
                program may hold it",
        fix: "Disable the button while a recording runs; ask the speaker to close other programs \
              that use the microphone.",
        user_message: UserMessage {
            en: "The microphone is in use already. Please end the other recording, or close other \
                 apps, and try again.",
            ko: "마이크를 이미 사용하고 있어요. 다른 녹음을 끝내거나 다른 앱을 닫고 다시 시도해 주세요.",
        },
        ..MICROPHONE
    },
    #[cfg(not(target_arch = "wasm32"))]
    ErrorSpec {
        reason: Some("insecure_context"),
        cause: "browsers give the microphone only to pages served over https or from localhost",
        fix: "Serve the page over https.",
        user_message: NOT_YOUR_FAULT,
        ..MICROPHONE
    },
    #[cfg(not(target_arch = "wasm32"))]
    ErrorSpec {
        reason: Some("unsupported"),
        cause: "this environment has no getUserMedia or no MediaRecorder (a worker, Node, an old \
                browser)",
        fix: "Record in a window of a current browser; elsewhere pass recorded audio.",
        user_message: CANNOT_RECORD,
        ..MICROPHONE
    },
    #[cfg(not(target_arch = "wasm32"))]
    ErrorSpec {
        reason: Some("interrupted"),
        cause: "the recording ended before anything usable was captured: the device was unplugged \
                or taken away",
        fix: "Let the speaker record again.",
        user_message: UserMessage {
            en: "The recording was interrupted. Please record it again.",
            ko: "녹음이 중단되었어요. 다시 녹음해 주세요.",
        },
        ..MICROPHONE
    },
    ErrorSpec {
        reason: Some("quota"),
        cause: "the browser's storage, or the part of it that this site may use, is full",
        fix: "Free some: resume() or discard() what outbox.list() shows, or lower `maxBytes`.",
        user_message: UserMessage {
            en: "This device has no space left to keep your recordings. Please free some space \
                 and try again.",
            ko: "기기에 녹음을 보관할 공간이 부족해요. 저장 공간을 비운 뒤 다시 시도해 주세요.",
        },
        ..STORAGE
    },
    ErrorSpec {
        reason: Some("unavailable"),
        cause: "IndexedDB is missing, refused or broken here (Node, some private windows, blocked \
                site data)",
        fix: "Nothing can be kept here; calls work all the same. Read `cause`.",
        user_message: UserMessage {
            en: "This browser cannot keep recordings. A private window may be the reason.",
            ko: "이 브라우저에서는 녹음을 보관할 수 없어요. 시크릿 모드인지 확인해 주세요.",
        },
        ..STORAGE
    },
    ErrorSpec {
        class: Class::Configuration,
        code: "CONFIGURATION",
        cause: "the SDK was used wrongly",
        fix: "Read `message`: it names the option and what was expected.",
        ..BASE
    },
    ErrorSpec {
        class: Class::WasmLoad,
        code: "WASM_LOAD_FAILED",
        cause: "the wasm part of the SDK could not be loaded or started",
        fix: "Allow it in the page's Content-Security-Policy: script-src 'self' \
              'wasm-unsafe-eval'. Check that every file of the package is served.",
        user_message: UserMessage {
            en: "The app could not be loaded completely. Please check your connection and try \
                 again; if that does not help, reload the page.",
            ko: "앱을 모두 불러오지 못했어요. 인터넷 연결을 확인하고 다시 시도해 주세요. 계속 안 되면 페이지를 새로고침해 주세요.",
        },
        ..BASE
    },
];

/// Returns the row of `class` with this `reason`, or else the first row of the class. Total,
/// because a lookup that fails would have to panic in the page.
pub fn lookup(class: Class, reason: Option<&str>) -> &'static ErrorSpec {
    let of_class = || ERRORS.iter().filter(move |spec| spec.class == class);
    of_class()
        .find(|spec| spec.reason == reason)
        .or_else(|| of_class().next())
        .unwrap_or(const { &UNEXPECTED_STATUS })
}

const UNEXPECTED_STATUS: ErrorSpec = ErrorSpec {
    code: "UNEXPECTED_STATUS",
    category: Server,
    cause: "the reference does not list this status; it may come from a proxy or gateway",
    fix: "Read `status` and `detail`; check `baseUrl` and the proxy behind it. It is not retried, \
          so that nothing is billed twice.",
    ..BASE
};
